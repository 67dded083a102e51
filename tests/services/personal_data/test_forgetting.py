"""What is left of a forgotten ticket: what figures count, and nothing that anybody wrote or is."""

from datetime import timedelta

import pytest
from sqlalchemy import MetaData, select

from bot.context.actor import Actor
from bot.services.personal_data.forgetting import forget_files_and_notes, forget_ticket
from bot.services.search import search
from bot.services.tickets.my_tickets import page_of, ticket_for
from models.base import Base
from models.errors import NotRecorded, TicketForgotten
from models.lifecycle import Action, Rating
from models.outbox.delivery import Delivery
from models.outbox.details import FileRemovalDetails
from models.person import NOBODY
from models.personal_data.columns import PERSONAL
from models.personal_data.document import ROWS_STAY
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.draft import NewFile
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.support.scenarios import (
    CHANNEL,
    DIRECT,
    again,
    assign,
    cards,
    edit_ticket,
    hear,
    note,
    rate,
    reply,
)
from tests.support.use_case_desk import NOW, SmallDesk

NEEDLE = "quetzal"
LATER = NOW + timedelta(days=800)


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """On each database."""
    return shared_desk


@pytest.fixture
def camille(desk: SmallDesk) -> Actor:
    """A requester."""
    return desk.actor("camille")


@pytest.fixture
def karim(desk: SmallDesk) -> Actor:
    """A technician of the default team."""
    return desk.actor("karim", "assistance")


@pytest.fixture
def closed(desk: SmallDesk, camille: Actor, karim: Actor) -> Ticket:
    """A closed ticket in whose every part somebody wrote the needle."""
    files = [NewFile("F1", f"{NEEDLE}.pdf", "application/pdf", 12)]
    ticket = desk.open(desk.draft(f"Un {NEEDLE}", description=f"{NEEDLE} !", files=files))
    cards(desk, ticket)
    edit_ticket(desk, ticket, camille, title=f"Deux {NEEDLE}s")
    assign(desk, ticket, karim, karim)
    photo = [NewFile("F2", f"{NEEDLE}.png", "image/png", 30)]
    hear(desk, ticket, camille, f"un {NEEDLE} ici", files=photo)
    hear(desk, ticket, karim, f"note {NEEDLE}", channel=CHANNEL, ts="9.002")
    reply(desk, ticket, karim, f"quel {NEEDLE} ?")
    note(desk, ticket, karim, f"il a un {NEEDLE}")
    desk.act(ticket, Action.RESOLVE, karim, f"sans {NEEDLE}")
    desk.act(ticket, Action.APPROVE, camille)
    rate(desk, ticket, camille, Rating.GOOD)
    return again(desk, ticket)


def dump(desk: SmallDesk) -> dict[str, str]:
    """All rows of each table as text, as the database has them."""
    tables = MetaData()
    with desk.sessions() as session:
        tables.reflect(session.connection(), only=[*Base.metadata.tables])
        return {
            table.name: "\n".join(str(row) for row in session.execute(select(table)))
            for table in tables.sorted_tables
        }


def test_no_table_has_a_word_of_it(desk: SmallDesk, closed: Ticket) -> None:
    assert {"ticket", "event", "comment", "attachment"} <= {
        name for name, rows in dump(desk).items() if NEEDLE in rows
    }
    desk.do(lambda uow: forget_ticket(uow, closed.id), now=LATER)
    assert [name for name, rows in dump(desk).items() if NEEDLE in rows] == []


def test_it_leads_to_nobody(desk: SmallDesk, closed: Ticket) -> None:
    desk.do(lambda uow: forget_ticket(uow, closed.id), now=LATER)
    with desk.sessions() as session:
        ticket = session.get_one(Ticket, closed.id)
        actors = {event.actor.slack_id for event in session.scalars(select(Event))}
        assert {ticket.requester.slack_id, *actors} == {NOBODY}
        assert ticket.assignee is ticket.requester
        assert ticket.filed_by is None
        people = [each.person_id for each in session.scalars(select(Delivery)) if each.ticket_id == closed.id]
        assert people == []


def test_rows_about_it_are_deleted_but_where_the_document_says_that_they_stay(
    desk: SmallDesk, closed: Ticket
) -> None:
    before = tables_about(desk, closed)
    assert before >= {"comment", "attachment", "event", "message_reference", "delivery"}
    desk.do(lambda uow: forget_ticket(uow, closed.id), now=LATER)
    # What is to be deleted in Slack is on its way, or listed.
    assert tables_about(desk, closed) == (before & ROWS_STAY) | {"removal"}


def tables_about(desk: SmallDesk, ticket: Ticket) -> set[str]:
    """The tables with personal data that have rows about a ticket."""
    tables = [Base.metadata.tables[name] for name in PERSONAL]
    with desk.sessions() as session:
        return {
            table.name
            for table in tables
            if "ticket_id" in table.c
            and session.execute(select(table).where(table.c.ticket_id == ticket.id)).first()
        }


def test_what_figures_count_stays(desk: SmallDesk, closed: Ticket) -> None:
    columns = (
        *("kind", "status", "ending", "team_id", "site_id", "service_id", "priority", "rating", "opened_at"),
        *("taken_at", "resolved_at", "closed_at", "time_used", "time_to_respond", "due_at", "event_count"),
    )
    before = [(event.number, event.at, event.action, event.from_status) for event in desk.history(closed)]
    desk.do(lambda uow: forget_ticket(uow, closed.id), now=LATER)
    after = again(desk, closed)
    assert [getattr(after, each) for each in columns] == [getattr(closed, each) for each in columns]
    assert before == [(each.number, each.at, each.action, each.from_status) for each in desk.history(closed)]


def test_a_ticket_is_forgotten_once(desk: SmallDesk, closed: Ticket) -> None:
    desk.do(lambda uow: forget_ticket(uow, closed.id), now=LATER)
    once = dump(desk)
    desk.do(lambda uow: forget_ticket(uow, closed.id), now=LATER + timedelta(days=1))
    desk.do(lambda uow: forget_files_and_notes(uow, closed.id), now=LATER + timedelta(days=1))
    assert dump(desk) == once


def test_a_ticket_that_is_open_is_not_forgotten(desk: SmallDesk) -> None:
    ticket = desk.open()
    with pytest.raises(ValueError, match="not closed"):
        desk.do(lambda uow: forget_ticket(uow, ticket.id))
    assert again(desk, ticket).title == "Imprimante en panne"


def test_what_the_store_has_is_removed(desk: SmallDesk, closed: Ticket) -> None:
    with desk.sessions() as session:
        keys = {f"{closed.id}-{file.id}" for file in session.scalars(select(Attachment))}
    desk.do(lambda uow: forget_ticket(uow, closed.id), now=LATER)
    with desk.sessions() as session:
        assert session.scalars(select(Attachment)).all() == []
        removed = [each.details for each in session.scalars(select(Delivery))]
    assert {each.key for each in removed if isinstance(each, FileRemovalDetails)} == keys


def test_files_and_notes_are_forgotten_and_the_rest_is_kept(desk: SmallDesk, closed: Ticket) -> None:
    desk.do(lambda uow: forget_files_and_notes(uow, closed.id), now=LATER)
    with desk.sessions() as session:
        assert session.scalars(select(Attachment)).all() == []
        texts = [comment.text for comment in session.scalars(select(Comment))]
    assert sorted(texts) == [f"quel {NEEDLE} ?", f"un {NEEDLE} ici"]
    after = again(desk, closed)
    assert after.files_forgotten_at == LATER
    assert after.forgotten_at is None
    assert after.internal_search_text == ""
    assert NEEDLE in after.search_text


def test_search_finds_it_by_its_number_only(desk: SmallDesk, closed: Ticket, karim: Actor) -> None:
    desk.do(lambda uow: forget_ticket(uow, closed.id), now=LATER)
    with desk.sessions() as session:
        found = [
            [ticket.id for ticket in search(session, karim, words, page=0, size=10).tickets]
            for words in (NEEDLE, "camille", "imprimante", str(closed.id))
        ]
    assert found == [[], [], [], [closed.id]]


def test_its_requester_is_told_when_it_was_erased(desk: SmallDesk, closed: Ticket, camille: Actor) -> None:
    desk.do(lambda uow: forget_ticket(uow, closed.id), now=LATER)
    with pytest.raises(TicketForgotten) as told:
        desk.reading(lambda uow: ticket_for(uow, closed.id), camille)
    assert told.value.values == {"number": closed.id, "day": LATER}
    with desk.sessions() as session:
        assert page_of(session, camille.id, closed=True, page=0, size=10).items == []


def test_nothing_is_done_with_it_any_more(
    desk: SmallDesk, closed: Ticket, camille: Actor, karim: Actor
) -> None:
    desk.do(lambda uow: forget_ticket(uow, closed.id), now=LATER)
    before = dump(desk)
    for refused in (
        lambda: desk.act(closed, Action.REOPEN, camille, "encore"),
        lambda: reply(desk, closed, karim, "encore"),
        lambda: note(desk, closed, karim, "encore"),
        lambda: rate(desk, closed, camille, Rating.BAD),
    ):
        with pytest.raises(TicketForgotten):
            refused()
    with pytest.raises(NotRecorded):
        hear(desk, closed, camille, "encore", channel=DIRECT, ts="9.009")
    assert dump(desk)["ticket"] == before["ticket"]
    assert dump(desk)["comment"] == before["comment"]
