"""A person's own data as JSON: the keys are those of `KEYS`."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from blocks.i18n import Translator
from bot.delivery.own_data.keys import KEYS
from bot.delivery.own_data.packing import Packing
from bot.services.own_data.about import About, Decided
from bot.services.own_data.tickets import OwnTicket
from models.approvals.approval import Absence, Approval
from models.base import LocalizedText
from models.person import Person
from models.tickets.event import Line
from models.tickets.ticket import Ticket

FORMAT = 1
Entry = dict[str, Any]


def head(_: Translator, about: About, made_at: datetime) -> Entry:
    """All but the tickets."""
    return {
        "format": FORMAT,
        "made_at": made_at,
        "keys": {path: _(text) for path, text in KEYS.items()},
        "person": _person(_, about),
        "preferences": {
            "site": _name(_, about.site),
            "home_opened_at": about.person.home_opened_at,
            "hint_declined": about.person.declined_reply_hint,
        },
        "absence": _absence(about.absence),
        "decisions": [_decision(_, each) for each in about.decided],
        "drafts": [
            {"written_at": each.written_at, "text": each.text, "expires_at": each.expires_at}
            for each in about.drafts
        ],
        "searches": [{"at": each.at, "words": each.words} for each in about.searches],
        "messages": [{"kind": each.kind, "ticket": each.ticket_id, "at": each.at} for each in about.messages],
        "work": [
            {
                "ticket": each.ticket_id,
                "actions": each.actions,
                "first_at": each.first_at,
                "last_at": each.last_at,
            }
            for each in about.work
        ],
        "readings": [
            {
                "ticket": each.ticket_id,
                "count": each.count,
                "first_at": each.first_at,
                "last_at": each.last_at,
            }
            for each in about.readings
        ],
    }


def ticket_entry(_: Translator, own: OwnTicket, packing: Packing) -> Entry:
    """One ticket."""
    ticket = own.ticket
    return {
        "number": ticket.id,
        "kind": ticket.kind,
        "status": ticket.status,
        "ending": ticket.ending,
        "opened_at": ticket.opened_at,
        "changed_at": ticket.changed_at,
        "taken_at": ticket.taken_at,
        "resolved_at": ticket.resolved_at,
        "closed_at": ticket.closed_at,
        **_words(_, ticket),
        "answers": [
            {"question": _name(_, each.label), "answer": _name(_, each.shown)} for each in ticket.answers
        ],
        "history": [_line(each) for each in own.lines],
        "files": [
            {"name": file.name, "media_type": file.media_type, "size": file.size, **packing.place(file)}
            for file in own.files
        ],
        "agreements": [_agreement(_, each) for each in own.approvals],
    }


def written(entry: Mapping[str, Any]) -> str:
    """An object as it stands in the file."""
    return json.dumps(entry, ensure_ascii=False, indent=1, default=_plain)


def pieces(start: Entry, tickets: Iterator[Entry]) -> Iterator[str]:
    """The whole file, a ticket at a time."""
    yield written(start).removesuffix("\n}") + ',\n "tickets": ['
    separator = "\n"
    for each in tickets:
        yield separator + written(each)
        separator = ",\n"
    yield "\n ]\n}\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _person(_: Translator, about: About) -> Entry:
    person: Person = about.person
    return {
        "slack_id": person.slack_id,
        "workspace": person.team_id,
        "name": person.name,
        "email": person.email,
        "locale": person.locale,
        "time_zone": person.time_zone,
        "is_guest": person.is_guest,
        "is_deactivated": person.is_deactivated,
        "profile_read_at": person.profile_read_at,
        "manager_is_known": person.manager_id is not None,  # the name is another person's data
        "manager_read_at": person.manager_read_at,
        "direct_message": person.dm_channel,
        "teams": [_name(_, each) for each in about.teams],
    }


def _absence(absence: Absence | None) -> Entry | None:
    if absence is None:
        return None
    return {
        "first_day": absence.first_day,
        "last_day": absence.last_day,
        "substitute": absence.substitute.name if absence.substitute else None,
    }


def _decision(_: Translator, decided: Decided) -> Entry:
    approver = decided.approver
    return {
        "ticket": decided.ticket_id,
        "role": _name(_, approver.approval.rule.name),
        "asked_at": approver.approval.asked_at,
        "decision": approver.decision,
        "decided_at": approver.decided_at,
        "text": decided.own_text,
        "is_recorded": approver.recorded_by_id is not None,
    }


def _words(_: Translator, ticket: Ticket) -> Entry:
    return {
        "title": ticket.title,
        "description": ticket.description,
        "is_confidential": ticket.is_confidential,
        "site": _name(_, ticket.site.name),
        "service": _name(_, ticket.service.name) if ticket.service else None,
        "team": _name(_, ticket.team.name),
        "declared_impact": ticket.declared_impact,
        "declared_urgency": ticket.declared_urgency,
        "priority": ticket.priority,
        "filed_by": ticket.filed_by.name if ticket.filed_by else None,
        "assignee": ticket.assignee.name if ticket.assignee else None,
        "solution": ticket.solution,
        "rating": ticket.rating,
        "rating_comment": ticket.rating_comment,
    }


def _line(line: Line) -> Entry:
    return {
        "at": line.event.at,
        "action": line.event.action,
        "by": line.event.actor.name,
        "text": line.text,
        "is_edited": line.is_edited,
        "is_deleted": line.is_deleted,
    }


def _agreement(_: Translator, approval: Approval) -> Entry:
    subject = approval.subject
    return {
        "role": _name(_, approval.rule.name),
        "state": approval.state,
        "asked_at": approval.asked_at,
        "decided_at": approval.decided_at,
        "title": subject.title if subject else None,
        "description": subject.description if subject else None,
    }


def _name(_: Translator, name: LocalizedText | None) -> str | None:
    return name.in_(_.locale) if name else None
