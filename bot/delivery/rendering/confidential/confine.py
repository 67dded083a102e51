"""What is sent about a confidential ticket, whichever renderer made it: its number and its state."""

import json
from dataclasses import replace

from blocks.confidential.message import Occasion, confidential_message
from blocks.confidential.occasions import sentence_of, sentence_of_comment
from blocks.kit.block_text import full_text
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext
from bot.delivery.rendering.lookup import as_dicts
from bot.delivery.rendering.rendered import Rendered, RenderedEmail, RenderedFile, RenderedMessage
from bot.services.membership import teams_on_record
from models.outbox.details import AgreementDetails, CommentDetails, FileDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.tickets.comment import Comment

_NOTIFIES = (DeliveryKind.THREAD, DeliveryKind.TARGET, DeliveryKind.COMMENT)


def confine(context: RenderContext, rendered: Rendered) -> Rendered:
    """The same, without what a confidential ticket says. Raises `Superseded` for the further parts of a long
    comment, and what is left to send of it has one message."""
    if context.delivery.ticket_id is None or not context.ticket.is_confidential:
        return rendered
    if isinstance(rendered, RenderedMessage):
        return _message(context, rendered)
    if isinstance(rendered, RenderedFile):
        return _file(context, rendered)
    if isinstance(rendered, RenderedEmail):
        return replace(rendered, is_confidential=True, text="", answers=(), files=())
    return rendered


def _message(context: RenderContext, rendered: RenderedMessage) -> RenderedMessage:
    details = context.delivery.details
    is_first = not isinstance(details, CommentDetails) or details.part == 0
    if not is_first and rendered.edit_ts is None and not context.delivery.uncertain:
        raise Superseded(Reason.CONFIDENTIAL)
    text, blocks = confidential_message(
        context.translator, context.ticket, _occasion(context, rendered), rendered.blocks
    )
    shown = as_dicts(blocks)
    confined = replace(rendered, text=full_text(text, shown), blocks=shown)
    return confined if is_first else replace(confined, only_if_posted=True)


def _occasion(context: RenderContext, rendered: RenderedMessage) -> Occasion:
    kind, details = context.delivery.kind, context.delivery.details
    if isinstance(details, CommentDetails):
        sentence = _comment(context, details)
    else:
        has_buttons = any(block.get("type") == "actions" for block in rendered.blocks)
        sentence = sentence_of(kind, is_open=has_buttons)
    is_step = isinstance(details, AgreementDetails) and kind is DeliveryKind.AGREEMENT
    return Occasion(
        context.translator(sentence),
        mentions=_mentioned(context, rendered),
        step=context.delivery.details_as(AgreementDetails).approval_id if is_step else None,
        is_former=not context.is_personal and context.is_handed_over,
    )


def _comment(context: RenderContext, details: CommentDetails) -> str:
    comment = context.session.get_one(Comment, details.comment_id)
    return sentence_of_comment(
        context.ticket, comment.event.action, comment.author_id, for_requester=context.is_personal
    )


def _mentioned(context: RenderContext, rendered: RenderedMessage) -> str | None:
    """The technician who has the ticket, where the ordinary message notifies them."""
    assignee = context.ticket.assignee
    if context.is_personal or context.delivery.kind not in _NOTIFIES or assignee is None:
        return None
    return assignee.slack_id if f'"user_id": "{assignee.slack_id}"' in json.dumps(rendered.blocks) else None


def _may_read(context: RenderContext) -> bool:
    """Whether who asked for a copy still has the ticket before them: it may have been handed over since."""
    ticket, person = context.ticket, context.person
    return person is ticket.requester or ticket.team_id in teams_on_record(context.session, person.slack_id)


def _file(context: RenderContext, rendered: RenderedFile) -> RenderedFile:
    """Posted in the team's own channel, and where its reader asked for it; else it is stored only, and the
    detail sends it."""
    details = context.delivery.details_as(FileDetails)
    if context.is_personal:
        is_posted = details.is_asked_for and _may_read(context)
    else:
        is_posted = rendered.channel == context.ticket.team.channel_id
    return rendered if is_posted else replace(rendered, channel=None, thread_ts=None, slack_id=None)
