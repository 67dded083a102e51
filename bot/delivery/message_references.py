"""Saves the channel and `ts` of each message sent, and deletes them once the message is gone."""

from collections.abc import Callable, Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.delivery.rendering.lookup import destination_team, reference_of
from bot.delivery.rendering.rendered import (
    MessageRemoval,
    Outcome,
    ReferenceKey,
    Rendered,
    RenderedMessage,
    Sent,
)
from bot.notifications.maintenance.requeue import requeue_dead
from bot.notifications.waits.outcome import count_warnings
from models.announcements.announcement import Announcement
from models.catalogue import Team
from models.departures.departure import Departure
from models.message_draft import MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.details import (
    CommentDetails,
    DepartureDetails,
    DraftDetails,
    FallbackDetails,
    ReminderDetails,
)
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.recipient import Recipient
from models.outbox.reminder import Reminder
from models.person import Person
from models.removals.removal import Removal
from models.removals.ticket_message import TicketMessage
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket


def save(session: Session, delivery: Delivery, rendered: Rendered, sent: Outcome) -> None:
    """Save what is known once a message was sent: the direct message that was opened for it, and what
    `SAVED` says of its kind."""
    if isinstance(rendered, MessageRemoval):
        delete_reference(session, delivery)
    if not isinstance(rendered, RenderedMessage) or not isinstance(sent, Sent):
        return
    if rendered.slack_id and delivery.person_id:
        session.get_one(Person, delivery.person_id).dm_channel = sent.channel
        if rendered.channel and rendered.channel != sent.channel:
            _follow(session, delivery, rendered.channel, sent.channel)
    SAVED.get(delivery.kind, _save_reference)(session, delivery, rendered, sent)


def begin_mail_thread(session: Session, ticket_id: int, message_id: str) -> None:
    """Save the Message-ID of a ticket's first e-mail. The ticket's version stays: nothing that it shows
    changes."""
    session.execute(
        update(Ticket)
        .where(Ticket.id == ticket_id, Ticket.mail_root.is_(None))
        .values(mail_root=message_id)
        .execution_options(synchronize_session=False)
    )


def _follow(session: Session, delivery: Delivery, old: str, new: str) -> None:
    """Change the channel of a person's messages: their direct message has another id than before."""
    session.execute(
        update(MessageReference)
        .where(MessageReference.channel == old, MessageReference.recipient == delivery.recipient)
        .values(channel=new)
        .execution_options(synchronize_session=False)
    )
    for table in (TicketMessage, Removal):
        moved = update(table).where(table.channel == old).values(channel=new)
        session.execute(moved, execution_options={"synchronize_session": False})


def _save_reference(session: Session, delivery: Delivery, rendered: RenderedMessage, sent: Sent) -> None:
    """A new message: where it is edited later; of any other, where it is deleted with what is said in it."""
    if rendered.edit_ts:
        return
    if rendered.reference:
        session.add(_reference(rendered.reference, sent))
        return
    numbers = rendered.tickets or ([delivery.ticket_id] if delivery.ticket_id else [])
    for number in numbers:
        place = {"channel": sent.channel, "ts": sent.ts, "thread_ts": rendered.thread_ts}
        session.merge(TicketMessage(ticket_id=number, **place))


def _save_triage_card(session: Session, delivery: Delivery, rendered: RenderedMessage, sent: Sent) -> None:
    """A new card also gets what had no card to be posted under."""
    _save_reference(session, delivery, rendered, sent)
    if not rendered.edit_ts:
        assert delivery.team_id is not None
        assert delivery.started_at is not None
        requeue_dead(session, now=delivery.started_at, teams=[delivery.team_id], ticket_id=delivery.ticket_id)


def _save_prompt(session: Session, delivery: Delivery, rendered: RenderedMessage, sent: Sent) -> None:
    """The message that it replaces is deleted."""
    assert delivery.ticket_id is not None
    _save_as_gone(session, reference_of(session, delivery))
    _save_reference(session, delivery, rendered, sent)


def _save_as_gone(session: Session, reference: MessageReference | None) -> None:
    """A message of ours was deleted; what is written under it still belongs to its ticket."""
    if reference is not None:
        session.merge(reference.gone())
        session.delete(reference)
        session.flush()


def _save_moved_card(session: Session, delivery: Delivery, _rendered: RenderedMessage, _sent: Sent) -> None:
    """The message is no longer the team's card: a later one is posted anew. By its kind, a reply under it is
    told from one under a card."""
    session.execute(
        update(MessageReference)
        .where(
            MessageReference.ticket_id == delivery.ticket_id,
            MessageReference.recipient == delivery.recipient,
            MessageReference.kind == delivery.kind.description.edits,
        )
        .values(kind=delivery.kind, event_number=delivery.event_number)
    )


def _save_outage_card(session: Session, delivery: Delivery, _rendered: RenderedMessage, sent: Sent) -> None:
    _save_outage_reference(session, delivery, sent)


def _save_draft(session: Session, delivery: Delivery, _rendered: RenderedMessage, sent: Sent) -> None:
    _save_answer(session, delivery, sent)


def _save_reminder(session: Session, delivery: Delivery, rendered: RenderedMessage, sent: Sent) -> None:
    """Where a person's reminder is; a new one was a warning about its tickets. An edit moves
    nothing."""
    if not rendered.edit_ts:
        assert delivery.person_id is not None
        assert delivery.started_at is not None
        place = {"channel": sent.channel, "ts": sent.ts}
        session.merge(Reminder(person_id=delivery.person_id, sent_at=delivery.started_at, **place))
        count_warnings(session, delivery, now=delivery.started_at)


def _save_summary(session: Session, delivery: Delivery, _rendered: RenderedMessage, sent: Sent) -> None:
    _save_departure(session, delivery, sent)


def _save_announcement(session: Session, delivery: Delivery, _rendered: RenderedMessage, sent: Sent) -> None:
    _save_place(session, delivery, sent)


SAVED: Mapping[DeliveryKind, Callable[[Session, Delivery, RenderedMessage, Sent], None]] = {
    DeliveryKind.TRIAGE_CARD: _save_triage_card,
    DeliveryKind.MOVED: _save_moved_card,
    DeliveryKind.OUTAGE: _save_outage_card,
    DeliveryKind.ANNOUNCEMENT: _save_announcement,
    DeliveryKind.PROMPT: _save_prompt,
    DeliveryKind.DRAFT: _save_draft,
    DeliveryKind.REMINDER: _save_reminder,
    DeliveryKind.DEPARTURE_SUMMARY: _save_summary,
}
"""What is saved after a message of a kind was sent; for any other kind `_save_reference`."""


def _reference(key: ReferenceKey, sent: Sent) -> MessageReference:
    return MessageReference(
        ticket_id=key.ticket_id,
        recipient=key.recipient,
        kind=key.kind,
        event_number=key.event_number,
        part=key.part,
        channel=sent.channel,
        ts=sent.ts,
    )


def delete_reference(session: Session, delivery: Delivery) -> None:
    """Delete the reference of the message that the delivery edits, which is gone. A living card is posted
    anew; what is written under the old one still belongs to its ticket."""
    if delivery.kind.description.is_of_outage:
        _save_outage_reference(session, delivery, None)
        return
    if delivery.kind is DeliveryKind.ANNOUNCEMENT:
        _save_place(session, delivery, None)
        return
    if isinstance(delivery.details, DraftDetails):
        _save_answer(session, delivery, None)
        return
    if isinstance(delivery.details, DepartureDetails):
        _save_departure(session, delivery, None)
        return
    if isinstance(delivery.details, ReminderDetails):
        standing = session.get(Reminder, delivery.person_id)
        if standing is not None:
            standing.channel = standing.ts = None
        return
    gone = select(MessageReference).where(
        MessageReference.ticket_id == delivery.ticket_id,
        MessageReference.recipient == delivery.recipient,
        MessageReference.kind == (delivery.kind.description.edits or delivery.kind),
    )
    if isinstance(delivery.details, CommentDetails):
        gone = gone.where(
            MessageReference.event_number == delivery.event_number,
            MessageReference.part == delivery.details.part,
        )
    for reference in session.scalars(gone).all():
        _save_as_gone(session, reference)


def _save_outage_reference(session: Session, delivery: Delivery, sent: Sent | None) -> None:
    """Save where an outage's card is. The outage's version stays: nothing that it shows changes."""
    reference = {"channel": sent.channel if sent else None, "ts": sent.ts if sent else None}
    session.execute(update(Outage).where(Outage.id == delivery.outage_id).values(reference))


def _save_place(session: Session, delivery: Delivery, sent: Sent | None) -> None:
    """Save where an announcement is."""
    place = {"channel": sent.channel if sent else None, "ts": sent.ts if sent else None}
    number = Recipient.parse(delivery.recipient).id
    session.execute(update(Announcement).where(Announcement.id == number).values(place))


def _save_answer(session: Session, delivery: Delivery, sent: Sent | None) -> None:
    """Save where the answer to a draft is. Its revision stays: nothing that it shows changes."""
    place = {"answer_channel": sent.channel if sent else None, "answer_ts": sent.ts if sent else None}
    draft_id = delivery.details_as(DraftDetails).draft_id
    session.execute(update(MessageDraft).where(MessageDraft.id == draft_id).values(place))


def _save_departure(session: Session, delivery: Delivery, sent: Sent | None) -> None:
    """Save where the summary of a departure is."""
    place = {"message_channel": sent.channel if sent else None, "message_ts": sent.ts if sent else None}
    departure_id = delivery.details_as(DepartureDetails).departure_id
    session.execute(update(Departure).where(Departure.id == departure_id).values(place))


def channel_of(session: Session, delivery: Delivery) -> str | None:
    """The channel that a team's card is in; before it was posted, where it is to go."""
    if delivery.kind.description.is_of_outage:
        channel = session.get_one(Outage, delivery.outage_id).channel
    else:
        query = select(MessageReference.channel).where(
            MessageReference.ticket_id == delivery.ticket_id,
            MessageReference.recipient == delivery.recipient,
            MessageReference.kind == DeliveryKind.TRIAGE_CARD,
        )
        channel = session.scalar(query)
    return channel or destination_team(session, delivery).channel_id


def can_fall_back(session: Session, delivery: Delivery) -> bool:
    """Whether it is a card that can go to another channel."""
    if not delivery.kind.description.is_team_card or isinstance(delivery.details, FallbackDetails):
        return False
    team = session.get_one(Team, delivery.team_id)
    is_last = (team.is_default and not team.archived) or keeps_to_own_channel(session, delivery)
    return not is_last or _is_elsewhere(session, delivery, team)


def keeps_to_own_channel(session: Session, delivery: Delivery) -> bool:
    """Whether it is for a team, about a confidential ticket: it waits until the team's channel is fit."""
    if delivery.ticket_id is None or delivery.team_id is None:
        return False
    return session.get_one(Ticket, delivery.ticket_id).is_confidential


def fall_back(session: Session, delivery: Delivery) -> None:
    """Send the card to the default team's channel, so that no ticket is invisible; to the team's own when it
    was in another until now."""
    team = session.get_one(Team, delivery.team_id)
    if not _is_elsewhere(session, delivery, team):
        session.get_one(Delivery, delivery.id).details = FallbackDetails()
    delete_reference(session, delivery)


def _is_elsewhere(session: Session, delivery: Delivery, team: Team) -> bool:
    """Whether the card is in another channel than its team's, which is fit for it."""
    is_fit = team.channel_id is not None and team.channel_problem is None
    return is_fit and channel_of(session, delivery) != team.channel_id
