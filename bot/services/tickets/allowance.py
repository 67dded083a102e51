"""How much one person may send within 24 hours.

Two transactions at once do not see each other's rows, so that slightly more may pass.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, union_all

from bot.context.unit_of_work import UnitOfWork
from bot.services.membership import teams_on_record
from models.errors import Limit, LimitReached
from models.lifecycle import CONVERSATION, Action
from models.tickets.attachment import SIZE_MAX, Attachment, AttachmentState
from models.tickets.comment import Comment
from models.tickets.draft import NewFile
from models.tickets.event import Event

PERIOD = timedelta(hours=24)
TECHNICIANS = 10
"""How many times as much as others technicians may: they file for those who call, and answer all day."""
MEGABYTE = 1_000_000


def check_tickets(uow: UnitOfWork) -> None:
    """Raise `LimitReached` when the actor has filed as many tickets as they may, for whomever."""
    _check_events(uow, Limit.TICKETS, uow.settings.tickets_per_day, {Action.OPEN})


def check_comments(uow: UnitOfWork) -> None:
    """Raise `LimitReached` when the actor has written as many replies, answers and notes as they may."""
    _check_events(uow, Limit.COMMENTS, uow.settings.comments_per_day, CONVERSATION)


def check_files(uow: UnitOfWork, files: Iterable[NewFile]) -> None:
    """Raise `LimitReached` when these files are more than the actor may still send.

    One whose size Slack does not say counts once it is kept. One that could not be had, or is too large to be
    kept, does not count.
    """
    limit = uow.settings.attachments_mb_per_day
    if not limit:
        return
    sent, new = _files_sent(uow), sum(file.size for file in files if file.size <= SIZE_MAX)
    if not _is_too_much(sent, new, limit):
        return
    most = limit * TECHNICIANS if _is_technician(uow) else limit
    if _is_too_much(sent, new, most):
        raise LimitReached(Limit.FILES, most, _free_from(sent, most * MEGABYTE - new))


def _check_events(uow: UnitOfWork, limit: Limit, most: int, actions: Collection[Action]) -> None:
    if not most or _nth_last(uow, actions, most) is None:
        return
    if _is_technician(uow):
        most *= TECHNICIANS
    first = _nth_last(uow, actions, most)
    if first is not None:
        raise LimitReached(limit, most, first + PERIOD)


def _nth_last(uow: UnitOfWork, actions: Collection[Action], number: int) -> datetime | None:
    """When the actor did the last but `number - 1` of these, if that was within the period."""
    done = select(Event.at).where(*_lately(uow, actions)).order_by(Event.at.desc())
    return uow.session.scalar(done.offset(number - 1).limit(1))


def _files_sent(uow: UnitOfWork) -> Sequence[tuple[datetime, int]]:
    """When the actor sent files, and of how many bytes, the newest first: with tickets, and with what they
    wrote."""
    had = (Attachment.state != AttachmentState.FAILED) & (Attachment.size <= SIZE_MAX)
    sizes = select(Event.at, Attachment.size).join(Attachment, Attachment.ticket_id == Event.ticket_id)
    with_tickets = sizes.where(*_lately(uow, {Action.OPEN}), Attachment.comment_id.is_(None), had)
    with_words = sizes.join(
        Comment, (Comment.event_id == Event.id) & (Comment.id == Attachment.comment_id)
    ).where(*_lately(uow, CONVERSATION), had)
    rows = uow.session.execute(select(union_all(with_tickets, with_words).subquery())).all()
    return sorted(((at, size) for at, size in rows), reverse=True)


def _lately(uow: UnitOfWork, actions: Collection[Action]) -> tuple[ColumnElement[bool], ...]:
    """The condition on the actor's events of these actions within the period."""
    return (Event.actor_id == uow.actor.id, Event.at > uow.now - PERIOD, Event.action.in_(actions))


def _is_too_much(sent: Sequence[tuple[datetime, int]], new: int, megabytes: int) -> bool:
    return sum(size for _at, size in sent) + new > megabytes * MEGABYTE


def _free_from(sent: Sequence[tuple[datetime, int]], limit: int) -> datetime | None:
    """From when on the files sent within the period are at most `limit` bytes; `None`: never."""
    for at, size in sent:
        limit -= size
        if limit < 0:
            return at + PERIOD
    return None


def _is_technician(uow: UnitOfWork) -> bool:
    """Whether they are in a team, by the database: a limit asks nothing of Slack."""
    return bool(uow.actor.teams or teams_on_record(uow.session, uow.actor.slack_id))
