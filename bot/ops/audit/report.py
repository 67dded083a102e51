"""The audit trail of a ticket or of a requester, as text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from blocks.i18n import Translator, translator
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.ops.audit.lines import shown
from bot.services.audit.queries import Subject, lines_about
from bot.services.audit.record import operating_user, record
from bot.settings import SettingsError
from models.audit.entry import Deed
from models.base import utc_now
from models.person import Person
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Wanted:
    """What is asked for: exactly one of ticket and requester, by number and by Slack id."""

    ticket: int | None
    requester: str | None
    since: date | None
    locale: str
    time_zone: str
    months: int
    """`AUDIT_MONTHS`."""


def report(engine: Engine, wanted: Wanted) -> Iterator[str]:
    """The lines to print. That they were asked for is recorded before the first one is read. Raises
    `SettingsError` for an unknown ticket or person."""
    sessions = Sessions(engine)
    with sessions.begin() as session:
        subject = _subject(session, wanted)
        record(
            UnitOfWork(session, utc_now()),
            Deed.AUDIT,
            ticket_id=subject.ticket_id,
            person_id=subject.requester_id,
            operator=operating_user(),
        )
    _ = translator(wanted.locale)
    yield from _head(_, wanted)
    with sessions.begin() as session:
        for found in lines_about(session, subject, _moment(wanted)):
            yield shown(_, found, wanted.time_zone)
    yield ""
    yield from _unseen(_)


def _subject(session: Session, wanted: Wanted) -> Subject:
    if wanted.ticket is not None:
        if session.get(Ticket, wanted.ticket) is None:
            raise SettingsError(f"there is no ticket {wanted.ticket}")
        return Subject(ticket_id=wanted.ticket)
    person_id = session.scalar(select(Person.id).where(Person.slack_id == wanted.requester))
    if person_id is None:
        raise SettingsError(
            f"Guichet knows nobody with the Slack member ID {wanted.requester}: it never met them, or they "
            "were erased; the trail of a ticket is still there: `guichet audit --ticket N`"
        )
    return Subject(requester_id=person_id)


def _moment(wanted: Wanted) -> datetime | None:
    """The beginning of the day, in the desk's time zone."""
    since = max(wanted.since, date(1970, 1, 1)) if wanted.since else None  # year 1 has no UTC before it
    return datetime.combine(since, time(), ZoneInfo(wanted.time_zone)) if since else None


def _head(_: Translator, wanted: Wanted) -> Iterator[str]:
    if wanted.ticket is not None:
        yield _("Audit trail of ticket No. {number}", number=wanted.ticket)
    else:
        yield _("Audit trail of the tickets and data of {account}", account=wanted.requester)
    yield _("Times: {zone}. Lines are kept for {months} months.", zone=wanted.time_zone, months=wanted.months)
    yield ""


def _unseen(_: Translator) -> Iterator[str]:
    yield _(
        "A reading is one line for each person, ticket and hour, with the time of the first one. The "
        "requester reading their own ticket is not recorded."
    )
    yield _(
        "Not seen here: who read a message, a card or a file in Slack itself (all members of its channel "
        "can), an email, or the database, its backups and the files' store directly; and titles in the "
        "queue, which its whole team sees. What people did with the ticket is in its history."
    )
    yield _("The line of this request was added.")
