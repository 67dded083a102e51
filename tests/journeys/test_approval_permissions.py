"""Who may do what about an agreement, in which state of its step, and what they see of the request."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from sqlalchemy import select

from blocks import ids
from blocks.i18n import translator
from models import errors
from models.approvals.errors import ChosenTooEarly, NotPassedOn
from models.errors import MEMBERS_ONLY, NOT_ASKED, ROLE_MESSAGES
from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.outbox.slack_event import HeardMessage
from playground.testing import Playground
from tests.support.approval_matrix import (
    FILE,
    NEED,
    NOTE,
    REPLY,
    SAID,
    ApprovalEnvironment,
    Relation,
    Step,
)
from tests.support.help_desk import Json, Person
from tests.support.permission_matrix import desk_on_sqlite

REQUESTER, FILER, APPROVER, ABSENT, SUBSTITUTE, FORMER, LATER, FALLBACK = list(Relation)[:8]
TECHNICIAN, ELSEWHERE, OTHER, GUEST, STRANGER = list(Relation)[8:]
SERVED = frozenset(Relation) - {STRANGER}
NOT_SERVED, NOT_FOUND = errors.AccountNotSupported.message, errors.TicketNotFound.message
AUTHORISED = "Too late: {by} authorised No. {number} on {at}."
DECLINED = "Too late: {by} declined No. {number} on {at}."
CHANGED = "The request was changed, and its approvers are asked anew."
NOT_NEEDED = "Your agreement to No. {number} is no longer needed."
LATE = "Too late. {done} on {at}: the ticket is now “{state}”."
CLOSED = frozenset({Step.DECLINED, Step.WITHDRAWN})
TICKETS = [step for step in Step if step is not Step.BEFORE]  # which is of the same ticket as another
OPEN = frozenset(TICKETS) - CLOSED

ASKED: Mapping[Step, frozenset[Relation]] = {
    Step.ASKED: frozenset({APPROVER, ABSENT, SUBSTITUTE}),
    Step.OVERDUE: frozenset({APPROVER, ABSENT, SUBSTITUTE, FALLBACK}),
    Step.PARTIAL: frozenset({ABSENT, SUBSTITUTE}),
    Step.QUESTION: frozenset({APPROVER}),
    Step.BY_HAND: frozenset({APPROVER}),
    Step.INCOMPLETE: frozenset({APPROVER, ABSENT, SUBSTITUTE}),
    Step.AGAIN: frozenset({APPROVER, ABSENT, SUBSTITUTE, LATER}),
}
# Whose Home has it; who asked for an information may decide without it, and is not reminded of it.
LISTED = {**ASKED, Step.INCOMPLETE: ASKED[Step.INCOMPLETE] - {APPROVER}}
WERE_ASKED = frozenset({APPROVER, ABSENT, SUBSTITUTE})
TOO_LATE: Mapping[Step, str] = {
    Step.PARTIAL: AUTHORISED,
    Step.GIVEN: AUTHORISED,
    Step.DECLINED: DECLINED,
    Step.WITHDRAWN: NOT_NEEDED,
    Step.BEFORE: CHANGED,
}

Make = Callable[[ApprovalEnvironment, Person, Step], Json]
Refusal = Callable[[Step, Relation], str]


@dataclass(frozen=True)
class Row:
    """A control: its payload, who may use it in which states, and the outcome. Others get the sentence that
    `refusal` says."""

    make: Make
    may: Mapping[Step, frozenset[Relation]]
    refusal: Refusal
    does: Sequence[Action] = ()
    shows: str | None = None
    steps: Sequence[Step] = tuple(Step)
    other_action: Mapping[Step, Action] = field(default_factory=dict)

    def cells(self) -> Iterator[tuple[Step, Relation]]:
        """Every state with everybody who may use it in one, or is near it; with each of the others every
        third state, which differs from one to the next."""
        near = {who for some in self.may.values() for who in some}
        if self.refusal is not_asked:
            near |= {REQUESTER, FILER, TECHNICIAN, FORMER}
        for place, step in enumerate(self.steps):
            for other, who in enumerate(Relation):
                if who in near or (place + other) % 3 == 0:
                    yield step, who


def click(action_id: str, named: Callable[[ApprovalEnvironment, Step], Any]) -> Make:
    def make(environment: ApprovalEnvironment, person: Person, step: Step) -> Json:
        value = str(named(environment, step))
        return environment.click(person, {"type": "button", "action_id": action_id, "value": value})

    return make


def on_step(action_id: str) -> Make:
    return click(action_id, lambda environment, step: environment.step(step))


def on_ticket(action_id: str, value: str = "{}") -> Make:
    return click(action_id, lambda environment, step: value.format(environment.numbers[step]))


def form(callback_id: str, values: Mapping[str, Any], **place: Any) -> Make:
    def make(environment: ApprovalEnvironment, person: Person, step: Step) -> Json:
        about = {"ticket": environment.numbers[step], "submission": str(uuid4())}
        about |= {"approval": environment.step(step), "step": environment.present_step(step), **place}
        states = {name: _state(environment, value) for name, value in values.items()}
        return environment.submission(person, callback_id, about, states)

    return make


def _state(environment: ApprovalEnvironment, value: Any) -> Json:
    if isinstance(value, Relation):
        return {"selected_user": environment.people[value].slack_id}
    return {"value": value}


def not_asked(step: Step, who: Relation) -> str:
    """What who cannot decide is told: only who was asked learns how it ended."""
    was_asked = who in WERE_ASKED and step in TOO_LATE
    return TOO_LATE[step] if was_asked else NOT_ASKED


def only_for(action: Action, *roles: Relation, early: str = "") -> Refusal:
    def refusal(step: Step, who: Relation) -> str:
        if who not in roles:
            return ROLE_MESSAGES.get(action, MEMBERS_ONLY)
        return LATE if step in CLOSED or not early or (step is Step.GIVEN and early == TOO_SOON) else early

    return refusal


TOO_SOON = ChosenTooEarly.message
WHY, TEAM = {ids.REASON: "Parce que."}, frozenset({TECHNICIAN})
BY_TEAM = dict.fromkeys(OPEN, TEAM)
COMPLETES = dict.fromkeys(OPEN, frozenset({REQUESTER}))
CHOOSES = dict.fromkeys((Step.CHOICE, Step.OVERDUE), frozenset({REQUESTER, TECHNICIAN}))
CANCELS = dict.fromkeys(OPEN, frozenset({REQUESTER, TECHNICIAN}))
READS = dict.fromkeys(TICKETS, frozenset({REQUESTER, TECHNICIAN}))
OF = {ids.APPROVER: FALLBACK}
PUBLIC_OF = {ids.APPROVER: OTHER}

ROWS: Mapping[str, Row] = {
    "authorise": Row(on_step(ids.AUTHORISE), ASKED, not_asked, [Action.AGREE]),
    "decline": Row(on_step(ids.DECLINE), ASKED, not_asked, shows=ids.APPROVAL_REASON_FORM),
    "decline: send": Row(
        form(ids.APPROVAL_REASON_FORM, WHY, decision="decline"), ASKED, not_asked, [Action.DECLINE]
    ),
    "ask": Row(on_step(ids.ASK_INFORMATION), ASKED, not_asked, shows=ids.APPROVAL_REASON_FORM),
    "ask: send": Row(form(ids.APPROVAL_REASON_FORM, WHY, decision="ask"), ASKED, not_asked, [Action.QUERY]),
    "view the request": Row(on_step(ids.SHOW_REQUEST), ASKED, not_asked, shows=ids.MY_APPROVALS),
    "complete": Row(
        on_ticket(ids.COMPLETE_REQUEST),
        COMPLETES,
        only_for(Action.COMPLETE, REQUESTER),
        shows=ids.COMPLETE_FORM,
        steps=TICKETS,
    ),
    "complete: send": Row(
        form(ids.COMPLETE_FORM, WHY),
        COMPLETES,
        only_for(Action.COMPLETE, REQUESTER),
        [Action.COMPLETE],
        steps=TICKETS,
        other_action={Step.GIVEN: Action.COMMENT},
    ),
    "choose": Row(
        on_ticket(ids.CHOOSE_APPROVER),
        CHOOSES,
        only_for(Action.CHOOSE_APPROVER, REQUESTER, TECHNICIAN, early=TOO_SOON),
        shows=ids.CHOOSE_APPROVER_FORM,
        steps=TICKETS,
    ),
    "choose: send": Row(
        form(ids.CHOOSE_APPROVER_FORM, PUBLIC_OF),
        CHOOSES,
        only_for(Action.CHOOSE_APPROVER, REQUESTER, TECHNICIAN, early=TOO_SOON),
        [Action.CHOOSE_APPROVER],
        steps=TICKETS,
    ),
    "ask by hand": Row(
        on_ticket(f"{ids.MORE}.request_agreement", "request_agreement.{}"),
        BY_TEAM,
        only_for(Action.REQUEST_AGREEMENT, TECHNICIAN),
        shows=ids.REQUEST_AGREEMENT_FORM,
        steps=TICKETS,
    ),
    "ask by hand: send": Row(
        form(ids.REQUEST_AGREEMENT_FORM, {**WHY, **OF}),
        BY_TEAM,
        only_for(Action.REQUEST_AGREEMENT, TECHNICIAN),
        [Action.REQUEST_AGREEMENT],
        steps=TICKETS,
    ),
    "record": Row(
        on_ticket(f"{ids.MORE}.record_agreement", "record_agreement.{}"),
        BY_TEAM,
        only_for(Action.RECORD_AGREEMENT, TECHNICIAN),
        shows=ids.RECORD_AGREEMENT_FORM,
        steps=TICKETS,
    ),
    "record: send": Row(
        form(ids.RECORD_AGREEMENT_FORM, {**WHY, **OF}),
        BY_TEAM,
        only_for(Action.RECORD_AGREEMENT, TECHNICIAN),
        [Action.RECORD_AGREEMENT],
        steps=TICKETS,
    ),
    "resolve: send": Row(
        form(ids.RESOLVE_FORM, {ids.SOLUTION: "Fait."}),
        {Step.GIVEN: TEAM},
        only_for(Action.RESOLVE, TECHNICIAN, early=errors.AgreementAsked.message),
        [Action.RESOLVE],
        steps=TICKETS,
    ),
    "cancel: send": Row(
        form(ids.REASON_FORM, WHY, action="cancel"),
        CANCELS,
        only_for(Action.CANCEL, REQUESTER, TECHNICIAN),
        [Action.CANCEL],
        steps=TICKETS,
    ),
    "detail": Row(
        on_ticket(ids.DETAIL), READS, lambda _step, _who: NOT_FOUND, shows=ids.TICKET_DETAIL, steps=TICKETS
    ),
    "a file": Row(
        click(ids.SEND_FILE, lambda environment, step: environment.a_file(step)),
        READS,
        lambda _step, _who: NOT_FOUND,
        steps=[Step.ASKED],
    ),
}


@pytest.fixture(scope="module")
def environment(
    slack_server: Playground, connection: SocketModeHandler, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ApprovalEnvironment]:
    """On SQLite, whose file is restored in a millisecond: permissions do not depend on the database."""
    path = tmp_path_factory.mktemp("agreements") / "guichet.db"
    with desk_on_sqlite(slack_server, connection, path) as desk:
        environment = ApprovalEnvironment(desk, path)
        yield environment
        environment.close()


def is_said(person: Person, msgid: str, text: str) -> bool:
    """Whether a text is this message in the person's language, whatever fills it."""
    sentence = translator("en" if person.name == OTHER.value else "fr")(msgid)
    return re.fullmatch(re.sub(r"\\\{\w+\\\}", ".+", re.escape(sentence)), text) is not None


def refused(environment: ApprovalEnvironment, person: Person, body: Json, msgid: str) -> str | None:
    """How the outcome differs from this answer, and nothing else; None if it does not."""
    outcome = environment.send(body)
    fine = not outcome.changed and not outcome.shown and len(outcome.texts) == 1 and outcome.status == 200
    if fine and is_said(person, msgid, outcome.texts[0]):
        return None
    if outcome.changed:
        environment.restore()
    return f"should be told {msgid!r}: {outcome.texts} {outcome.done} {outcome.shown} {outcome.changed}"


def done(environment: ApprovalEnvironment, body: Json, does: Sequence[str], shows: str | None) -> str | None:
    """How the outcome differs from this being done, and nothing else; None if it does not."""
    outcome = environment.send(body)
    if outcome.changed:
        environment.restore()
    if (outcome.status, outcome.done, outcome.shown) == (200, list(does), [shows] if shows else []):
        return None
    return f"should do {does}, show {shows}: {outcome.texts} {outcome.done} {outcome.shown}"


@pytest.mark.parametrize("name", ROWS)
def test_a_control_of_an_agreement_does_what_the_table_says(
    environment: ApprovalEnvironment, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    row, surprises = ROWS[name], []
    for step, who in row.cells():
        person = environment.people[who]
        body = row.make(environment, person, step)
        if who is STRANGER:
            surprise = refused(environment, person, body, NOT_SERVED)
        elif who in row.may.get(step, ()):
            action = row.other_action.get(step)
            surprise = done(environment, body, [action] if action else row.does, row.shows)
        else:
            surprise = refused(environment, person, body, row.refusal(step, who))
        if surprise:
            surprises.append(f"{who.name}, {step.name}: {surprise}")
    assert surprises == []
    assert "reference" not in caplog.text


# -- what people see -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [ids.COMMAND_MY_APPROVALS, ids.COMMAND_MY_APPROVALS_EN])
def test_everybody_who_is_served_opens_their_own_agreements(
    environment: ApprovalEnvironment, command: str
) -> None:
    for who, person in environment.people.items():
        outcome = environment.send(environment.command(person, command))
        if who is STRANGER:
            assert (outcome.shown, len(outcome.texts)) == ([], 1)
            continue
        waiting = [step for step in Step if who in LISTED.get(step, ())]
        assert outcome.shown == [ids.MY_APPROVALS]
        first = {str(environment.step(min(waiting, key=lambda step: step.value)))} if waiting else set()
        assert {value for name, value in outcome.values if name == ids.AUTHORISE} == first, who


def test_a_home_lists_what_waits_for_its_owner(environment: ApprovalEnvironment) -> None:
    for who, person in environment.people.items():
        body = environment.event(type="app_home_opened", user=person.slack_id, tab="home")
        outcome = environment.send(body)
        waiting = {str(environment.step(step)) for step in Step if who in LISTED.get(step, ())}
        for control in (ids.AUTHORISE, ids.DECLINE, ids.ASK_INFORMATION, ids.SHOW_REQUEST):
            assert {value for name, value in outcome.values if name == control} == waiting, who
        completes = {value for name, value in outcome.values if name == ids.COMPLETE_REQUEST}
        chooses = {value for name, value in outcome.values if name == ids.CHOOSE_APPROVER}
        is_theirs = who is REQUESTER
        assert completes == ({str(environment.numbers[Step.INCOMPLETE])} if is_theirs else set())
        assert chooses == ({str(environment.numbers[Step.CHOICE])} if is_theirs else set())
        if who not in {REQUESTER, TECHNICIAN}:
            assert NEED not in outcome.words


def test_a_list_of_tickets_and_a_search_show_nobody_elses(environment: ApprovalEnvironment) -> None:
    for who in (APPROVER, SUBSTITUTE, FORMER, LATER, OTHER):
        person = environment.people[who]
        for body in (
            environment.command(person, ids.COMMAND_MY_TICKETS),
            environment.click(person, {"action_id": ids.MY_SEARCH, "value": "Écran"}, {"type": "modal"}),
        ):
            assert "Écran A" not in environment.send(body).words


def test_a_request_is_shown_without_what_the_team_says(environment: ApprovalEnvironment) -> None:
    for step, people in ASKED.items():
        for who in people:
            body = on_step(ids.SHOW_REQUEST)(environment, environment.people[who], step)
            words = environment.send(body).words
            assert "Montant" in words
            assert NEED in words
            assert (SAID in words) is (step is Step.AGAIN)
            assert not [each for each in (NOTE, REPLY, FILE) if each in words], step


def messages_to(person: Person, title: str) -> list[str]:
    """What the messages about a request say to somebody, and what was posted below them."""
    found = [each for each in person.messages() if title in each["text"]]
    return [each["text"] + json.dumps(each["replies"]) for each in found]


def test_a_message_says_afterwards_only_what_its_reader_decided_on(environment: ApprovalEnvironment) -> None:
    for who in (APPROVER, ABSENT, SUBSTITUTE, FORMER, LATER, FALLBACK):
        for step in Step:
            messages = messages_to(environment.people[who], f"Écran {step.name}")
            for text in messages:
                is_asked = who in ASKED.get(step, ())
                decided = who is APPROVER and step in {Step.PARTIAL, Step.GIVEN, Step.DECLINED, Step.AGAIN}
                is_before = step is Step.AGAIN and messages.index(text) == 0
                may_read = decided or (is_asked and not (is_before and who in WERE_ASKED))
                assert ("Montant" in text) is may_read, (who, step, text)
                assert (NEED in text) is may_read, (who, step, text)
                assert not [each for each in (NOTE, REPLY, FILE) if each in text], (who, step)


@pytest.mark.parametrize("is_edit", [False, True])
def test_what_is_written_below_a_message_that_asks_is_told_to_reach_nobody(
    environment: ApprovalEnvironment, is_edit: bool
) -> None:
    """It is no comment of the ticket, no note, and no message draft: whoever writes it has it in Slack."""
    with environment.desk.sessions() as session:
        kind = MessageReference.kind == DeliveryKind.AGREEMENT
        messages = session.scalars(select(MessageReference).where(kind)).all()
    people = {person.slack_id: who for who, person in environment.people.items()}
    channels = {
        channel.id: people[str(channel.person)]
        for channel in environment.desk.slack.slack.workspace.channels.values()
        if channel.person in people
    }
    assert {channels[each.channel] for each in messages} >= {APPROVER, ABSENT, SUBSTITUTE, FALLBACK, LATER}
    for each in messages:
        who = channels[each.channel]
        body = below(environment, environment.people[who], each, is_edit=is_edit)
        if is_edit:
            assert not environment.send(body).changed
            with environment.desk.sessions() as session:
                assert set(session.scalars(select(HeardMessage.text))) <= {None}
            continue
        steps = [step for step in Step if environment.numbers[step] == each.ticket_id]
        is_over = not any(who in LISTED.get(step, ()) for step in steps)
        told = NotPassedOn(is_over=is_over).message
        assert refused(environment, environment.people[who], body, told) is None


def below(environment: ApprovalEnvironment, person: Person, root: MessageReference, *, is_edit: bool) -> Json:
    """The event of a message below another, or of its edit."""
    place = {"channel": root.channel, "channel_type": "im"}
    ts = f"{float(root.ts) + 1:.6f}"
    message = {"user": person.slack_id, "text": "Et le prix ?", "thread_ts": root.ts, "ts": ts}
    if is_edit:
        message |= {"type": "message", "edited": {"ts": f"{float(root.ts) + 2:.6f}", "user": person.slack_id}}
        return environment.event(type="message", subtype="message_changed", message=message, **place)
    return environment.event(type="message", **message, **place)


def test_everybody_who_is_served_has_an_absence_of_their_own(environment: ApprovalEnvironment) -> None:
    today = environment.desk.now.date().isoformat()
    days: Json = {ids.FIRST_DAY: {"selected_date": today}, ids.LAST_DAY: {"selected_date": today}}
    for who, person in environment.people.items():
        bodies = {
            ids.ABSENCE_FORM: environment.click(person, {"action_id": ids.OPEN_ABSENCE, "value": "own"}),
            None: environment.submission(person, ids.ABSENCE_FORM, {}, days),
        }
        for shows, body in bodies.items():
            if who is STRANGER:
                assert refused(environment, person, body, NOT_SERVED) is None
            else:
                assert done(environment, body, [], shows) is None, who


def test_a_substitute_gets_no_more_than_their_own_absence_by_deleting_one(
    environment: ApprovalEnvironment,
) -> None:
    """The button names nobody: each deletes their own."""
    for who in (APPROVER, SUBSTITUTE, OTHER):
        click = {"action_id": ids.DELETE_ABSENCE, "value": environment.people[ABSENT].slack_id}
        body = environment.click(environment.people[who], click, {"type": "home"})
        assert done(environment, body, [], "home") is None
        assert not environment.send(body).changed
