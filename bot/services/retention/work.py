"""Forgets what the lists cover, some tickets in each transaction."""

import logging

from sqlalchemy import ColumnElement, select

from bot.context.unit_of_work import UnitOfWork
from bot.services.audit.record import record
from bot.services.personal_data.forgetting import forget_files_and_notes, forget_ticket
from bot.services.retention.cut_offs import CutOffs, cut_offs
from bot.services.retention.due import files_due, tickets_due
from bot.services.retention.lists import covered_by, make_list
from bot.services.retention.put_off import forgotten, is_put_off
from models.audit.entry import Deed
from models.retention.errors import NothingDue, RetentionNotChosen
from models.retention.retention_list import RetentionList
from models.tickets.ticket import Ticket

logger = logging.getLogger(__name__)
PORTION = 20
"""Tickets in one transaction, and in a minute: what follows for them in Slack and in the store delays
nobody's messages."""


def list_due(uow: UnitOfWork) -> None:
    """Where no visa is required, make the list of what is due, and approve it."""
    if uow.settings.retention_visa_required:
        return
    try:
        made = make_list(uow)
    except (NothingDue, RetentionNotChosen):
        return
    made.approved_at = uow.now
    logger.info("retention list %d was made, and needs no visa", made.id)


def forget_due(uow: UnitOfWork) -> None:
    """Forget a portion of what the oldest approved list covers that is not done; of the next one when all
    that is left of it is put off."""
    today = cut_offs(uow.settings, uow.now)
    if today is None:
        return
    waiting = select(RetentionList).where(
        RetentionList.approved_at.is_not(None), RetentionList.done_at.is_(None)
    )
    lists = uow.session.scalars(waiting.order_by(RetentionList.id).with_for_update(skip_locked=True)).all()
    for made in lists:
        if _forget_some(uow, made, covered_by(made).earlier(today)):
            return


def _forget_some(uow: UnitOfWork, made: RetentionList, cut_offs: CutOffs) -> bool:
    """Whether anything was forgotten; else a list without any tickets that are put off is done."""
    later = is_put_off(uow)
    tickets = _numbers(uow, tickets_due(cut_offs) & ~later, PORTION)
    of_files = _numbers(uow, files_due(cut_offs) & ~later, PORTION - len(tickets))
    deeds = dict.fromkeys(of_files, forget_files_and_notes) | dict.fromkeys(tickets, forget_ticket)
    done = {number for number, forget in sorted(deeds.items()) if forgotten(uow, forget, number)}
    if deeds:
        _count(uow, made, len(done.intersection(tickets)), len(done.intersection(of_files)))
    elif cut_offs == covered_by(made) and not _is_left(uow, cut_offs):
        made.done_at = uow.now
        words = "retention list %d is done: tickets erased: %d; only their files and notes: %d"
        logger.info(words, made.id, made.tickets_done, made.files_done)
    return bool(done)


def _count(uow: UnitOfWork, made: RetentionList, tickets: int, of_files: int) -> None:
    if not tickets and not of_files:
        return
    made.tickets_done += tickets
    made.files_done += of_files
    record(uow, Deed.RETENTION, count=tickets + of_files)
    words = "retention list %d: tickets erased: %d; only their files and notes: %d"
    logger.info(words, made.id, tickets, of_files)


def _is_left(uow: UnitOfWork, cut_offs: CutOffs) -> bool:
    return any(_numbers(uow, condition(cut_offs), 1) for condition in (tickets_due, files_due))


def _numbers(uow: UnitOfWork, condition: ColumnElement[bool], most: int) -> list[int]:
    query = select(Ticket.id).where(condition).order_by(Ticket.closed_at, Ticket.id).limit(most)
    return list(uow.session.scalars(query)) if most else []
