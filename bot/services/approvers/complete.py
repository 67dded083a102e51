"""What a requester does about an agreement to their request: complete it, answer otherwise, choose whom to
ask."""

from collections.abc import Sequence

from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.notifications import enqueue
from bot.notifications.waits.approvals import ask_once_more
from bot.services.approvals.asking import ask_people, bring_on
from bot.services.approvals.begin import check_approvers, steps_needed
from bot.services.approvals.by_hand import check_approver
from bot.services.approvals.rows import approvals_of, subject_of
from bot.services.approvers.sent_before import is_sent_before
from bot.services.tickets.actions import check, locked, trigger
from bot.services.tickets.answers import answers_to
from bot.services.tickets.attachments import add_files
from bot.services.tickets.comments import replies
from bot.services.tickets.waits.follow import follow
from models.approvals.approval import Approval, StepState
from models.approvals.changes import AskedAnew, Chosen
from models.approvals.process import complete, current
from models.approvals.steps import check_choosing
from models.catalogue import QuestionType
from models.characters import is_blank
from models.errors import RoleRefused
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Action, Agreement, Role
from models.person import Person
from models.tickets import transitions
from models.tickets.answer import Answer
from models.tickets.draft import NewAnswer, NewFile
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def complete_request(
    uow: UnitOfWork,
    ticket_id: int,
    text: str,
    *,
    answers: Sequence[NewAnswer],
    files: Sequence[NewFile] = (),
    submission: str = "",
    is_in_thread: bool = False,
) -> Ticket:
    """The requester gives what was missing, or answers otherwise: who has not agreed is asked again, after
    another answer also who has. Words alone about a request that was agreed to are for the team.

    `is_in_thread`: the team has the words as a message of the requester's.

    Raises `FieldRefused` when nothing is said, for an approver who is none, and what `check` raises.
    """
    ticket = locked(uow, ticket_id)
    if Role.REQUESTER not in uow.actor.roles(ticket):
        raise RoleRefused(Action.COMPLETE)
    check(uow, ticket_id, Action.COMPLETE)
    approvals = approvals_of(uow.session, ticket.id)
    approval, others = current(approvals), _other_answers(ticket, answers)
    if others is None and is_sent_before(uow, ticket, text, files):
        return ticket
    is_asked = approval is not None and approval.state is StepState.INCOMPLETE
    if is_blank(text) and (is_asked or (others is None and not files)):
        raise FieldRefused(Field.TEXT, FieldReason.MISSING)
    if others is None and ticket.agreement is Agreement.GIVEN:
        return replies.answer(uow, ticket_id, text, files=files, submission=submission)
    change = _change(uow, ticket, approvals, others)
    event = transitions.apply(ticket, Action.COMPLETE, trigger(uow, ticket), text=text, change=change)
    follow(uow, ticket, event)
    uow.session.add(event)
    uow.session.flush()
    rows = add_files(uow, ticket, files)
    own_agreements = _ask_again(uow, ticket, approval, change)
    enqueue.announce(uow, ticket, event, files=rows, elsewhere=not is_in_thread)
    for each in own_agreements:
        enqueue.announce(uow, ticket, each)
    return ticket


def _other_answers(ticket: Ticket, given: Sequence[NewAnswer]) -> list[Answer] | None:
    """The answers, when one of them is another than before. Those to questions that have left the catalogue
    stay."""
    if ticket.service is None or not given:
        return None
    new = {each.id: each for each in answers_to(ticket.service, given)}  # a date may have passed since
    merged = [new.pop(each.id, each) for each in ticket.answers] + list(new.values())
    before = {each.id: each.value for each in ticket.answers}
    is_other = any(before.get(each.id) != each.value for each in merged)
    return merged if is_other else None


def _change(
    uow: UnitOfWork, ticket: Ticket, approvals: Sequence[Approval], others: list[Answer] | None
) -> AskedAnew | None:
    if others is None:
        return None
    before, ticket.answers = ticket.answers, others
    steps = steps_needed(ticket)
    check_approvers(uow, ticket, steps)
    ticket.answers = before
    return AskedAnew(approvals, steps, others)


def _ask_again(
    uow: UnitOfWork, ticket: Ticket, approval: Approval | None, change: AskedAnew | None
) -> list[Event]:
    """Returns the events of the requester's own agreements, to be announced."""
    if change is not None:
        uow.session.add_all(change.rows)
        uow.session.flush()
        return bring_on(uow, ticket, change.rows)
    if approval is not None and approval.state in {StepState.ASKED, StepState.INCOMPLETE}:
        complete(approval, subject_of(uow.session, ticket))
    return []


def choose_approver(uow: UnitOfWork, ticket_id: int, chosen: Actor) -> Ticket:
    """Ask this person in the step that a ticket's agreement waits for, beside those who are asked already: of
    them all one is enough then. Raises `FieldRefused` for who may not decide, and what `check` and
    `check_choosing` raise."""
    ticket = locked(uow, ticket_id)
    check(uow, ticket_id, Action.CHOOSE_APPROVER)
    approval = current(approvals_of(uow.session, ticket.id))
    assert approval is not None
    check_choosing(approval)
    person = uow.session.get_one(Person, chosen.id)
    check_approver(uow, ticket, person)
    event: Event = transitions.apply(
        ticket,
        Action.CHOOSE_APPROVER,
        trigger(uow, ticket),
        change=Chosen(person, approval.rule.name),
    )
    follow(uow, ticket, event)
    uow.session.add(event)
    uow.session.flush()
    former = next((each for each in approval.approvers if each.person_id == person.id), None)
    ask_people(uow, ticket, approval, [person], is_fallback=True)
    enqueue.announce(uow, ticket, event)
    if former is not None:
        ask_once_more(uow, event, former)
    return ticket


def people_in(uow: UnitOfWork, ticket_id: int, given: Sequence[NewAnswer]) -> Sequence[tuple[str, str]]:
    """The people that a filled form names: the question's id, and their Slack id."""
    ticket = uow.session.get(Ticket, ticket_id)
    service = ticket.service if ticket else None
    asked = {each.id for each in service.questions if each.type is QuestionType.PERSON} if service else set()
    return [
        (each.question_id, each.value)
        for each in given
        if each.question_id in asked and isinstance(each.value, str)
    ]
