"""A line for the team: what did not reach the ticket's requester, and why."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blocks.i18n import Translator
from blocks.tickets.undelivered import Lost, undelivered_note, undelivered_text
from bot.delivery.rendering.lookup import as_dicts, card_now, card_of, event_of, ticket_of
from bot.delivery.rendering.rendered import RenderedMessage
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Undelivered
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.event import Event

# What version 0.1 queued, once a ticket, of an account that was deactivated.
_DEACTIVATED = {"kind": DeliveryKind.CARD.value, "why": Undelivered.ACCOUNT_CLOSED.value}


def render_undelivered(session: Session, delivery: Delivery, _: Translator) -> RenderedMessage:
    """The line, in the thread of the card of the team that has the ticket now: it is theirs to mend."""
    ticket, event = ticket_of(session, delivery), event_of(session, delivery)
    moved = ticket.team_id != delivery.team_id
    card = card_now(session, ticket) if moved else card_of(session, delivery)
    lost = _lost(session, event, delivery.details.get("undelivered", _DEACTIVATED))
    assignee = ticket.assignee.slack_id if ticket.assignee else None
    return RenderedMessage(
        channel=card.channel,
        slack_id=None,
        text=undelivered_text(_, ticket, lost),
        blocks=as_dicts(undelivered_note(_, lost, assignee)),
        thread_ts=card.ts,
    )


def _lost(session: Session, event: Event, details: dict[str, Any]) -> Lost:
    kind, why = DeliveryKind(details["kind"]), Undelivered(details["why"])
    name, author = event.ticket.requester.name, event.actor.name
    if kind is DeliveryKind.COMMENT:
        words = session.scalars(select(Comment).where(Comment.event_id == event.id)).one()
        count = select(func.count()).where(Attachment.comment_id == words.id)
        files = session.scalar(count) or 0
        return Lost(kind, why, name, author, words.text, has_files=files > 0, is_edit=details["edit"])
    file = session.get_one(Attachment, details["file"]).name if kind is DeliveryKind.FILE else ""
    return Lost(kind, why, name, author, file=file)
