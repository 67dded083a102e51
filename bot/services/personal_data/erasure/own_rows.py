"""Rows that are only about them, and Guichet's messages to them."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Table, delete, or_, select, update

from bot.context.unit_of_work import UnitOfWork
from bot.services.personal_data.erasure.erased import Erased
from bot.services.removals import rows
from bot.services.removals.queue import remove_file, remove_message
from bot.services.removals.uncertain import AFTER
from models.base import Base
from models.departures.departure import Departure, ReleasedTicket
from models.message_draft import MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.details import OwnDataDetails
from models.outbox.kinds import DeliveryKind, DeliveryState, Lane, Queue
from models.outbox.message_reference import MessageReference
from models.outbox.recipient import Recipient
from models.outbox.reminder import Reminder
from models.outbox.slack_event import HeardMessage
from models.person import ChannelMember, Person
from models.personal_data.columns import PERSONAL
from models.personal_data.rules import Fate
from models.removals.removal import RemovalKind, RemovalState
from models.tickets.attachment import FileCopy

PORTION = 200
_OWN = {"synchronize_session": False}


def remove_messages(uow: UnitOfWork, erased: Erased, after: int) -> int | None:
    """Have Guichet's messages to them deleted in Slack, with the files."""
    dm = str(Recipient(Queue.DIRECT_MESSAGE, erased.person.id))
    references = uow.session.scalars(
        select(MessageReference).where(MessageReference.recipient == dm).limit(PORTION)
    ).all()
    for each in references:
        remove_message(uow, each.channel, each.ts)
        uow.session.delete(each)
    copies = uow.session.scalars(select(FileCopy).where(FileCopy.recipient == dm).limit(PORTION)).all()
    for copy in copies:
        remove_file(uow, copy.slack_file_id)
        uow.session.delete(copy)
    uow.session.flush()
    return 0 if references or copies else None


def delete_deliveries(uow: UnitOfWork, erased: Erased, after: int) -> int | None:
    """Delete what was sent or waits to be sent to them; what stands in Slack is deleted there, too."""
    queues = (Queue.DIRECT_MESSAGE, Queue.HOME, Queue.MAIL)
    recipients = [str(Recipient(queue, erased.person.id)) for queue in queues]
    theirs = or_(Delivery.recipient.in_(recipients), Delivery.person_id == erased.person.id)
    some = uow.session.scalars(select(Delivery).where(theirs).limit(PORTION)).all()
    for each in some:
        is_in_slack = each.state is DeliveryState.SENT and each.kind.description.lane is Lane.SLACK
        if is_in_slack and each.remote_id and erased.person.dm_channel and each.kind is not DeliveryKind.HOME:
            remove_message(uow, erased.person.dm_channel, each.remote_id)
        _remove_zip(uow, each)
    numbers = [each.id for each in some]
    uow.session.execute(delete(Delivery).where(Delivery.id.in_(numbers)), execution_options=_OWN)
    uow.session.expire_all()
    return 0 if some else None


def _remove_zip(uow: UnitOfWork, delivery: Delivery) -> None:
    """Have the file with their own data deleted now, not after its week; one that is being posted, then."""
    if isinstance(delivery.details, OwnDataDetails) and delivery.details.file is not None:
        is_under_way = delivery.state is DeliveryState.PENDING and delivery.started_at is not None
        remove_file(uow, delivery.details.file, at=uow.now + AFTER if is_under_way else None)


def delete_rows(uow: UnitOfWork, erased: Erased, after: int) -> int | None:
    """Delete the rest: drafts, absences, reminders, searches, their places in channels."""
    _remove(uow, _places(uow, erased))
    _list_drafts(uow, erased)
    _delete_departures(uow, erased)
    is_theirs: ColumnElement[bool] = ChannelMember.slack_id == erased.person.slack_id
    uow.session.execute(delete(ChannelMember).where(is_theirs), execution_options=_OWN)
    if erased.person.dm_channel:
        is_to_them = HeardMessage.channel == erased.person.dm_channel
        uow.session.execute(delete(HeardMessage).where(is_to_them), execution_options=_OWN)
    of_theirs = Person.manager_id == erased.person.id
    uow.session.execute(update(Person).where(of_theirs).values(manager_read_at=None), execution_options=_OWN)
    _delete_what_leads_to_them(uow, erased)
    uow.session.expire_all()
    return None


def _delete_what_leads_to_them(uow: UnitOfWork, erased: Erased) -> None:
    """By the table of personal data, so that a new table is not forgotten."""
    for table in Base.metadata.sorted_tables:
        for name, rule in PERSONAL.get(table.name, {}).items():
            if not _leads_to_people(table, name):
                continue
            is_theirs = table.c[name] == erased.person.id
            if rule.fate in {Fate.DELETE, Fate.EXPIRE}:
                uow.session.execute(delete(table).where(is_theirs))
            elif rule.fate is Fate.EMPTY:
                uow.session.execute(update(table).where(is_theirs).values({name: None}))


def _leads_to_people(table: Table, name: str) -> bool:
    return any(key.column.table.name == "person" for key in table.c[name].foreign_keys)


def _places(uow: UnitOfWork, erased: Erased) -> Iterable[tuple[str | None, str | None]]:
    """Where messages to them are that only these rows know of."""
    person_id = erased.person.id
    for columns, owner in (
        ((Reminder.channel, Reminder.ts), Reminder.person_id),
        ((MessageDraft.answer_channel, MessageDraft.answer_ts), MessageDraft.person_id),
        ((Departure.message_channel, Departure.message_ts), Departure.person_id),
    ):
        yield from uow.session.execute(select(*columns).where(owner == person_id)).all()


def _remove(uow: UnitOfWork, places: Iterable[tuple[str | None, str | None]]) -> None:
    for channel, ts in list(places):
        if channel and ts:
            remove_message(uow, channel, ts)


def _list_drafts(uow: UnitOfWork, erased: Erased) -> None:
    """List what they wrote outside of threads, which no app can delete."""
    drafts = select(MessageDraft).where(MessageDraft.person_id == erased.person.id)
    written = [
        {
            "channel": draft.channel,
            "ts": message.ts,
            "owner": erased.person.slack_id,
            "state": RemovalState.OTHERS,
        }
        for draft in uow.session.scalars(drafts)
        for message in draft.messages
    ]
    rows.add(uow, RemovalKind.MESSAGE, written)


def _delete_departures(uow: UnitOfWork, erased: Erased) -> None:
    numbers = uow.session.scalars(select(Departure.id).where(Departure.person_id == erased.person.id)).all()
    for number in numbers:
        waiting = Delivery.key.startswith(f"departure:{number}:")
        uow.session.execute(delete(Delivery).where(waiting), execution_options=_OWN)
    released = ReleasedTicket.departure_id.in_(numbers)
    uow.session.execute(delete(ReleasedTicket).where(released), execution_options=_OWN)
    uow.session.execute(delete(Departure).where(Departure.id.in_(numbers)), execution_options=_OWN)
