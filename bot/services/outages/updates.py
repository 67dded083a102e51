"""What is told of an outage while it lasts and once it is over: updates, their reminders, the review.

Imports nothing of Slack. A use case raises a `HelpDeskError` and never commits.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.announcements.announcing import refresh_announcements
from bot.notifications.outages import refresh_outage, remind_of_update, tell_follower
from bot.services.outages.actions import editable, of_team, record
from models.characters import is_blank
from models.details import OutageDetails
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Status
from models.tickets.outage import Outage, OutageAction, OutageEvent
from models.tickets.ticket import Ticket

TOLD_MAX = 200
"""Followers who get a message each; of more, everybody reads the update on their Home."""
CHOICES = (15, 30, 60, 120, 240)
"""In how many minutes the next update may come."""
PUT_OFF = (15, 30, 60)


def send(
    uow: UnitOfWork, outage_id: int, text: str, minutes: int | None, *, submission: str | None = None
) -> int:
    """Tell its followers how it goes, and in how many minutes they are told more. Returns how many people get
    a message: nobody, when more than `TOLD_MAX` follow it. The same text of the same `submission` is sent
    once.

    Raises as `editable` does, and `FieldRefused` naming the field.
    """
    outage = editable(uow, outage_id)
    if is_blank(text):
        raise FieldRefused(Field.TEXT, FieldReason.MISSING)
    if minutes is not None and minutes not in CHOICES:
        raise FieldRefused(Field.NEXT_UPDATE, FieldReason.UNKNOWN)
    if submission and _is_sent(uow, outage, submission, text.strip()):
        return _told(_followers(uow, outage))
    outage.update_text, outage.updated_by_id, outage.updated_at = text.strip(), uow.actor.id, uow.now
    _set_next(outage, uow.now + timedelta(minutes=minutes) if minutes else None)
    details = OutageDetails(next_update=outage.next_update_at)
    if submission:
        details = details.model_copy(update={"submission": submission})
    event = record(uow, outage, OutageAction.UPDATE, details, text=outage.update_text)
    people = _followers(uow, outage)
    if told := _told(people):
        uow.session.add_all([tell_follower(uow, outage, event, each) for each in people])
    return told


def put_off(uow: UnitOfWork, outage_id: int, minutes: int) -> datetime:
    """The next update comes later, counted from now. Returns when. Raises as `editable` does."""
    outage = editable(uow, outage_id)
    if minutes not in PUT_OFF:
        raise FieldRefused(Field.NEXT_UPDATE, FieldReason.UNKNOWN)
    at = uow.now + timedelta(minutes=minutes)
    _set_next(outage, at)
    if outage.updated_by_id is None:
        outage.updated_by_id = uow.actor.id
    why = f"put off:{uow.now.timestamp()}"
    refresh_outage(uow, outage, why=why)
    refresh_announcements(uow, outage, why=why)
    return at


def review(uow: UnitOfWork, outage_id: int, lines: Sequence[str]) -> Outage:
    """Keep what happened, why, and what is done against it; it may be written anew. Raises as `of_team`
    does, and `FieldRefused` when the first line is empty or the outage is not over."""
    outage = of_team(uow, outage_id)
    kept = [line.strip() for line in lines]
    if not outage.is_over or is_blank(kept[0]):
        raise FieldRefused(Field.TEXT, FieldReason.MISSING)
    if outage.review != kept:
        outage.review = kept
        record(uow, outage, OutageAction.REVIEW, text="\n".join(kept))
    return outage


def remind_updates(uow: UnitOfWork) -> None:
    """Remind those whose next update is due, once each."""
    due = select(Outage).where(Outage.remind_update_at.is_not(None), Outage.remind_update_at <= uow.now)
    for outage in uow.session.scalars(due.order_by(Outage.id).with_for_update(key_share=True)).all():
        assert outage.remind_update_at is not None
        remind_of_update(uow, outage, outage.remind_update_at)
        outage.remind_update_at = None


def _set_next(outage: Outage, at: datetime | None) -> None:
    outage.next_update_at = outage.remind_update_at = at


def _is_sent(uow: UnitOfWork, outage: Outage, submission: str, text: str) -> bool:
    sent = select(OutageEvent).where(
        OutageEvent.outage_id == outage.id,
        OutageEvent.action == OutageAction.UPDATE,
        OutageEvent.actor_id == uow.actor.id,
        OutageEvent.text == text,
    )
    return any(each.details.submission == submission for each in uow.session.scalars(sent))


def _told(people: Sequence[int]) -> int:
    return len(people) if len(people) <= TOLD_MAX else 0


def _followers(uow: UnitOfWork, outage: Outage) -> Sequence[int]:
    """Who has an open ticket behind it: one message each. One more than `TOLD_MAX` at most."""
    people = select(Ticket.requester_id).where(Ticket.outage_id == outage.id, Ticket.status != Status.CLOSED)
    return uow.session.scalars(people.distinct().order_by(Ticket.requester_id).limit(TOLD_MAX + 1)).all()
