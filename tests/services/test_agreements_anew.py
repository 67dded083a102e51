"""What withdraws an agreement, and what asks for it again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from blocks import ids
from blocks.tickets.state import DetailState
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.complete import complete_request
from bot.services.tickets import editing, triage
from bot.services.tickets.draft import follow_up
from bot.services.tickets.waits.silence import close
from bot.views.tickets.my_tickets import detail_view
from bot.views.tickets.requester import edit_form
from models.approval_rule import Approvers, Source
from models.approvals.approval import Decision, StepState
from models.catalogue import Service
from models.characters import fingerprint
from models.lifecycle import Action, Agreement, Kind, Status
from models.outbox.kinds import UPDATE, DeliveryKind
from models.tickets.draft import NewAnswer
from models.tickets.ticket import Ticket
from tests.services.test_agreements_by_hand import ask, record
from tests.services.test_approvals import STEP, asked, decide, requested, set_steps, steps
from tests.support.scenarios import again
from tests.support.use_case_desk import NOW, SmallDesk

HOUR = timedelta(hours=1)
WITHDRAWN, ASKED, GIVEN = StepState.WITHDRAWN, StepState.ASKED, StepState.GIVEN


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    set_steps(shared_desk, STEP)
    return shared_desk


def states(desk: SmallDesk, ticket: Ticket) -> list[StepState]:
    return [each.state for each in steps(desk, ticket)]


def edit(desk: SmallDesk, ticket: Ticket, **changed: str) -> Ticket:
    shown = {"title": ticket.title, "description": ticket.description, "urgency": ticket.urgency}
    was = {field: fingerprint(value) for field, value in shown.items()}
    return desk.do(
        lambda uow: editing.edit(uow, ticket.id, changed, was), desk.actor("camille"), NOW + 2 * HOUR
    )


def requalify(desk: SmallDesk, ticket: Ticket, **changed: str | None) -> Ticket:
    karim = desk.actor("karim", "assistance")
    return desk.do(lambda uow: triage.requalify(uow, ticket.id, changed, "Pour vous."), karim, NOW + 2 * HOUR)


def edits(desk: SmallDesk, ticket: Ticket) -> int:
    """How many of the approvers' messages the last event edits."""
    sent = desk.deliveries(again(desk, ticket).event_count)
    return len([each for each in sent if each.kind is DeliveryKind.AGREEMENT and each.method == UPDATE])


@pytest.mark.parametrize("by", ["camille", "karim"])
def test_a_cancellation_withdraws_the_agreement(desk: SmallDesk, by: str) -> None:
    ticket = requested(desk)
    cancelled = desk.act(ticket, Action.CANCEL, desk.actor(by, "assistance"), "Plus besoin.", NOW + HOUR)
    assert (cancelled.agreement, states(desk, ticket), edits(desk, ticket)) == (
        *(Agreement.NOT_NEEDED, [WITHDRAWN], 1),
    )


def test_a_duplicate_withdraws_the_agreement(desk: SmallDesk) -> None:
    original, ticket, karim = desk.open(), requested(desk), desk.actor("karim", "assistance")
    desk.do(lambda uow: triage.link_duplicate(uow, ticket.id, original.id), karim, NOW + HOUR)
    assert (states(desk, ticket), edits(desk, ticket)) == ([WITHDRAWN], 1)


def test_a_closing_by_silence_withdraws_the_agreement(desk: SmallDesk) -> None:
    ticket, karim = requested(desk), desk.actor("karim", "assistance")
    desk.act(ticket, Action.TAKE, karim)
    desk.act(ticket, Action.ASK, karim, "Lequel ?")
    desk.do(lambda uow: close(uow, uow.session.get_one(Ticket, ticket.id)), now=NOW + HOUR)
    closed = again(desk, ticket)
    assert (closed.status, closed.agreement, states(desk, ticket)) == (
        *(Status.CLOSED, Agreement.NOT_NEEDED, [WITHDRAWN]),
    )


def test_another_service_withdraws_the_steps_and_begins_its_own(desk: SmallDesk) -> None:
    with desk.sessions.begin() as session:
        other = session.get_one(Service, "wifi")
        other.offers_request = True
        other.approval = [replace(STEP, who=Approvers(Source.QUESTION, ("nobody",)))]
    ticket = requalify(desk, requested(desk), service="wifi")
    assert (ticket.agreement, states(desk, ticket), edits(desk, ticket)) == (
        *(Agreement.ASKED, [WITHDRAWN, StepState.CHOICE], 1),
    )


def test_whom_the_new_service_falls_back_on_is_looked_up_when_nobody_is_named(desk: SmallDesk) -> None:
    fallback = Approvers(Source.PEOPLE, ("U0OLIVER",))
    with desk.sessions.begin() as session:
        other = session.get_one(Service, "wifi")
        other.approval = [replace(STEP, who=Approvers(Source.QUESTION, ("nobody",)), fallback=fallback)]
    ticket = requalify(desk, requested(desk), service="wifi")
    assert states(desk, ticket) == [WITHDRAWN, StepState.LOOKUP]
    assert steps(desk, ticket)[-1].has_fallback
    assert DeliveryKind.APPROVERS in {each.kind for each in desk.deliveries()}


@pytest.mark.parametrize("service", ["wifi", None])
def test_a_service_without_steps_needs_no_agreement(desk: SmallDesk, service: str | None) -> None:
    ticket = requalify(desk, requested(desk), service=service)
    assert (ticket.agreement, ticket.clock_since, states(desk, ticket)) == (
        *(Agreement.NOT_NEEDED, NOW + 2 * HOUR, [WITHDRAWN]),
    )
    assert ticket.begins_at == NOW + 2 * HOUR, "it is not late for the time in which it was asked"


def test_a_ticket_of_a_service_without_steps_asks_those_of_its_new_one(desk: SmallDesk) -> None:
    set_steps(desk)
    ticket = requested(desk)
    with desk.sessions.begin() as session:
        session.get_one(Service, "wifi").approval = [STEP]
    assert requalify(desk, ticket, service="wifi").agreement is Agreement.ASKED
    assert asked(desk, ticket) == ["Lea"], "the answer has the same question's id"


def test_what_was_given_is_withdrawn_for_another_service(desk: SmallDesk) -> None:
    ticket = requested(desk)
    decide(desk, ticket, "lea", Decision.AGREE)
    assert requalify(desk, ticket, service=None).agreement is Agreement.NOT_NEEDED
    assert states(desk, ticket) == [WITHDRAWN]


def test_whom_a_technician_asked_is_asked_whatever_the_service(desk: SmallDesk) -> None:
    ticket = requested(desk)
    ask(desk, ticket, "oliver")
    ticket = requalify(desk, ticket, service=None)
    assert (ticket.agreement, states(desk, ticket)) == (Agreement.ASKED, [WITHDRAWN, ASKED])
    assert asked(desk, ticket, 2) == ["Oliver"]
    with desk.sessions.begin() as session:
        session.get_one(Service, "wifi").approval = [STEP]
    requalify(desk, ticket, service="wifi")
    assert states(desk, ticket) == [WITHDRAWN, ASKED, StepState.LATER]


@pytest.mark.parametrize("changed", [{"urgency": "low"}, {"team": "reseau"}])
def test_other_changes_of_the_team_leave_it_asked(desk: SmallDesk, changed: dict[str, str]) -> None:
    ticket = requalify(desk, requested(desk), **changed)
    assert (ticket.agreement, states(desk, ticket)) == (Agreement.ASKED, [ASKED])


def test_a_cancelled_request_that_is_reopened_asks_again(desk: SmallDesk) -> None:
    ticket, camille = requested(desk), desk.actor("camille")
    ask(desk, ticket, "oliver")
    desk.act(ticket, Action.CANCEL, camille, "Non.", NOW + HOUR)
    assert states(desk, ticket) == [WITHDRAWN, WITHDRAWN]
    reopened = desk.act(ticket, Action.REOPEN, camille, "Si.", NOW + 2 * HOUR)
    assert (reopened.agreement, reopened.clock_since) == (Agreement.ASKED, None)
    assert states(desk, ticket) == [WITHDRAWN, WITHDRAWN, ASKED, StepState.LATER]
    assert decide(desk, ticket, "lea", Decision.AGREE, position=3).agreement is Agreement.ASKED
    assert asked(desk, ticket, 4) == ["Oliver"]


def test_what_was_given_stays_given_when_the_ticket_is_reopened(desk: SmallDesk) -> None:
    ticket, camille, karim = requested(desk), desk.actor("camille"), desk.actor("karim", "assistance")
    decide(desk, ticket, "lea", Decision.AGREE)
    for action, by in ((Action.RESOLVE, karim), (Action.APPROVE, camille), (Action.REOPEN, camille)):
        desk.act(ticket, action, by, "Voilà.", NOW + 2 * HOUR)
    assert (again(desk, ticket).agreement, states(desk, ticket)) == (Agreement.GIVEN, [GIVEN])


@pytest.mark.parametrize("changed", [{"title": "Deux écrans"}, {"description": "Très grands."}])
@pytest.mark.parametrize("is_given", [False, True])
def test_other_words_are_agreed_to_anew(desk: SmallDesk, changed: dict[str, str], is_given: bool) -> None:
    ticket = requested(desk)
    if is_given:
        decide(desk, ticket, "lea", Decision.AGREE)
    edited = edit(desk, ticket, **changed)
    assert (edited.agreement, edited.clock_since) == (Agreement.ASKED, None)
    assert (states(desk, ticket), edits(desk, ticket)) == ([WITHDRAWN, ASKED], 1)
    with desk.sessions() as session:
        subject = approvals_of(session, ticket.id)[-1].subject
    assert subject is not None
    assert (subject.title, subject.description) == (edited.title, edited.description)


def test_another_urgency_asks_nobody_anew(desk: SmallDesk) -> None:
    ticket = requested(desk)
    assert edit(desk, ticket, urgency="low").agreement is Agreement.ASKED
    assert states(desk, ticket) == [ASKED]


def test_words_of_a_technician_are_kept_for_whom_they_asked(desk: SmallDesk) -> None:
    ticket = ask(desk, requested(desk), "oliver")
    record(desk, ticket)
    edit(desk, ticket, title="Deux écrans")
    assert states(desk, ticket) == [WITHDRAWN, WITHDRAWN, ASKED, StepState.LATER]
    assert steps(desk, ticket)[-1].words == "C'est cher."


def test_a_request_that_needs_no_agreement_is_edited_as_before(desk: SmallDesk) -> None:
    set_steps(desk)
    ticket = requested(desk)
    set_steps(desk, STEP)
    assert edit(desk, ticket, title="Deux écrans").agreement is Agreement.NOT_NEEDED


def test_a_declined_request_is_filed_again_from_what_it_said(desk: SmallDesk) -> None:
    ticket, camille = requested(desk, description="Le mien est cassé."), desk.actor("camille")
    decide(desk, ticket, "lea", Decision.DECLINE, "Trop cher.")
    draft = desk.reading(lambda uow: follow_up(uow, ticket.id, desk.draft()), camille)
    assert (draft.follows_id, draft.kind, draft.service_id, draft.title, draft.description) == (
        *(ticket.id, Kind.REQUEST, "imprimante", ticket.title, "Le mien est cassé."),
    )
    view = desk.reading(lambda uow: detail_view(uow, ticket.id, DetailState()), camille).to_dict()
    pressed = [each.get("action_id") for block in view["blocks"] for each in block.get("elements", [])]
    assert ids.CONTINUE in pressed
    assert ids.REOPEN not in pressed


def test_who_edits_is_told_beforehand_who_is_asked_again(desk: SmallDesk) -> None:
    ticket, camille = requested(desk), desk.actor("camille")

    def notes() -> list[str]:
        view = desk.reading(lambda uow: edit_form(uow, ticket.id, None), camille).to_dict()
        return [each["elements"][0]["text"] for each in view["blocks"] if each["type"] == "context"]

    [before] = notes()
    decide(desk, ticket, "lea", Decision.AGREE)
    [after] = notes()
    assert "Lea" in before
    assert "Lea" in after
    assert before != after


def test_ones_own_agreement_to_other_words_is_an_event_after_theirs(desk: SmallDesk) -> None:
    set_steps(desk, replace(STEP, own_is_recorded=True))
    ticket = requested(desk, "U0CAMILLE")
    assert edit(desk, ticket, title="Deux écrans").agreement is Agreement.GIVEN
    events = desk.history(ticket)
    assert [(each.number, each.action) for each in events] == [
        *((1, Action.OPEN), (2, Action.AGREE), (3, Action.EDIT), (4, Action.AGREE)),
    ]
    assert again(desk, ticket).clock_since == NOW + 2 * HOUR
    assert desk.deliveries(4), "the team is told"


def test_whom_a_technician_asked_is_asked_again_after_other_answers(desk: SmallDesk) -> None:
    ticket = ask(desk, requested(desk), "oliver")
    decide(desk, ticket, "lea", Decision.AGREE)
    answers = (NewAnswer("holder", "Responsable du budget", "U0LEA"), NewAnswer("amount", "Montant", "300"))
    camille = desk.actor("camille")
    desk.do(
        lambda uow: complete_request(uow, ticket.id, "Plutôt 300 €.", answers=answers),
        camille,
        NOW + 2 * HOUR,
    )
    assert states(desk, ticket) == [WITHDRAWN, WITHDRAWN, ASKED, StepState.LATER]
    assert steps(desk, ticket)[-1].words == "C'est cher."
