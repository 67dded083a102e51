"""Comments that are written in a form: replies and notes. Imports nothing of Slack."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.actions import check, locked
from bot.services.tickets.comments.writing import NewComment, comment_of, requester_action, write
from bot.services.tickets.technician_forms.meanwhile import NO_FORM, OpenedForm
from bot.services.tickets.technician_forms.taking import begin
from models.errors import TicketNotFound
from models.lifecycle import Action, Role
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class NewReply:
    """What a technician writes to a requester."""

    text: str
    submission: str
    files: Sequence[NewFile] = ()
    waits: bool = False
    """The ticket is pending until they answer."""


def reply(uow: UnitOfWork, ticket_id: int, new: NewReply, form: OpenedForm = NO_FORM) -> Ticket:
    """A technician writes to the requester.

    The same `submission` twice is one reply; what the second one adds is another. Raises `SentAlready` when
    it adds nothing but differs, `LimitReached`, and what `begin` raises.
    """
    action = Action.ASK if new.waits else Action.REPLY
    locked(uow, ticket_id)
    if comment_of(uow.session, ticket_id, new.submission) is None:
        begin(uow, ticket_id, action, form)
    return write(uow, ticket_id, action, NewComment(new.text, new.files, submission=new.submission))


def answer(
    uow: UnitOfWork, ticket_id: int, text: str, *, files: Sequence[NewFile] = (), submission: str
) -> Ticket:
    """The requester writes to the team in a form: the answer to a pending ticket, or a comment; a closed
    ticket stays closed. The same `submission` twice is as in `reply`."""
    ticket = locked(uow, ticket_id)
    return write(uow, ticket_id, requester_action(ticket), NewComment(text, files, submission=submission))


def check_answer(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """The ticket, when the actor is its requester. Raises `TicketNotFound`, `RoleRefused`."""
    ticket = uow.session.get(Ticket, ticket_id)
    if ticket is None:
        raise TicketNotFound
    return check(uow, ticket_id, requester_action(ticket))


def note(uow: UnitOfWork, ticket_id: int, text: str, *, submission: str) -> Ticket:
    """A technician writes to their team; the same `submission` twice is as in `reply`."""
    return write(uow, ticket_id, Action.NOTE, NewComment(text, submission=submission))


def add(uow: UnitOfWork, ticket_id: int, text: str, *, files: Sequence[NewFile], submission: str) -> bool:
    """Add a comment of who filed a ticket: the requester's to the team, a technician's as a note.

    The same text of the same form is added once. False for anybody else, who adds nothing.
    """
    ticket = locked(uow, ticket_id)
    roles = uow.actor.roles(ticket)
    if Role.REQUESTER in roles:
        action = requester_action(ticket)
    elif Role.TECHNICIAN in roles:
        action = Action.NOTE
    else:
        return False
    new = NewComment(text, files, submission=submission).with_own_submission()
    if comment_of(uow.session, ticket_id, new.submission) is None:
        write(uow, ticket_id, action, new)
    return True
