"""Where the worker's messages stand: kept once they are sent, forgotten once they are gone."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.delivery.rendering.lookup import destination_team
from bot.delivery.rendering.rendered import ReferenceKey, Rendered, RenderedMessage, Sent
from bot.notifications.requeue import requeue_dead
from models.catalogue import Team
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.person import Person
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

# Deliveries that edit a message of another kind.
EDITS = {DeliveryKind.RESOLUTION_RESULT: DeliveryKind.APPROVAL, DeliveryKind.MOVED: DeliveryKind.TRIAGE_CARD}
# Cards in a team's channel, which another's takes while that is out of reach.
TEAM_CARDS = {DeliveryKind.TRIAGE_CARD, DeliveryKind.OUTAGE}


def save(session: Session, delivery: Delivery, rendered: Rendered, sent: Sent | str | None) -> None:
    """Keep where a message stands, and the direct message that was opened for it."""
    if not isinstance(rendered, RenderedMessage) or not isinstance(sent, Sent):
        return
    if rendered.slack_id and delivery.person_id:
        session.get_one(Person, delivery.person_id).dm_channel = sent.channel
        if rendered.channel and rendered.channel != sent.channel:
            _follow(session, delivery, rendered.channel, sent.channel)
    if delivery.kind is DeliveryKind.MOVED:
        _keep_as_moved(session, delivery)
    elif delivery.kind is DeliveryKind.OUTAGE:
        _save_outage_reference(session, delivery, sent)
    elif rendered.reference and not rendered.edit_ts:
        session.add(_post(rendered.reference, sent))
        if delivery.kind is DeliveryKind.TRIAGE_CARD:
            _requeue_thread(session, delivery)


def begin_mail_thread(session: Session, ticket_id: int, message_id: str) -> None:
    """Keep under which Message-ID a ticket's first e-mail leaves: a note of ours, which moves no version."""
    session.execute(
        update(Ticket)
        .where(Ticket.id == ticket_id, Ticket.mail_root.is_(None))
        .values(mail_root=message_id)
        .execution_options(synchronize_session=False)
    )


def _follow(session: Session, delivery: Delivery, old: str, new: str) -> None:
    """The direct message has another id than before: the person's messages are looked for there."""
    session.execute(
        update(MessageReference)
        .where(MessageReference.channel == old, MessageReference.recipient == delivery.recipient)
        .values(channel=new)
        .execution_options(synchronize_session=False)
    )


def _requeue_thread(session: Session, delivery: Delivery) -> None:
    """A card stands in a channel anew: what found no place in its thread goes there."""
    assert delivery.team_id is not None
    assert delivery.started_at is not None
    requeue_dead(session, now=delivery.started_at, teams=[delivery.team_id], ticket_id=delivery.ticket_id)


def _post(key: ReferenceKey, sent: Sent) -> MessageReference:
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
    """The message that the delivery edits is gone, or nobody's any more. A living card is posted anew; what
    is written under the old one is still its ticket's."""
    if delivery.kind is DeliveryKind.OUTAGE:
        _save_outage_reference(session, delivery, None)
        return
    kind = EDITS.get(delivery.kind, delivery.kind)
    gone = select(MessageReference).where(
        MessageReference.ticket_id == delivery.ticket_id,
        MessageReference.recipient == delivery.recipient,
        MessageReference.kind == kind,
    )
    if kind is DeliveryKind.COMMENT:
        gone = gone.where(
            MessageReference.event_number == delivery.event_number,
            MessageReference.part == delivery.details["part"],
        )
    for post in session.scalars(gone).all():
        session.merge(post.gone())
        session.delete(post)
    session.flush()


def _save_outage_reference(session: Session, delivery: Delivery, sent: Sent | None) -> None:
    """Where an outage's card stands, if anywhere: a note of ours, which moves no version of what it says."""
    place = {"channel": sent.channel if sent else None, "ts": sent.ts if sent else None}
    session.execute(update(Outage).where(Outage.id == delivery.outage_id).values(place))


def _keep_as_moved(session: Session, delivery: Delivery) -> None:
    """The message is no longer the team's card: a later one is posted anew. Its kind tells what people write
    under it apart."""
    session.execute(
        update(MessageReference)
        .where(
            MessageReference.ticket_id == delivery.ticket_id,
            MessageReference.recipient == delivery.recipient,
            MessageReference.kind == DeliveryKind.TRIAGE_CARD,
        )
        .values(kind=DeliveryKind.MOVED, event_number=delivery.event_number)
    )


def channel_of(session: Session, delivery: Delivery) -> str | None:
    """Where a team's card stands; before it was posted, where it is to go."""
    if delivery.kind is DeliveryKind.OUTAGE:
        stands = session.get_one(Outage, delivery.outage_id).channel
    else:
        query = select(MessageReference.channel).where(
            MessageReference.ticket_id == delivery.ticket_id,
            MessageReference.recipient == delivery.recipient,
            MessageReference.kind == DeliveryKind.TRIAGE_CARD,
        )
        stands = session.scalar(query)
    return stands or destination_team(session, delivery).channel_id


def can_fall_back(session: Session, delivery: Delivery) -> bool:
    """Whether it is a card that another channel can take."""
    if delivery.kind not in TEAM_CARDS or delivery.details.get("fallback"):
        return False
    team = session.get_one(Team, delivery.team_id)
    is_last = team.is_default and not team.archived
    return not is_last or _stood_elsewhere(session, delivery, team)


def fall_back(session: Session, delivery: Delivery) -> None:
    """The card goes to the default team's channel, so that no ticket is invisible; to the team's own when it
    stood in another until now."""
    team = session.get_one(Team, delivery.team_id)
    if not _stood_elsewhere(session, delivery, team):
        row = session.scalars(select(Delivery).where(Delivery.id == delivery.id)).one()
        row.details = {**row.details, "fallback": True}
    delete_reference(session, delivery)


def _stood_elsewhere(session: Session, delivery: Delivery, team: Team) -> bool:
    fit = team.channel_id is not None and team.channel_problem is None
    return fit and channel_of(session, delivery) != team.channel_id
