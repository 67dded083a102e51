"""What the team writes in the thread under an outage's card: notes, which follow their messages.

Imports nothing of Slack. A use case raises a `HelpDeskError` and never commits.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.outages.actions import of_team
from bot.services.tickets.comments.early_changes import as_known, known_of
from bot.services.tickets.comments.threads import ThreadMessage
from models.tickets.outage import OutageAction, OutageEvent


def receive(uow: UnitOfWork, outage_id: int, message: ThreadMessage) -> None:
    """Keep a message as a note; the same message twice is one. One that was deleted before it arrived makes
    none. Raises `OutageNotFound`, `OutageTeamOnly`."""
    outage = of_team(uow, outage_id)
    known = known_of(uow, message.channel, message.ts)
    if known.is_deleted or note_at(uow.session, message.channel, message.ts):
        return
    text, _files = as_known(known, message.text, message.files)
    note = OutageEvent(
        outage_id=outage.id,
        at=uow.now,
        actor_id=uow.actor.id,
        action=OutageAction.NOTE,
        text=text.strip(),
        channel=message.channel,
        ts=message.ts,
    )
    uow.session.add(note)


def follow(uow: UnitOfWork, channel: str, ts: str) -> None:
    """Bring a note in line with what is known of its message, which was edited or deleted."""
    if note_at(uow.session, channel, ts) is None:
        return
    known, note = known_of(uow, channel, ts), note_at(uow.session, channel, ts)
    assert note is not None
    if known.is_deleted:
        note.text, note.deleted_at = None, note.deleted_at or uow.now
    elif known.text is not None:
        note.text = known.text.strip()


def note_at(session: Session, channel: str, ts: str) -> OutageEvent | None:
    """The note that a message made."""
    found = select(OutageEvent).where(OutageEvent.channel == channel, OutageEvent.ts == ts)
    return session.scalars(found).one_or_none()
