"""Whom a line of the policy is for, of one event."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import bindparam, select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.policy import Audience, Notice, When
from models.base import UtcDateTime
from models.catalogue import Team
from models.lifecycle import Action, Agreement, Rating, Status
from models.outbox.kinds import DeliveryKind, Queue
from models.outbox.recipient import Recipient, team_recipient
from models.person import ChannelMember, Person
from models.tickets.event import Event
from models.tickets.ticket import Ticket

HOME_FRESH = timedelta(hours=1)
"""How long after its opening a technician's App Home is updated."""

# Built once: every change of every ticket runs it.
_FRESH_HOMES = (
    select(Person.id)
    .join(ChannelMember, ChannelMember.slack_id == Person.slack_id)
    .where(
        ChannelMember.channel == bindparam("channel"),
        Person.home_opened_at > bindparam("since", type_=UtcDateTime),
        Person.id != bindparam("requester"),
    )
    .order_by(Person.id)
)


def is_due(notice: Notice, event: Event, *, elsewhere: bool) -> bool:
    """Whether the policy's line applies to the event. `elsewhere`: its text was not written in the thread
    where its readers look."""
    ticket = event.ticket
    if notice.to is Audience.OUTAGE:
        return ticket.outage_id is not None
    if notice.to is Audience.APPROVERS:
        return ticket.agreement is not Agreement.NOT_NEEDED or event.details.agreement is not None
    if notice.kind is DeliveryKind.MOVED and notice.to is Audience.TEAM:
        return not ticket.has_card
    if notice.to is not Audience.REQUESTER and not ticket.has_card:
        return event.action is Action.ATTACH and notice.kind is DeliveryKind.HOME
    if notice.kind is DeliveryKind.HOME and notice.to is Audience.REQUESTER:
        return ticket.requester.home_opened_at is not None
    match notice.when:
        case When.ALWAYS | When.QUESTION:
            return True
        case When.ELSEWHERE:
            return elsewhere
        case When.ASKED:
            return ticket.status in {Status.RESOLVED, Status.CLOSED}
        case When.HOLDER:
            return _is_by_another_than_holder(event)
        case When.LATER:
            return event.details.is_later is True and event.actor_id != ticket.requester_id
        case When.DISSATISFIED:
            return event.details.rating is Rating.BAD
        case When.OTHERS:
            reader = ticket.requester_id if notice.to is Audience.REQUESTER else ticket.assignee_id
            return event.actor_id != reader


def _is_by_another_than_holder(event: Event) -> bool:
    """Whether the ticket has an assignee, or had one until this event, who is not the event's actor."""
    assignee = event.ticket.assignee
    holders = {assignee.slack_id if assignee else None, event.details.from_slack_id}
    return bool(holders - {None, event.actor.slack_id})


def recipients(uow: UnitOfWork, notice: Notice, event: Event) -> Iterator[Recipient]:
    """The recipients of what the policy's line asks for."""
    ticket = event.ticket
    match notice.to:
        case Audience.REQUESTER:
            yield Recipient(notice.kind.description.personal_queue, ticket.requester_id)
        case Audience.TEAM:
            yield team_recipient(ticket.team_id)
        case Audience.FORMER_TEAM if notice.kind is DeliveryKind.HOME:
            yield from _homes(uow, uow.session.get_one(Team, event.details.team), ticket)
        case Audience.FORMER_TEAM:
            assert event.details.team is not None
            yield team_recipient(event.details.team)
        case Audience.OUTAGE:
            yield Recipient(Queue.OUTAGE, ticket.outage_id)
        case Audience.TECHNICIANS:
            yield from _homes(uow, ticket.team, ticket)


def _homes(uow: UnitOfWork, team: Team, ticket: Ticket) -> Iterator[Recipient]:
    """The App Homes of a team's technicians who opened theirs within `HOME_FRESH`."""
    given = {"channel": team.channel_id, "since": uow.now - HOME_FRESH, "requester": ticket.requester_id}
    for person_id in uow.session.scalars(_FRESH_HOMES, given).all():
        yield Recipient(Queue.HOME, person_id)
