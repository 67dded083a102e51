"""What is said of a step that nobody decides: e-mails to its approvers, and lines for the team."""

from collections.abc import Iterable
from secrets import token_hex

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.rows import event_delivery
from models.approvals.approval import Approval, Approver
from models.outbox.delivery import Delivery
from models.outbox.details import AgreementLineDetails, MailDetails
from models.outbox.kinds import DeliveryKind, Queue
from models.outbox.recipient import Recipient, team_recipient
from models.tickets.event import Event

AGREEMENT_MAIL = "agreement"


def queue_agreement_mails(
    uow: UnitOfWork, event: Event, approval: Approval, approvers: Iterable[Approver]
) -> None:
    """Queue the one e-mail that each of them gets about a step, unless it was queued before. `event`: the
    ticket's last."""
    for each in approvers:
        delivery = event_delivery(uow, event, DeliveryKind.MAIL, Recipient(Queue.MAIL, each.person_id))
        delivery.details = MailDetails(AGREEMENT_MAIL, token_hex(8), approval.id)
        delivery.key = f"{event.ticket_id}:agreement:{approval.id}:mail:{each.person_id}"
        if uow.session.scalar(select(Delivery.id).where(Delivery.key == delivery.key)) is None:
            uow.session.add(delivery)


def tell_team(uow: UnitOfWork, event: Event, approval: Approval, *, dropped: Approver | None = None) -> None:
    """Queue a line for the team: nobody decides, or somebody was `dropped`. Of a ticket without a card
    they hear nothing. `event`: the ticket's last."""
    if not event.ticket.has_card:
        return
    line = event_delivery(uow, event, DeliveryKind.THREAD, team_recipient(event.ticket.team_id))
    line.details = AgreementLineDetails(approval.id, dropped.id if dropped else None)
    what = f"dropped:{dropped.id}" if dropped else "unanswered"
    line.key = f"{event.ticket_id}:agreement:{approval.id}:{what}:{uow.now.timestamp():.0f}"
    uow.session.add(line)
