"""The deliveries that answer what somebody wrote outside of threads."""

from datetime import timedelta

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from models.message_draft import MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.details import DraftDetails
from models.outbox.kinds import DeliveryKind, DeliveryState, Queue
from models.outbox.reasons import Reason
from models.outbox.recipient import Recipient


def queue_answer(uow: UnitOfWork, draft: MessageDraft, *, after: timedelta) -> None:
    """Have the draft answered as it is now, `after` so long. One that waits and was not begun is moved."""
    details, due_at = DraftDetails(draft.id, draft.revision), uow.now + after
    waiting = _waiting(uow, draft)
    if waiting is not None:
        waiting.details, waiting.due_at = details, due_at
        return
    recipient, kind = Recipient(Queue.DIRECT_MESSAGE, draft.person_id), DeliveryKind.DRAFT
    uow.session.add(
        Delivery(
            kind=kind,
            recipient=str(recipient),
            method=kind.description.method,
            person_id=draft.person_id,
            details=details,
            key=f"draft:{draft.id}:{draft.revision}",
            created_at=uow.now,
            due_at=due_at,
        )
    )


def answer_now(uow: UnitOfWork, draft: MessageDraft) -> None:
    """Send the answer that waits at once."""
    waiting = _waiting(uow, draft)
    if waiting is not None:
        waiting.due_at = uow.now


def cancel_answer(uow: UnitOfWork, draft: MessageDraft) -> None:
    """Skip the answer that waits: the person was answered in another way."""
    waiting = _waiting(uow, draft)
    if waiting is not None:
        waiting.state, waiting.completed_at = DeliveryState.SKIPPED, uow.now
        waiting.reason = Reason.ANSWERED_BEFORE


def _waiting(uow: UnitOfWork, draft: MessageDraft) -> Delivery | None:
    """The draft's answer that no attempt has begun to send."""
    rows = uow.session.scalars(
        select(Delivery)
        .where(
            Delivery.state == DeliveryState.PENDING,
            Delivery.kind == DeliveryKind.DRAFT,
            Delivery.recipient == str(Recipient(Queue.DIRECT_MESSAGE, draft.person_id)),
            Delivery.started_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return next((row for row in rows if _draft_of(row) == draft.id), None)


def _draft_of(delivery: Delivery) -> int | None:
    return delivery.details.draft_id if isinstance(delivery.details, DraftDetails) else None
