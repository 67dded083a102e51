"""An e-mail, if it still applies and its reader is to get it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from blocks.approvals.requester import waits_for
from blocks.kit.files import shown_name
from bot.catalogue.calendar.stored import calendar_of
from bot.context.actor import known_zone
from bot.context.unit_of_work import UnitOfWork
from bot.delivery.errors import NotYet, Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.mails.agreement import agreement_mail
from bot.delivery.rendering.mails.parts import load, shown_answers
from bot.delivery.rendering.mails.slack_message import slack_message
from bot.delivery.rendering.rendered import Rendered, RenderedEmail
from bot.notifications.comments import wait_ended_by
from bot.notifications.mails import MAILS, held_until, is_exhausted
from bot.services.approvals.queries import current_step
from bot.services.clocks.promises import shown_promise
from bot.services.tickets.waits.dates import closing_day
from models.lifecycle import Action, Status
from models.outbox.details import MailDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.tickets.attachment import Attachment, AttachmentReason
from models.tickets.clocks.promise import Aim, ShownPromise
from models.tickets.comment import Comment
from models.tickets.ticket import Ticket

NAME_MAX = 80


def _mail(context: RenderContext) -> Rendered:
    delivery, person = context.delivery, context.person
    details = delivery.details_as(MailDetails)
    if not person.email:
        raise Superseded(Reason.NO_ADDRESS)
    if details.approval_id is not None:
        return agreement_mail(context)
    comment = _comment(context)
    _check_state(context)
    _check_count(context)
    load(context.ticket, context.event)
    assert delivery.started_at is not None
    is_first = details.template == "received"
    return RenderedEmail(
        template=details.template,
        locale=person.locale,
        to=person.email,
        name=person.name,
        ticket=context.ticket,
        event=context.event,
        token=details.token,
        at=delivery.started_at,
        text=comment.text if comment else context.event.text or "",
        answers=list(shown_answers(context, context.ticket.answers)) if is_first else (),
        files=_files(context, comment),
        agreement=_agreement(context) if is_first else "",
        promise=_promise(context) if is_first else None,
        time_zone=known_zone(person.time_zone, calendar_of(context.session).time_zone),
        original_is_open=_original_is_open(context),
        closes_on=closing_day(UnitOfWork(context.session, delivery.started_at), context.ticket),
        message=slack_message(context, MAILS[details.template].message),
    )


def _check_state(context: RenderContext) -> None:
    """Raise `Superseded` when the ticket is past the step that the e-mail is about."""
    ticket, event = context.ticket, context.event
    if event.action is Action.ASK:
        # It may wait for the answer to another question by now.
        has_moved = wait_ended_by(context.session, event) is not None
    else:
        has_moved = event.action is not Action.OPEN and ticket.state_event != event.number
    if context.delivery.details_as(MailDetails).template == "closing":
        has_moved = has_moved or ticket.wait_event is None or ticket.close_at is None
    if has_moved:
        raise Superseded(Reason.TICKET_MOVED_ON)


def _check_count(context: RenderContext) -> None:
    delivery = context.delivery
    assert delivery.started_at is not None
    if is_exhausted(context.session, delivery):
        raise Superseded(Reason.MAILS_EXHAUSTED)
    if until := held_until(context.session, delivery, now=delivery.started_at):
        raise NotYet(until, Reason.REMINDED_TODAY)


def _comment(context: RenderContext) -> Comment | None:
    """The comment that is asked about. Raises `Superseded` once its author deleted it."""
    if context.event.action is not Action.ASK:
        return None
    comment = context.session.scalars(select(Comment).where(Comment.event_id == context.event.id)).one()
    if comment.deleted_at is not None:
        raise Superseded(Reason.COMMENT_WITHDRAWN)
    return comment


def _files(context: RenderContext, comment: Comment | None) -> Sequence[str]:
    """The names of the files that came with the step: those of the ticket's form with its first e-mail."""
    event = context.event
    first = event.action is Action.OPEN or (
        event.action is Action.RESOLVE and event.at == context.ticket.opened_at
    )
    if comment is None and not first:
        return ()
    came_with = Attachment.comment_id.is_(None) if comment is None else Attachment.comment_id == comment.id
    rows = context.session.scalars(
        select(Attachment)
        .where(Attachment.ticket_id == context.ticket.id, came_with, ~Attachment.is_internal)
        .order_by(Attachment.id)
    )
    there = (file for file in rows if file.reason is not AttachmentReason.DELETED)
    return [shown_name(context.translator, file, NAME_MAX) for file in there]


def _agreement(context: RenderContext) -> str:
    """Whose agreement the request waits for."""
    step = current_step(context.session, context.ticket)
    return waits_for(context.translator, step) if step else ""


def _promise(context: RenderContext) -> ShownPromise | None:
    """By when somebody is to respond; nothing once somebody has, or that is missed."""
    assert context.delivery.started_at is not None
    shown = shown_promise(context.session, context.ticket, context.delivery.started_at)
    is_ahead = shown is not None and shown.promise.aim is Aim.RESPONSE and not shown.is_missed
    return shown if is_ahead else None


def _original_is_open(context: RenderContext) -> bool:
    number = context.event.details.of
    original = context.session.get(Ticket, number) if number else None
    return original is not None and original.status not in {Status.RESOLVED, Status.CLOSED}


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.MAIL: _mail}
