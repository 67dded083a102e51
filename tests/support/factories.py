"""Rows for tests: `make_x` makes one, `create_x` also adds it to the database. Columns that are not given
have default values.

Tickets in a certain state are made by the use cases instead (`use_case_desk`, `scenarios`).
"""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any, TypeVar
from unicodedata import normalize
from uuid import uuid4

from sqlalchemy.orm import Session

from bot.catalogue_search.entries import Entry, EntryKind
from bot.catalogue_search.ranking import Match
from models.article import Article
from models.base import Base, LocalizedText
from models.catalogue import Group, Service, Site, Team
from models.details import EventDetails
from models.lifecycle import Action, Agreement, Impact, Kind, Status, Urgency
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.person import Person
from models.tickets.attachment import Attachment, AttachmentState
from models.tickets.clocks import clock
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.outage import Outage
from models.tickets.ticket import RUNNING, Ticket
from tests.support.service_levels import ALWAYS

KEPT_BY_CLOCK = {"due_at", "clock_since", "time_used", "taken_due_at", "responded_at", "remind_at"}
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

Row = TypeVar("Row", bound=Base)
_numbers = count(1)


def both(text: str) -> LocalizedText:
    """The same text in both languages."""
    return LocalizedText(text, text)


def stored(column: Any, value: Any) -> Any:
    """The JSON that a column such as `Event.details` stores for a value."""
    return column.type.process_bind_param(value, None)


def loaded(column: Any, json: Any) -> Any:
    """The value that a column reads from this JSON."""
    return column.type.process_result_value(json, None)


# -- the catalogue -------------------------------------------------------------------------------------------


def make_site(site_id: str = "iut", **more: Any) -> Site:
    return Site(**{"id": site_id, "name": both(site_id.capitalize()), "position": 0, **more})


def make_team(team_id: str = "assistance", **more: Any) -> Team:
    given = {"name": both(team_id.capitalize()), "channel": f"#dnum-{team_id}", "phrases": [], "position": 0}
    return Team(**{"id": team_id, **given, **more})


def make_group(group_id: str = "tout", **more: Any) -> Group:
    words = both(group_id.capitalize())
    given = {"name": words, "description": words, "position": 0, "search_text": group_id}
    return Group(**{"id": group_id, **given, **more})


def make_service(service_id: str = "imprimante", **more: Any) -> Service:
    """A service that can be requested and reported, by default in the group and team of a small desk."""
    words = both(service_id.capitalize())
    given = {"group_id": "tout", "team_id": "assistance", "name": words, "description": words}
    offers = {"offers_request": True, "offers_incident": True, "position": 0, "search_text": service_id}
    return Service(**{"id": service_id, **given, **offers, **more})


def make_article(article_id: str = "wifi", **more: Any) -> Article:
    """An article of the service "imprimante"."""
    given = {"title": both(article_id.capitalize()), "body": both("1. Redémarrez."), "owner": "Assistance"}
    rest = {"services": ["imprimante"], "review_on": date(2027, 6, 1), "position": 0}
    return Article(**{"id": article_id, **given, **rest, **more})


def make_match(kind: str, entry_id: str) -> Match:
    """A service or an article that a search found."""
    entry = Entry(EntryKind(kind), entry_id, both(entry_id), [])
    return Match(entry, score=1.0, phrase="", likeness=1.0, words=[])


# -- people and tickets --------------------------------------------------------------------------------------


def make_person(name: str = "Camille", **more: Any) -> Person:
    """A person of the workspace; the Slack id is derived from the first name."""
    first = normalize("NFD", name.partition(" ")[0]).encode("ascii", "ignore").decode()
    given = {"slack_id": f"U0{first.upper()}", "team_id": "T0UNIV", "email": f"{first.lower()}@univ.example"}
    return Person(**{"name": name, "profile_read_at": NOW, **given, **more})


def make_ticket(**more: Any) -> Ticket:
    """A new incident of low priority, whose working time runs day and night. `impact` and `urgency` are the
    declared ones by default."""
    given: dict[str, Any] = {
        "kind": Kind.INCIDENT,
        "title": "Imprimante en panne",
        "description": "",
        "status": Status.NEW,
        "answers": [],
        "agreement": Agreement.NOT_NEEDED,
        "declared_impact": Impact.PERSON,
        "declared_urgency": Urgency.HIGH,
        "opened_at": NOW,
        "submission": str(uuid4()),
        **more,
    }
    impact, urgency = given.pop("impact", None), given.pop("urgency", None)
    ticket = Ticket(**{"changed_at": given["opened_at"], **given})
    ticket.set_priority(impact or ticket.declared_impact, urgency or ticket.declared_urgency)
    clock.begin(ticket, ALWAYS)
    if ticket.status not in RUNNING:
        ticket.clock_since = ticket.remind_at = None
    for name in KEPT_BY_CLOCK & given.keys():
        setattr(ticket, name, given[name])
    return ticket


def make_event(actor: Person | None, action: Action, **more: Any) -> Event:
    """A line of history."""
    return Event(
        **{"number": 1, "at": NOW, "actor": actor, "action": action, "details": EventDetails(), **more}
    )


def make_comment(text: str, event: Event, **more: Any) -> Comment:
    """The comment of an event."""
    comment = Comment(**{"event": event, "text": "", **more})
    comment.write(text)
    return comment


def make_attachment(name: str = "capture.png", **more: Any) -> Attachment:
    given = {"slack_file_id": f"F{next(_numbers)}", "media_type": "image/png", "size": 1}
    return Attachment(**{"name": name, "state": AttachmentState.WAITING, **given, **more})


def make_outage(**more: Any) -> Outage:
    """A new outage of the network team, without sites."""
    if "team_id" not in more and "team" not in more:
        more["team_id"] = "reseau"
    given = {"title": "Plus de Wi-Fi", "site_ids": [], "service_ids": [], "declared_at": NOW}
    return Outage(**{"submission": str(uuid4()), **given, **more})


# -- the outbox ----------------------------------------------------------------------------------------------


def make_delivery(**more: Any) -> Delivery:
    """A message to the first person, due now."""
    given = {"kind": DeliveryKind.CARD, "recipient": "dm:1", "method": "chat.postMessage"}
    return Delivery(**{"key": str(uuid4()), "created_at": NOW, "due_at": NOW, **given, **more})


def make_message_reference(ticket_id: int, **more: Any) -> MessageReference:
    """A message in Slack."""
    given = {"kind": DeliveryKind.CARD, "recipient": "dm:1", "channel": "D0CAMILLE", "ts": "9.000"}
    return MessageReference(**{"ticket_id": ticket_id, **given, **more})


# -- in the database -----------------------------------------------------------------------------------------


def create(session: Session, row: Row) -> Row:
    """Add a row to the database, which sets its id."""
    session.add(row)
    session.flush()
    return row


def create_site(session: Session, site_id: str, **more: Any) -> Site:
    return create(session, make_site(site_id, **more))


def create_group(session: Session, group_id: str, **more: Any) -> Group:
    return create(session, make_group(group_id, **more))


def create_ticket(session: Session, **more: Any) -> Ticket:
    """A ticket of the default team at the first site, which the search finds."""
    ticket = make_ticket(**{"team_id": "assistance", "site_id": "iut", **more})
    return create(session, ticket)


def create_outage(session: Session, **more: Any) -> Outage:
    return create(session, make_outage(**more))


def create_delivery(session: Session, **more: Any) -> Delivery:
    return create(session, make_delivery(**more))


def create_message_reference(session: Session, ticket_id: int, **more: Any) -> MessageReference:
    return create(session, make_message_reference(ticket_id, **more))
