"""The answer to what somebody wrote outside of threads: new, below their words, or edited."""

from collections.abc import Mapping
from decimal import Decimal

from blocks import message_drafts as blocks
from blocks.kit.block_text import Content, full_text
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.lookup import as_dicts, direct_message
from bot.delivery.rendering.rendered import MessageRemoval, Rendered, RenderedMessage, Sent
from bot.views import message_drafts
from models.message_draft import MessageDraft
from models.outbox.details import DraftDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason


def _draft(context: RenderContext) -> Rendered:
    """Each delivery sends one revision of the draft; a later one has its own, which waits for it."""
    details = context.delivery.details_as(DraftDetails)
    draft, _ = context.session.get(MessageDraft, details.draft_id), context.translator
    if draft is None:
        raise Superseded(Reason.DRAFT_GONE)
    if details.revision < draft.revision:
        if not context.delivery.uncertain:
            raise Superseded(Reason.LATER_EDIT_FOLLOWS)
        return _message(context, ("", []), only_if_posted=True)
    if draft.ticket_id is not None:
        return _message(context, blocks.used(_, draft), edit=_standing(draft))
    if not draft.messages:
        return MessageRemoval(_standing(draft))
    answer = message_drafts.answer(_, context.session, draft)
    if draft.answer_ts is None:
        return _message(context, answer)
    if draft.is_mention or Decimal(draft.answer_ts) > Decimal(draft.messages[-1].ts):
        return _message(context, answer, edit=_standing(draft))
    return _message(context, answer, replaces=_standing(draft))


def _standing(draft: MessageDraft) -> Sent:
    """Where the last answer stands. Raises `Superseded` when there is none."""
    if draft.answer_channel is None or draft.answer_ts is None:
        raise Superseded(Reason.NEVER_POSTED)
    return Sent(draft.answer_channel, draft.answer_ts)


def _message(
    context: RenderContext,
    content: Content,
    *,
    edit: Sent | None = None,
    replaces: Sent | None = None,
    only_if_posted: bool = False,
) -> RenderedMessage:
    headline, shown = content[0], as_dicts(content[1])
    destination = direct_message(context.person, None)
    return RenderedMessage(
        channel=edit.channel if edit else destination.channel,
        slack_id=destination.slack_id,
        text=full_text(headline, shown),
        blocks=shown,
        edit_ts=edit.ts if edit else None,
        replaces=replaces,
        only_if_posted=only_if_posted,
    )


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.DRAFT: _draft}
