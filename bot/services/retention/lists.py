"""The numbered lists of what is due: made, signed, read."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.audit.record import record
from bot.services.retention.cut_offs import CutOffs, cut_offs
from bot.services.retention.due import lines_of
from models.audit.entry import Deed
from models.characters import is_blank, storable
from models.retention.errors import (
    ListApproved,
    ListUnknown,
    NothingDue,
    RetentionNotChosen,
    VisaMissing,
    VisaTooLong,
)
from models.retention.retention_list import VISA_MAX, RetentionList


def make_list(uow: UnitOfWork) -> RetentionList:
    """Record what is due today. The newest list is returned when it says the same and waits to be signed.

    Raises `RetentionNotChosen`, `NothingDue`.
    """
    today = cut_offs(uow.settings, uow.now)
    if today is None:
        raise RetentionNotChosen
    lines = lines_of(uow.session, today, ZoneInfo(uow.settings.default_time_zone))
    if not lines:
        raise NothingDue
    newest = uow.session.scalars(select(RetentionList).order_by(RetentionList.id.desc()).limit(1)).first()
    if newest is not None and newest.approved_at is None and covered_by(newest) == today:
        newest.lines = lines
        return newest
    made = RetentionList(tickets_before=today.tickets, files_before=today.files, lines=lines, made_at=uow.now)
    uow.session.add(made)
    uow.session.flush()
    return made


def covered_by(made: RetentionList) -> CutOffs:
    """The cut-offs of a list."""
    return CutOffs(made.tickets_before, made.files_before)


def list_numbered(session: Session, number: int) -> RetentionList:
    """The list with this number, which nobody else changes until the transaction ends. Raises
    `ListUnknown`."""
    found = session.get(RetentionList, number, with_for_update=True)
    if found is None:
        raise ListUnknown(number)
    return found


def approve(uow: UnitOfWork, number: int, visa: str, *, operator: str | None = None) -> RetentionList:
    """Record the archivist's visa: the job forgets what the list covers.

    Raises `ListUnknown`, `ListApproved`, `VisaMissing`, `VisaTooLong`.
    """
    visa = storable(visa).strip()
    if is_blank(visa):
        raise VisaMissing
    if len(visa) > VISA_MAX:
        raise VisaTooLong(VISA_MAX)
    found = list_numbered(uow.session, number)
    if found.approved_at is not None:
        raise ListApproved(number, found.approved_at, found.visa)
    found.approved_at, found.visa = uow.now, visa
    record(uow, Deed.RETENTION, count=sum(line.tickets for line in found.lines), operator=operator)
    return found


def all_lists(session: Session) -> Sequence[RetentionList]:
    """All lists, the oldest first."""
    return session.scalars(select(RetentionList).order_by(RetentionList.id)).all()
