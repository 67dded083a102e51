"""What requesters write under the message that asks them to complete a request: it completes it, too."""

from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.complete import complete_request
from bot.services.tickets.comments import threads
from bot.services.tickets.comments.threads import ThreadMessage, comment_at, reference_at
from models.approvals.approval import StepState
from models.approvals.process import current
from models.characters import is_blank
from models.outbox.kinds import DeliveryKind
from models.tickets.ticket import Ticket


def receive(uow: UnitOfWork, message: ThreadMessage) -> Ticket | None:
    """Write the comment of a message in a thread, as `threads.receive` does and raises. Below the message
    that asks for an information its words and files complete the request: the approver is asked again."""
    root = reference_at(uow.session, message.channel, message.thread_ts)
    is_known = comment_at(uow.session, message.channel, message.ts) is not None
    ticket = threads.receive(uow, message)
    if ticket is None or is_known or root is None or root.kind is not DeliveryKind.AGREEMENT_WAIT:
        return ticket
    step = current(approvals_of(uow.session, ticket.id))
    comment = comment_at(uow.session, message.channel, message.ts)
    if step is not None and step.state is StepState.INCOMPLETE and comment is not None:
        words = ", ".join(file.name for file in message.files) if is_blank(comment.text) else comment.text
        complete_request(uow, ticket.id, words, answers=(), is_in_thread=True)
    return ticket
