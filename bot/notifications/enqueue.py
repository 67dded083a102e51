"""The deliveries that follow an event, as the policy asks for them.

They are written in the ticket's own transaction: no message without its ticket, no ticket without its
messages.
"""

from collections.abc import Sequence
from secrets import token_hex

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.children.follow import follow_children
from bot.notifications.comments import queue_comment, show_answered
from bot.notifications.files import announce_files, queue_files
from bot.notifications.policy import POLICY, Audience, Notice, When
from bot.notifications.recipients import is_due, recipients
from bot.notifications.rows import event_delivery
from bot.notifications.waits.approvals import show_approvals
from bot.notifications.waits.kept import show_to_team
from models.lifecycle import Action
from models.outbox.details import MailDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.recipient import Recipient
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def announce(
    uow: UnitOfWork,
    ticket: Ticket,
    event: Event,
    *,
    comment: Comment | None = None,
    files: Sequence[Attachment] = (),
    by_mail: bool = True,
    elsewhere: bool = False,
) -> None:
    """Queue what the policy says of this event: the comment that holds its text, the files that came along.

    Without `by_mail`, another event of the same transaction sends the e-mail. `elsewhere`: the text was not
    written in the thread where the team looks.
    """
    earlier = show_to_team(uow, event, files)
    is_of_form = comment is not None and comment.channel is None
    with uow.session.no_autoflush:  # one INSERT for all of them
        for notice in POLICY[event.action]:
            is_elsewhere = is_of_form or (elsewhere and notice.to is Audience.TEAM)
            if (notice.mail and not by_mail) or not is_due(notice, event, elsewhere=is_elsewhere):
                continue
            if notice.to is Audience.APPROVERS:
                show_approvals(uow, event, again=event.action is Action.COMPLETE)
                continue
            for recipient in recipients(uow, notice, event):
                if notice.when is When.QUESTION:
                    show_answered(uow, event, recipient)
                elif notice.kind is DeliveryKind.COMMENT and comment is not None:
                    queue_comment(uow, comment, recipient)
                elif not _is_queued(uow, notice.kind, ticket, recipient):
                    _queue(uow, notice, event, recipient)
        queue_files(uow, event, files)
        announce_files(uow, event, earlier)
        follow_children(uow, event)


def _queue(uow: UnitOfWork, notice: Notice, event: Event, recipient: Recipient) -> None:
    delivery = event_delivery(uow, event, notice.kind, recipient)
    if notice.mail:
        delivery.details = MailDetails(notice.mail, token_hex(8))
    uow.session.add(delivery)


def _is_queued(uow: UnitOfWork, kind: DeliveryKind, ticket: Ticket, recipient: Recipient) -> bool:
    """Whether this transaction has queued the same living message already."""
    if not kind.description.is_living:
        return False
    living = (kind, recipient, None if kind.description.spans_tickets else ticket.id)
    is_queued = living in uow.queued
    uow.queued.add(living)
    return is_queued
