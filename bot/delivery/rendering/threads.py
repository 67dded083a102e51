"""What stands in threads: lines for the team, what people say to each other, files."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks.i18n import Translator, translator
from blocks.tickets import comments, resolution
from bot.delivery.errors import WordsMissing
from bot.delivery.rendering.lookup import (
    HANDED_OVER,
    as_dicts,
    card_now,
    card_of,
    dm_of,
    event_of,
    handed_over_since,
    message,
    person_of,
    reference_of,
    ticket_of,
)
from bot.delivery.rendering.rendered import FileRemoval, Rendered, RenderedFile, RenderedMessage, Superseded
from bot.delivery.rendering.undelivered import render_undelivered
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.tickets.attachment import Attachment, AttachmentState, FileCopy, key_of
from models.tickets.comment import Comment


def render_thread(session: Session, delivery: Delivery, _: Translator) -> Rendered:
    """What was done, for the team, in the thread of its card."""
    ticket, event = ticket_of(session, delivery), event_of(session, delivery)
    if "undelivered" in delivery.details or "deactivated" in delivery.details:
        return render_undelivered(session, delivery, _)
    if ticket.team_id != delivery.team_id:
        raise Superseded(HANDED_OVER)
    card = card_of(session, delivery)
    assignee = ticket.assignee
    return RenderedMessage(
        channel=card.channel,
        slack_id=None,
        text=resolution.thread_text(_, ticket, event),
        blocks=as_dicts(resolution.thread_note(_, event, assignee.slack_id if assignee else None)),
        thread_ts=card.ts,
    )


def render_comment(session: Session, delivery: Delivery, _: Translator) -> Rendered:
    """One part of what somebody said, for the other side: in the requester's direct message, or in the thread
    of the team's card."""
    ticket, event = ticket_of(session, delivery), event_of(session, delivery)
    words = session.get_one(Comment, delivery.details["comment"])
    part = delivery.details["part"]
    reference = reference_of(session, delivery, number=event.number, part=part)
    taken_back = reference is None and (words.deleted_at is not None or part >= words.pieces)
    if taken_back and not delivery.uncertain:
        raise Superseded("its author took it back before it was sent")
    if delivery.person_id is not None:
        person = person_of(session, delivery)
        _ = translator(person.locale)
        text, blocks = comments.for_requester(_, ticket, words, part)
        place = dm_of(person, reference)
        told = message(delivery, place, text, blocks, reference, number=event.number, part=part)
        return replace(told, only_if_posted=taken_back)
    moved = ticket.team_id != delivery.team_id
    if reference is not None and moved and words.deleted_at is None:
        raise Superseded(HANDED_OVER)
    if reference is not None:
        channel, thread_ts = reference.channel, None
    else:
        card = card_now(session, ticket) if moved else card_of(session, delivery)
        channel, thread_ts = card.channel, card.ts
    text, blocks = comments.for_team(_, ticket, words, part)
    told = message(delivery, (channel, None), text, blocks, reference, number=event.number, part=part)
    return replace(told, thread_ts=thread_ts, only_if_posted=taken_back)


def render_file(session: Session, delivery: Delivery) -> Rendered:
    """A file, for the thread where it belongs. Raises `Superseded` when it could not be had."""
    file = session.get_one(Attachment, delivery.details["attachment"])
    if "remove" in delivery.details:
        return _removal(session, file, delivery.details["remove"])
    if file.state is AttachmentState.FAILED:
        raise Superseded(file.reason or "it could not be had")
    channel, thread_ts = _thread_for(session, delivery, file)
    return RenderedFile(
        file.id, file.slack_file_id, file.owner_slack_id, file.name, file.key, channel, thread_ts
    )


def _removal(session: Session, file: Attachment, copy: str | None) -> FileRemoval:
    """All that there is of a file; `copy`: the one that a delivery of version 0.1 names."""
    copies = session.scalars(select(FileCopy.slack_file_id).where(FileCopy.attachment_id == file.id)).all()
    keys = {key_of(file), file.key or key_of(file)}
    return FileRemoval(file.id, sorted({*copies, *([copy] if copy else [])}), sorted(keys))


def _thread_for(session: Session, delivery: Delivery, file: Attachment) -> tuple[str | None, str | None]:
    """Under which message a file goes: the team's card, or the words that it came with for the requester.
    What was posted in the card's thread by hand stands there already."""
    if delivery.person_id is not None:
        assert delivery.event_number
        words = reference_of(session, delivery, kind=DeliveryKind.COMMENT, number=delivery.event_number)
        if words is None:
            raise WordsMissing("the words that it came with were not sent")
        return words.channel, words.ts
    if handed_over_since(session, delivery):  # it was announced anew then, even if the team has it back
        raise Superseded(HANDED_OVER)
    card = card_of(session, delivery)
    posted_here = file.comment is not None and file.comment.channel == card.channel
    return (None, None) if posted_here else (card.channel, card.ts)
