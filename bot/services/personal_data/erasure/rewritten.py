"""Messages in Slack that quote words in which they were named: drawn anew once the words are rewritten."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sqlalchemy import RowMapping, select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_card, refresh_requester_card, refresh_resolution
from bot.notifications.comments import announce_edit
from bot.notifications.outages import refresh_outage
from bot.notifications.waits.approvals import redraw_approvals
from bot.services.approvals.rows import last_event
from bot.services.personal_data.erasure.erased import Erased
from bot.services.personal_data.erasure.redrawing import APART, remove_lines
from bot.services.removals.queue import redraw_home
from models.lifecycle import Status
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

_CARDS = {"ticket", "event", "approval", "approver"}


def show_rewritten(uow: UnitOfWork, erased: Erased, table: str, changed: Sequence[RowMapping]) -> None:
    """Queue what shows the rows of a table that were rewritten."""
    numbers = [row["id"] for row in changed if "id" in row]
    if numbers and table in {"comment", "outage", *_CARDS}:
        uow.session.expire_all()  # they were written as the database stores them
    if table == "comment":
        _show_comments(uow, numbers)
    elif table == "outage":
        for outage in uow.session.scalars(select(Outage).where(Outage.id.in_(numbers))):
            refresh_outage(uow, outage, why=_why(erased))
    elif table in _CARDS:
        key = "id" if table == "ticket" else "ticket_id"
        _show_tickets(uow, erased, {row[key] for row in changed if row.get(key) is not None})
    if table == "event":
        _remove_lines(uow, numbers)


def _show_comments(uow: UnitOfWork, numbers: Collection[int]) -> None:
    shown = (Comment.id.in_(numbers)) & Comment.deleted_at.is_(None)
    at = uow
    for comment in uow.session.scalars(select(Comment).where(shown).order_by(Comment.id.desc())).all():
        ticket = uow.session.get_one(Ticket, comment.ticket_id)
        if ticket.status is Status.CLOSED:
            at = replace(at, now=at.now + APART)
        comment.revision += 1
        announce_edit(at if ticket.status is Status.CLOSED else uow, comment)


def _show_tickets(uow: UnitOfWork, erased: Erased, numbers: Collection[Any]) -> None:
    found = select(Ticket).where(Ticket.id.in_(numbers), Ticket.forgotten_at.is_(None))
    at = uow
    for ticket in uow.session.scalars(found.order_by(Ticket.id.desc())).all():
        if ticket.status is Status.CLOSED:
            at = replace(at, now=at.now + APART)
        then, event = at if ticket.status is Status.CLOSED else uow, last_event(uow.session, ticket)
        refresh_card(then, ticket, event, why=_why(erased))
        refresh_requester_card(then, event, why=_why(erased))
        redraw_approvals(then, event, why=_why(erased))
        refresh_resolution(then, event, why=_why(erased))
        redraw_home(uow, ticket.requester.slack_id)


def _remove_lines(uow: UnitOfWork, numbers: Collection[int]) -> None:
    """Have the lines about these events deleted that are never edited."""
    told = select(Event.ticket_id).where(Event.id.in_(numbers))
    for ticket in uow.session.scalars(select(Ticket).where(Ticket.id.in_(told))).all():
        remove_lines(uow, ticket, Event.id.in_(numbers))


def _why(erased: Erased) -> str:
    """What tells the keys of the deliveries from others; not that of `redrawing`, which begins again."""
    return f"rewritten {erased.person.id}:{uuid4()}"
