"""The messages that ask a ticket's approvers, and those that tell its requester that nobody decides.

An approver has one message for each time that they are asked. All of a step's messages are edited as it goes
on, to its final state.
"""

from collections.abc import Sequence

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.rows import event_delivery
from models.approvals.approval import CURRENT, Approval, Approver, StepState
from models.approvals.request import files_of_request
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.details import AgreementDetails, FileDetails
from models.outbox.kinds import UPDATE, DeliveryKind, Queue
from models.outbox.recipient import Recipient
from models.tickets.event import Event


def show_approvals(uow: UnitOfWork, event: Event, *, why: str = "", again: bool = False) -> None:
    """Queue what the steps of a ticket ask for after a change: a message for each approver who is new, edits
    of those that stand. `again`: who has not decided gets another message. `event`: the ticket's last; `why`
    makes the keys of the deliveries differ from those of the event itself."""
    uow.session.flush()  # the ids of new steps
    for approval in _changed(uow, event):
        _show_wait(uow, event, approval, why)
        for approver in approval.approvers:
            if approver.messages:
                _edit(uow, event, approver, why)
            if approver.is_open and (again or not approver.messages):
                _ask(uow, event, approver, why)


def redraw_approvals(uow: UnitOfWork, event: Event, *, why: str) -> None:
    """Queue the edits of all messages about a ticket's steps, which say the same in other words."""
    rows = select(Approval).where(Approval.ticket_id == event.ticket_id).order_by(Approval.position)
    for approval in uow.session.scalars(rows).all():
        _edit_waits(uow, event, approval, why)
        for approver in approval.approvers:
            _edit(uow, event, approver, why)


def ask_once_more(uow: UnitOfWork, event: Event, approver: Approver) -> None:
    """Queue another message for who was asked before, if they may decide: an edit tells nobody."""
    if approver.is_open and approver.messages:
        _ask(uow, event, approver, "again")


def _changed(uow: UnitOfWork, event: Event) -> Sequence[Approval]:
    """Those that are asked, and those that have just been closed."""
    rows = select(Approval).where(Approval.ticket_id == event.ticket_id).order_by(Approval.position)
    return [each for each in uow.session.scalars(rows) if each.state in CURRENT or each.decided_at == uow.now]


def _ask(uow: UnitOfWork, event: Event, approver: Approver, why: str) -> None:
    approver.messages += 1
    recipient = Recipient(Queue.DIRECT_MESSAGE, approver.person_id)
    uow.session.add(_delivery(uow, event, recipient, approver.approval, approver.messages - 1, why))
    _show_home(uow, event, approver, why)
    _post_files(uow, event, approver, recipient)


def _post_files(uow: UnitOfWork, event: Event, approver: Approver, recipient: Recipient) -> None:
    """Queue what the requester attached and the approver does not have yet."""
    begin = f"{event.ticket_id}:{DeliveryKind.FILE}:agreement:{approver.approval_id}:{recipient}:"
    keys = set(
        uow.session.scalars(
            select(Delivery.key).where(
                Delivery.ticket_id == event.ticket_id, Delivery.key.startswith(begin, autoescape=True)
            )
        )
    )
    for file in uow.session.scalars(files_of_request(event.ticket_id)):
        if (key := f"{begin}{file.id}") not in keys:
            delivery = event_delivery(uow, event, DeliveryKind.FILE, recipient)
            delivery.details, delivery.key = FileDetails(file.id, approval_id=approver.approval_id), key
            uow.session.add(delivery)


def _edit(uow: UnitOfWork, event: Event, approver: Approver, why: str) -> None:
    recipient = Recipient(Queue.DIRECT_MESSAGE, approver.person_id)
    for part in range(approver.messages):
        delivery = _delivery(uow, event, recipient, approver.approval, part, why)
        delivery.method = UPDATE
        uow.session.add(delivery)
    _show_home(uow, event, approver, why)


def _show_wait(uow: UnitOfWork, event: Event, approval: Approval, why: str) -> None:
    """The requester's messages about the step; another one when they have something to do."""
    is_queried = approval.state is StepState.INCOMPLETE and event.action is Action.QUERY
    if is_queried or (approval.state is StepState.CHOICE and not approval.messages):
        ask_requester(uow, event, approval, why=why)
    else:
        _edit_waits(uow, event, approval, why)


def ask_requester(uow: UnitOfWork, event: Event, approval: Approval, *, why: str) -> None:
    """Queue another message for the requester: they may complete it, choose somebody, or cancel."""
    _edit_waits(uow, event, approval, why)
    approval.messages += 1
    uow.session.add(_wait(uow, event, approval, approval.messages - 1, why))


def _edit_waits(uow: UnitOfWork, event: Event, approval: Approval, why: str) -> None:
    for part in range(approval.messages):
        delivery = _wait(uow, event, approval, part, why)
        delivery.method = UPDATE
        uow.session.add(delivery)


def _wait(uow: UnitOfWork, event: Event, approval: Approval, part: int, why: str) -> Delivery:
    recipient = Recipient(Queue.DIRECT_MESSAGE, event.ticket.requester_id)
    return _delivery(uow, event, recipient, approval, part, why, kind=DeliveryKind.AGREEMENT_WAIT)


def _delivery(
    uow: UnitOfWork,
    event: Event,
    recipient: Recipient,
    approval: Approval,
    part: int,
    why: str,
    *,
    kind: DeliveryKind = DeliveryKind.AGREEMENT,
) -> Delivery:
    delivery = event_delivery(uow, event, kind, recipient)
    delivery.details = AgreementDetails(approval.id, part)
    delivery.key = f"{event.ticket_id}:{event.number}:{kind}:{recipient}:{approval.id}:{part}:{why}"
    return delivery


def _show_home(uow: UnitOfWork, event: Event, approver: Approver, why: str) -> None:
    """Queue the approver's App Home, once, if they ever opened it."""
    recipient = Recipient(Queue.HOME, approver.person_id)
    shown = (DeliveryKind.HOME, recipient, None)
    if approver.person.home_opened_at is None or shown in uow.queued:
        return
    uow.queued.add(shown)
    delivery = event_delivery(uow, event, DeliveryKind.HOME, recipient)
    delivery.key = f"{delivery.key}:agreement:{why}"
    uow.session.add(delivery)
