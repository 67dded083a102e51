"""Who may do what, in which state: a table, tested with every kind of person, whatever is on their screen."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from blocks import ids
from blocks.i18n import translator
from bot.listeners import channels
from bot.services.tickets.triage import requalify
from bot.slack.manifest import CHANNEL_EVENTS
from models import errors
from models.characters import fingerprint
from models.departures.errors import DepartureTeamOnly, NotBackYet
from models.errors import MEMBERS_ONLY, ROLE_MESSAGES
from models.fields import MESSAGES, FieldReason
from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from playground.state.workspace import BOT_USER_ID
from playground.testing import Playground
from tests.support.help_desk import Json, Person
from tests.support.permission_matrix import Environment, State, Who, desk_on_sqlite

NEW, IN_PROGRESS, PENDING, RESOLVED, APPROVED, RATED, CANCELLED, OLD = State
OPEN = frozenset({NEW, IN_PROGRESS, PENDING})
CLOSED = frozenset({APPROVED, RATED, CANCELLED, OLD})
ANY = frozenset(State)
REQUESTER, OTHER, TECHNICIAN, ELSEWHERE, REMOVED, GUEST, STRANGER = Who
SERVED = frozenset(Who) - {STRANGER}
TECHNICIANS = frozenset({TECHNICIAN, ELSEWHERE})

NOT_SERVED, NOT_FOUND = errors.AccountNotSupported.message, errors.TicketNotFound.message
TECHNICIANS_ONLY, OUTAGE_TEAM = errors.TechniciansOnly.message, errors.OutageTeamOnly.message
LATE = (
    "Too late. {done} on {at}: the ticket is now “{state}”.",
    "This is no longer possible: the ticket is “{state}”.",
)

Make = Callable[[Environment, Person, State], Json]
Rights = Mapping[Who, frozenset[State]]


@dataclass(frozen=True)
class Row:
    """A control: its payload, who may use it in which states of the ticket, and the outcome.

    In other states the answer is that it is too late, or `instead`; for other people it is `refusal`."""

    make: Make
    may: Rights
    does: Sequence[Action] = ()
    """The actions of the events that it adds."""
    shows: str | None = None
    """The view that it opens."""
    refusal: str = MEMBERS_ONLY
    instead: Mapping[State, str] = field(default_factory=dict)
    other_action: Mapping[State, Action] = field(default_factory=dict)
    other_view: Mapping[State, str] = field(default_factory=dict)
    unheard: bool = False
    """Others get no answer: Slack does not let them write there."""
    button: str | None = None
    """Its id in a ticket's detail, where those who may use it see it; `None`: it is not there."""


def button(action_id: str, value: str = "{number}") -> Make:
    def make(environment: Environment, person: Person, state: State) -> Json:
        ticket = environment.ticket(state)
        given = value.format(number=ticket.id, resolution=ticket.resolution or "")
        return environment.click(person, {"type": "button", "action_id": action_id, "value": given})

    return make


def menu(action: Action) -> Make:
    def make(environment: Environment, person: Person, state: State) -> Json:
        option = {"value": f"{action}.{environment.ticket(state).id}"}
        return environment.click(
            person, {"type": "overflow", "action_id": ids.MORE, "selected_option": option}
        )

    return make


def form(callback_id: str, values: Mapping[str, Any], **place: Any) -> Make:
    def make(environment: Environment, person: Person, state: State) -> Json:
        ticket = environment.ticket(state)
        seen = environment.people[REMOVED].slack_id if ticket.assignee_id else None
        about = {"ticket": ticket.id, "seen": seen, "submission": str(uuid4()), **place}
        if place.get("target") == "the original":
            about["target"] = f"ticket.{environment.original}"
        states = {name: _state(value, environment) for name, value in values.items()}
        return environment.submission(person, callback_id, about, states)

    return make


def _state(value: Any, environment: Environment) -> Json:
    if isinstance(value, Who):
        return {"selected_user": environment.people[value].slack_id}
    if value == "the original":
        return {"value": str(environment.original)}
    if value == "the original as an option":
        return option(f"ticket.{environment.original}")
    return dict(value) if isinstance(value, Mapping) else {"value": value}


def option(value: str) -> Json:
    return {"selected_option": {"value": value}}


def choice(action_id: str, value: str, callback_id: str = ids.REPLY_FORM) -> Make:
    """A phrase or an article chosen in the form of a reply or of a solution."""

    def make(environment: Environment, person: Person, state: State) -> Json:
        place = f'{{"ticket": {environment.ticket(state).id}}}'
        view = {"callback_id": callback_id, "private_metadata": place, "blocks": [environment.a_block]}
        action = {"type": "static_select", "action_id": action_id, **option(value)}
        return environment.click(person, action, view)

    return make


def thread_message(kind: DeliveryKind) -> Make:
    """A message in the thread of the ticket's card, the team's or the requester's."""

    def make(environment: Environment, person: Person, state: State) -> Json:
        with environment.desk.sessions() as session:
            post = (
                session.query(MessageReference)
                .filter_by(ticket_id=environment.ticket(state).id, kind=kind)
                .one()
            )
        channel_type = "im" if kind is DeliveryKind.CARD else "group"
        return environment.event(
            type="message",
            user=person.slack_id,
            text="Alors ?",
            channel=post.channel,
            channel_type=channel_type,
            thread_ts=post.ts,
            ts=f"{uuid4().int % 10**10}.000001",
        )

    return make


TEAM = TECHNICIAN
AS_THEY_ARE = {"impact": option("person"), "urgency": option("high"), "site": option("iut")}
REQUALIFIED = {**AS_THEY_ARE, "urgency": option("low"), "team": option("assistance"), "service": {}}
WAS = {"impact": "person", "urgency": "high", "site": "iut", "service": "-", "team": "assistance"}
WHY = {ids.REASON: "Parce que."}
RATED_ALREADY = errors.RatedAlready.message

EDITED_LATE = "{done} on {at}: this ticket can no longer be edited. Please add details instead."


def edit(environment: Environment, person: Person, state: State) -> Json:
    """The form that edits a ticket, with another title."""
    ticket = environment.ticket(state)
    shown = {
        "title": ticket.title,
        "description": ticket.description,
        "impact": ticket.impact.value,
        "urgency": ticket.urgency.value,
        "site": ticket.site_id,
    }
    values = {
        **{"title": "Autre titre", "description": ticket.description},
        **{name: option(shown[name]) for name in ("impact", "urgency", "site")},
    }
    was = {name: fingerprint(value) for name, value in shown.items()}
    return form(ids.EDIT_FORM, values, was=was)(environment, person, state)


TICKETS: Mapping[str, Row] = {
    "take": Row(button(ids.TAKE), {TEAM: frozenset({NEW})}, [Action.TAKE], button=ids.TAKE),
    "resume": Row(button(ids.RESUME), {TEAM: frozenset({PENDING})}, [Action.RESUME], button=ids.RESUME),
    "ask again": Row(button(ids.ASK_AGAIN), {TEAM: frozenset()}, [Action.ASK_AGAIN]),
    "postpone": Row(
        button(ids.POSTPONE),
        {REQUESTER: frozenset({PENDING, RESOLVED})},
        [Action.POSTPONE],
        refusal=ROLE_MESSAGES[Action.POSTPONE],
    ),
    "chase": Row(
        button(ids.CHASE),
        {REQUESTER: frozenset()},  # nobody has waited for two days
        [Action.CHASE],
        refusal=ROLE_MESSAGES[Action.CHASE],
        instead=dict.fromkeys((NEW, IN_PROGRESS), errors.ChasedTooEarly.message),
    ),
    "resolve": Row(button(ids.RESOLVE), {TEAM: OPEN}, shows=ids.RESOLVE_FORM, button=ids.RESOLVE),
    "resolve: send": Row(form(ids.RESOLVE_FORM, {ids.SOLUTION: "Fait."}), {TEAM: OPEN}, [Action.RESOLVE]),
    "reply": Row(
        button(ids.ANSWER_REQUESTER), {TEAM: ANY - CLOSED}, shows=ids.REPLY_FORM, button=ids.ANSWER_REQUESTER
    ),
    "reply: a phrase": Row(choice(ids.PHRASE, "0"), {TEAM: ANY - CLOSED}, shows=ids.REPLY_FORM),
    "resolve: a phrase": Row(choice(ids.PHRASE, "0", ids.RESOLVE_FORM), {TEAM: OPEN}, shows=ids.RESOLVE_FORM),
    "reply: an article": Row(choice(ids.INSERT_ARTICLE, "wifi"), {TEAM: ANY - CLOSED}, shows=ids.REPLY_FORM),
    "resolve: an article": Row(
        choice(ids.INSERT_ARTICLE, "wifi", ids.RESOLVE_FORM), {TEAM: OPEN}, shows=ids.RESOLVE_FORM
    ),
    "reply: send": Row(form(ids.REPLY_FORM, {"reply:0": "Oui."}), {TEAM: ANY - CLOSED}, [Action.REPLY]),
    "reply: ask": Row(
        form(ids.REPLY_FORM, {"reply:0": "Où ?", ids.WAITS: {"selected_options": [{"value": "waits"}]}}),
        {TEAM: frozenset({NEW, IN_PROGRESS})},
        [Action.ASK],
    ),
    "note: send to the requester": Row(
        button(ids.SEND_NOTE, "{number}.0"),  # there is no such note
        {TEAM: frozenset()},
        instead=dict.fromkeys(ANY - CLOSED, errors.StalePayload.message),
    ),
    "note": Row(button(ids.WRITE_NOTE), {TEAM: ANY}, shows=ids.NOTE_FORM),
    "note: send": Row(form(ids.NOTE_FORM, WHY), {TEAM: ANY}, [Action.NOTE]),
    "note: in the thread": Row(
        thread_message(DeliveryKind.TRIAGE_CARD), {TEAM: ANY}, [Action.NOTE], unheard=True
    ),
    "assign": Row(menu(Action.ASSIGN), {TEAM: OPEN}, shows=ids.ASSIGN_FORM),
    "assign: in the detail": Row(
        button(f"{ids.MORE}.assign", "assign.{number}"),
        {TEAM: OPEN},
        shows=ids.ASSIGN_FORM,
        button=f"{ids.MORE}.assign",
    ),
    "assign: send": Row(form(ids.ASSIGN_FORM, {ids.ASSIGNEE: TECHNICIAN}), {TEAM: OPEN}, [Action.ASSIGN]),
    "hold": Row(menu(Action.HOLD), {TEAM: frozenset({NEW, IN_PROGRESS})}, shows=ids.HOLD_FORM),
    "hold: send": Row(
        form(ids.HOLD_FORM, {ids.HOLD_REASON: option("part")}),
        {TEAM: frozenset({NEW, IN_PROGRESS})},
        [Action.HOLD],
    ),
    "requalify": Row(menu(Action.REQUALIFY), {TEAM: OPEN}, shows=ids.REQUALIFY_FORM),
    "requalify: send": Row(form(ids.REQUALIFY_FORM, REQUALIFIED, was=WAS), {TEAM: OPEN}, [Action.REQUALIFY]),
    "requalify: a service": Row(
        choice(ids.SERVICE_CHOICE, "wifi", ids.REQUALIFY_FORM), {TEAM: OPEN}, shows=ids.REQUALIFY_FORM
    ),
    "hand over: send": Row(
        form(ids.REQUALIFY_FORM, {**AS_THEY_ARE, "team": option("reseau"), **WHY}, was=WAS),
        {TEAM: OPEN},
        [Action.TRANSFER],
    ),
    "attach": Row(menu(Action.ATTACH), {TEAM: OPEN}, shows=ids.ATTACH_FORM),
    "attach: what to": Row(
        form(ids.ATTACH_FORM, {ids.ATTACH_TO: "the original as an option"}),
        {TEAM: OPEN},
        shows=ids.ATTACH_CONFIRMATION,
    ),
    "attach: send": Row(
        form(ids.ATTACH_CONFIRMATION, {}, target="the original"), {TEAM: OPEN}, [Action.ATTACH]
    ),
    "detach": Row(button(ids.DETACH), {TEAM: frozenset()}),  # it is attached to nothing
    "undo the closing: send": Row(
        form(ids.REASON_FORM, WHY, action="undo_closing"),
        {TEAM: frozenset({CANCELLED})},
        [Action.UNDO_CLOSING],
    ),
    "undo the closing": Row(
        menu(Action.UNDO_CLOSING),
        {TEAM: frozenset({CANCELLED})},
        shows=ids.REASON_FORM,
    ),
    "duplicate": Row(menu(Action.DUPLICATE), {TEAM: OPEN}, shows=ids.DUPLICATE_FORM),
    "duplicate: send": Row(
        form(ids.DUPLICATE_FORM, {ids.DUPLICATE_OF: "the original"}), {TEAM: OPEN}, [Action.DUPLICATE]
    ),
    "cancel": Row(
        button(ids.CANCEL),
        {REQUESTER: OPEN, TEAM: OPEN},
        shows=ids.REASON_FORM,
        refusal=ROLE_MESSAGES[Action.CANCEL],
    ),
    "cancel: in the menu": Row(
        menu(Action.CANCEL),
        {REQUESTER: OPEN, TEAM: OPEN},
        shows=ids.REASON_FORM,
        refusal=ROLE_MESSAGES[Action.CANCEL],
    ),
    "cancel: send": Row(
        form(ids.REASON_FORM, WHY, action="cancel"),
        {REQUESTER: OPEN, TEAM: OPEN},
        [Action.CANCEL],
        refusal=ROLE_MESSAGES[Action.CANCEL],
    ),
    "record approval": Row(
        menu(Action.RECORD_APPROVAL), {TEAM: frozenset({RESOLVED})}, shows=ids.REASON_FORM
    ),
    "record approval: send": Row(
        form(ids.REASON_FORM, WHY, action="record_approval"),
        {TEAM: frozenset({RESOLVED})},
        [Action.RECORD_APPROVAL],
    ),
    "approve": Row(
        button(ids.APPROVE, "{number}.{resolution}"),
        {REQUESTER: frozenset({RESOLVED})},
        [Action.APPROVE],
        refusal=ROLE_MESSAGES[Action.APPROVE],
        button=ids.APPROVE,
    ),
    "refuse": Row(
        button(ids.REFUSE, "{number}.{resolution}"),
        {REQUESTER: frozenset({RESOLVED})},
        shows=ids.REASON_FORM,
        refusal=ROLE_MESSAGES[Action.REFUSE],
        button=ids.REFUSE,
    ),
    "refuse: send": Row(
        form(ids.REASON_FORM, WHY, action="refuse"),
        {REQUESTER: frozenset({RESOLVED})},
        [Action.REFUSE],
        refusal=ROLE_MESSAGES[Action.REFUSE],
    ),
    "reopen": Row(
        button(ids.REOPEN),
        {REQUESTER: CLOSED},
        shows=ids.REASON_FORM,
        other_view={OLD: ids.TICKET_FORM},
        refusal=NOT_FOUND,
    ),
    "reopen: send": Row(
        form(ids.REASON_FORM, WHY, action="reopen"),
        {REQUESTER: CLOSED - {OLD}},
        [Action.REOPEN],
        refusal=ROLE_MESSAGES[Action.REOPEN],
        instead={
            OLD: "No. {number} was closed more than {days} days ago. Please raise a new ticket.",
        },
    ),
    "follow up": Row(button(ids.CONTINUE), {REQUESTER: CLOSED}, shows=ids.TICKET_FORM, refusal=NOT_FOUND),
    "rate": Row(
        button(f"{ids.RATE}.good", "{number}.good"),
        {REQUESTER: frozenset({APPROVED, OLD})},
        [Action.RATE],
        shows=ids.SATISFACTION_FORM,
        refusal=ROLE_MESSAGES[Action.RATE],
        instead={RATED: RATED_ALREADY},
        button=f"{ids.RATE}.good",
    ),
    "rate: send an opinion": Row(
        form(ids.SATISFACTION_FORM, {ids.OPINION: "Merci."}),
        {REQUESTER: frozenset({RATED})},
        refusal=ROLE_MESSAGES[Action.RATE],
        instead=dict.fromkeys(ANY - {RATED}, errors.StalePayload.message),
    ),
    "detail": Row(
        button(ids.DETAIL), {REQUESTER: ANY, TEAM: ANY}, shows=ids.TICKET_DETAIL, refusal=NOT_FOUND
    ),
    "edit": Row(
        button(ids.EDIT),
        {REQUESTER: frozenset({NEW})},
        shows=ids.EDIT_FORM,
        refusal=ROLE_MESSAGES[Action.EDIT],
        instead=dict.fromkeys(ANY - {NEW}, EDITED_LATE),
        button=ids.EDIT,
    ),
    "edit: send": Row(
        edit,
        {REQUESTER: frozenset({NEW})},
        [Action.EDIT],
        refusal=ROLE_MESSAGES[Action.EDIT],
        instead=dict.fromkeys(ANY - {NEW}, EDITED_LATE),
    ),
    "answer": Row(
        button(ids.ANSWER),
        {REQUESTER: ANY},
        shows=ids.ANSWER_FORM,
        refusal=ROLE_MESSAGES[Action.COMMENT],
        button=ids.ANSWER,
    ),
    "answer: send": Row(
        form(ids.ANSWER_FORM, WHY),
        {REQUESTER: ANY},
        [Action.COMMENT],
        refusal=ROLE_MESSAGES[Action.COMMENT],
        other_action={PENDING: Action.ANSWER},
    ),
    # Of tickets that need no agreement; `test_approval_permissions` has those that do.
    "complete": Row(
        button(ids.COMPLETE_REQUEST), {REQUESTER: frozenset()}, refusal=ROLE_MESSAGES[Action.COMPLETE]
    ),
    "complete: send": Row(
        form(ids.COMPLETE_FORM, WHY), {REQUESTER: frozenset()}, refusal=ROLE_MESSAGES[Action.COMPLETE]
    ),
    "choose an approver": Row(
        button(ids.CHOOSE_APPROVER),
        {REQUESTER: frozenset(), TEAM: frozenset()},
        refusal=ROLE_MESSAGES[Action.CHOOSE_APPROVER],
    ),
    "choose an approver: send": Row(
        form(ids.CHOOSE_APPROVER_FORM, {ids.APPROVER: OTHER}),
        {REQUESTER: frozenset(), TEAM: frozenset()},
        refusal=ROLE_MESSAGES[Action.CHOOSE_APPROVER],
    ),
    "ask for an agreement": Row(
        menu(Action.REQUEST_AGREEMENT), {TEAM: OPEN}, shows=ids.REQUEST_AGREEMENT_FORM
    ),
    "ask for an agreement: send": Row(
        form(ids.REQUEST_AGREEMENT_FORM, {**WHY, ids.APPROVER: OTHER}),
        {TEAM: OPEN},
        [Action.REQUEST_AGREEMENT],
    ),
    "record an agreement": Row(menu(Action.RECORD_AGREEMENT), {TEAM: OPEN}, shows=ids.RECORD_AGREEMENT_FORM),
    "record an agreement: send": Row(
        form(ids.RECORD_AGREEMENT_FORM, {**WHY, ids.APPROVER: OTHER}),
        {TEAM: OPEN},
        [Action.RECORD_AGREEMENT],
    ),
    "write: in the thread": Row(
        thread_message(DeliveryKind.CARD),
        {REQUESTER: ANY},
        [Action.COMMENT],
        refusal=ROLE_MESSAGES[Action.COMMENT],
        other_action={PENDING: Action.ANSWER},
        unheard=True,
    ),
}


# -- controls that concern no existing ticket ----------------------------------------------------------------


@dataclass(frozen=True)
class Control:
    """A control for everybody who is served, or for some; for others the answer is `refusal`."""

    make: Callable[[Environment, Person], Json]
    who: frozenset[Who] = SERVED
    does: Sequence[str] = ()
    shows: str | None = None
    refusal: str = TECHNICIANS_ONLY
    says: str | None = None
    """The answer to those who may use it, when it is too late."""
    unheard: bool = False
    """Others get no answer."""


def press(action_id: str, value: str = "x", **more: Any) -> Callable[[Environment, Person], Json]:
    def make(environment: Environment, person: Person) -> Json:
        action = {
            "type": "button",
            "action_id": action_id,
            "value": value.format(environment=environment),
            **more,
        }
        return environment.click(person, action)

    return make


def inside(
    action_id: str, value: str, view: str = "modal", **more: Any
) -> Callable[[Environment, Person], Json]:
    def make(environment: Environment, person: Person) -> Json:
        state: Json = {"values": {}}
        return environment.click(
            person, {"action_id": action_id, "value": value, **more}, {"type": view, "state": state}
        )

    return make


def in_outage_form(action_id: str) -> Callable[[Environment, Person], Json]:
    """A choice in the form of a new outage that has the box which announces it, where nothing may be."""

    def make(environment: Environment, person: Person) -> Json:
        action = {"type": "multi_static_select", "action_id": action_id, "selected_options": []}
        words = {"type": "plain_text", "text": "#general"}
        ticked = {"type": "checkboxes", "action_id": ids.ANNOUNCE, "options": [{"text": words, "value": "x"}]}
        box = {"block_id": ids.ANNOUNCE, "type": "input", "label": words, "hint": words, "element": ticked}
        view = {
            "type": "modal",
            "callback_id": ids.DECLARE_OUTAGE_FORM,
            "submit": words,
            "private_metadata": f'{{"submission": "{uuid4()}"}}',
            "blocks": [box],
            "state": {"values": {}},
        }
        return environment.click(person, action, view)

    return make


def in_form(action_id: str, value: str = "x") -> Callable[[Environment, Person], Json]:
    """A click in an open ticket form."""

    def make(environment: Environment, person: Person) -> Json:
        if person.name != STRANGER.value:
            person.command(ids.COMMAND_TICKET)
        action = {"action_id": action_id, "value": value.format(environment=environment)}
        return environment.click(person, action, {"type": "modal"}, in_open_modal=True)

    return make


def slash(command: str, text: str = "") -> Callable[[Environment, Person], Json]:
    return lambda environment, person: environment.command(person, command, text)


def sent(callback_id: str, values: Mapping[str, Any], **place: Any) -> Callable[[Environment, Person], Json]:
    def make(environment: Environment, person: Person) -> Json:
        kept = {
            "submission": str(uuid4()),
            **{key: getattr(environment, value) for key, value in place.items()},
        }
        return environment.submission(
            person, callback_id, kept, {key: _state(v, environment) for key, v in values.items()}
        )

    return make


def happens(**event: Any) -> Callable[[Environment, Person], Json]:
    return lambda environment, person: environment.event(user=person.slack_id, **event)


def profile_changes(environment: Environment, person: Person) -> Json:
    return environment.event(type="user_change", user={"id": person.slack_id, "profile": {}})


def from_message(environment: Environment, person: Person) -> Json:
    message = {"text": "Bonjour", "ts": "1.1", "user": environment.people[OTHER].slack_id}
    more = {"message": message, "channel": {"id": "C1"}}
    return environment.shortcut(person, "message_action", ids.SHORTCUT_FROM_MESSAGE, **more)


def in_technicians_form(callback_id: str, action_id: str) -> Callable[[Environment, Person], Json]:
    """The requester, or a service, chosen in a technician's form: Camille, whose site is known."""

    def make(environment: Environment, person: Person) -> Json:
        user = environment.people[REQUESTER].slack_id
        text = {"type": "plain_text", "text": "x"}
        element = {"type": "plain_text_input", "action_id": ids.SITE}
        site = {"type": "input", "block_id": ids.SITE, "element": element, "label": text}
        view = {
            "callback_id": callback_id,
            "private_metadata": json.dumps({"submission": str(uuid4())}),
            "submit": text,
            "blocks": [site, environment.a_block],
        }
        return environment.click(
            person, {"action_id": action_id, "selected_user": user, **option("wifi")}, view
        )

    return make


def options(action_id: str) -> Callable[[Environment, Person], Json]:
    """Words typed in a menu of services."""

    def make(environment: Environment, person: Person) -> Json:
        body = environment.shortcut(person, "block_suggestion", "x")
        return body | {"action_id": action_id, "block_id": action_id, "value": "im"}

    return make


def suggestion(environment: Environment, person: Person) -> Json:
    body = environment.shortcut(person, "block_suggestion", ids.REQUALIFY_FORM)
    return body | {"action_id": ids.SERVICE_CHOICE, "block_id": ids.SERVICE_CHOICE, "value": "im"}


def decision(environment: Environment, person: Person) -> Json:
    """The words of who declines in a step that is not there."""
    state = {"approval": 99, "decision": "decline"}
    return environment.submission(person, ids.APPROVAL_REASON_FORM, state, {ids.REASON: {"value": "Non."}})


def absence(environment: Environment, person: Person) -> Json:
    day = {"selected_date": environment.desk.now.date().isoformat()}
    return environment.submission(person, ids.ABSENCE_FORM, {}, {ids.FIRST_DAY: day, ids.LAST_DAY: day})


FORM = {"title": "Écran noir", "status": option("new"), **AS_THEY_ARE}
SOLVED = {**FORM, "status": option("resolved"), "solution": "Fait.", "requester": OTHER}
CALL = {"requester": REQUESTER, "title": "Écran noir", "solution": "Fait.", "site": option("iut")}
NOT_YOURS = MESSAGES[FieldReason.NOT_YOURS]
OVER, OUTAGE_OVER = errors.OutageOver.message, "Too late: {name} resolved this outage on {at}."

OTHER_CONTROLS: Mapping[str, Control] = {
    "/ticket": Control(slash(ids.COMMAND_TICKET, "Écran"), shows=ids.TICKET_FORM),
    "/catalogue": Control(slash(ids.COMMAND_CATALOGUE), shows=ids.CATALOGUE),
    "/mes-tickets": Control(slash(ids.COMMAND_MY_TICKETS), shows=ids.MY_TICKETS),
    "/ma-file": Control(slash(ids.COMMAND_QUEUE), TECHNICIANS, shows=ids.QUEUE),
    "/chercher": Control(slash(ids.COMMAND_SEARCH, "panne"), TECHNICIANS, shows=ids.TICKET_SEARCH),
    "/my-tickets": Control(slash("/my-tickets"), shows=ids.MY_TICKETS),
    "/my-queue": Control(slash("/my-queue"), TECHNICIANS, shows=ids.QUEUE),
    "/find-ticket": Control(slash("/find-ticket", "panne"), TECHNICIANS, shows=ids.TICKET_SEARCH),
    "/outage": Control(slash("/outage"), TECHNICIANS, shows=ids.DECLARE_OUTAGE_FORM),
    "/panne": Control(slash(ids.COMMAND_OUTAGE), TECHNICIANS, shows=ids.DECLARE_OUTAGE_FORM),
    "/mes-accords": Control(slash(ids.COMMAND_MY_APPROVALS), shows=ids.MY_APPROVALS),
    "/my-approvals": Control(slash(ids.COMMAND_MY_APPROVALS_EN), shows=ids.MY_APPROVALS),
    "agreements: all": Control(press(ids.OPEN_MY_APPROVALS), shows=ids.MY_APPROVALS),
    "agreements: authorise": Control(press(ids.AUTHORISE, "99"), says=NOT_FOUND),
    "agreements: decline": Control(press(ids.DECLINE, "99"), says=errors.NOT_ASKED),
    "agreements: ask": Control(press(ids.ASK_INFORMATION, "99"), says=errors.NOT_ASKED),
    "agreements: send": Control(decision, says=NOT_FOUND),
    "agreements: view": Control(press(ids.SHOW_REQUEST, "99"), says=errors.NOT_ASKED),
    "absence": Control(press(ids.OPEN_ABSENCE), shows=ids.ABSENCE_FORM),
    "absence: send": Control(absence),
    "absence: delete": Control(inside(ids.DELETE_ABSENCE, "own", "home"), shows="home"),
    "own data": Control(press(ids.OPEN_OWN_DATA, "1"), shows=ids.OWN_DATA),
    "own data: receive": Control(inside(ids.RECEIVE_OWN_DATA, "1"), shows=ids.OWN_DATA),
    "new ticket": Control(press(ids.NEW_TICKET), shows=ids.TICKET_FORM),
    "new ticket: shortcut": Control(
        lambda environment, person: environment.shortcut(person, "shortcut", ids.SHORTCUT_NEW_TICKET),
        shows=ids.TICKET_FORM,
    ),
    "new ticket: from a message": Control(from_message, shows=ids.TICKET_FORM),
    "impact": Control(inside(ids.IMPACT, ""), shows="x"),
    "urgency": Control(inside(ids.URGENCY, ""), shows="x"),
    "suggestion: a ticket": Control(
        in_form(ids.ADD_TO_TICKET, "{environment.original}"),
        frozenset({REQUESTER}),
        shows=ids.ADD_TO_TICKET_FORM,
        refusal=errors.TicketNotFound.message,
    ),
    "suggestion: add to a ticket": Control(
        sent(ids.ADD_TO_TICKET_FORM, {"reason": "Aussi ici"}, ticket="original"),
        frozenset({REQUESTER}),
        does=["comment"],
        refusal=errors.TicketNotFound.message,
    ),
    "suggestion: an article": Control(in_form(ids.READ_ARTICLE, "wifi"), shows=ids.ARTICLE_IN_FORM),
    "suggestion: an article was enough": Control(sent(ids.ARTICLE_IN_FORM, {}, article="article")),
    "suggestion: request": Control(in_form(ids.SUGGESTED_REQUEST, "second-ecran"), shows=ids.TICKET_FORM),
    "suggestion: incident": Control(
        in_form(ids.SUGGESTED_INCIDENT, "{environment.an_incident}"), shows=ids.TICKET_FORM
    ),
    "suggestion: back": Control(in_form(ids.BACK_TO_FORM), shows=ids.TICKET_FORM),
    "file": Control(sent(ids.TICKET_FORM, FORM), does=["open"]),
    "file on behalf": Control(
        sent(ids.TICKET_FORM, {**FORM, "requester": ELSEWHERE}),
        TECHNICIANS,
        does=["open"],
        refusal=NOT_YOURS,
    ),
    "file what is solved": Control(
        sent(ids.TICKET_FORM, SOLVED), TECHNICIANS, does=["open", "resolve"], refusal=NOT_YOURS
    ),
    "file: the requester": Control(
        in_technicians_form(ids.TICKET_FORM, ids.REQUESTER), TECHNICIANS, shows=ids.TICKET_FORM
    ),
    "file: the ticket made from the same message": Control(
        in_form(ids.MADE_BEFORE, "{environment.original}"),
        frozenset({REQUESTER, TECHNICIAN}),
        shows=ids.TICKET_DETAIL,
        refusal=errors.TicketNotFound.message,
    ),
    "options: what to attach to": Control(options(ids.ATTACH_TO), unheard=True),
    "solved call": Control(press(ids.OPEN_SOLVED_CALL), TECHNICIANS, shows=ids.SOLVED_CALL_FORM),
    "solved call: the requester": Control(
        in_technicians_form(ids.SOLVED_CALL_FORM, ids.REQUESTER), TECHNICIANS, shows=ids.SOLVED_CALL_FORM
    ),
    "solved call: a service": Control(
        in_technicians_form(ids.SOLVED_CALL_FORM, ids.CALL_SERVICE), TECHNICIANS, shows=ids.SOLVED_CALL_FORM
    ),
    "solved call: send": Control(sent(ids.SOLVED_CALL_FORM, CALL), TECHNICIANS, does=["open", "resolve"]),
    "options: services of a solved call": Control(options(ids.CALL_SERVICE), unheard=True),
    "catalogue": Control(press(ids.OPEN_CATALOGUE), shows=ids.CATALOGUE),
    "catalogue: a group": Control(press(ids.GROUP, "assistance"), shows=ids.CATALOGUE),
    "catalogue: a service": Control(press(ids.SERVICE, "autre-demande"), shows=ids.CATALOGUE),
    "catalogue: an article": Control(press(ids.OPEN_ARTICLE, "wifi"), shows=ids.ARTICLE),
    "catalogue: an article's service": Control(press(f"{ids.ARTICLE_SERVICE}.0", "vpn"), shows=ids.CATALOGUE),
    "catalogue: an article helped": Control(sent(ids.ARTICLE, {}, article="an_article")),
    "catalogue: back": Control(press(ids.BACK), shows=ids.CATALOGUE),
    "catalogue: browse": Control(press(ids.BROWSE), shows=ids.CATALOGUE),
    "catalogue: a ticket with the words": Control(press(ids.FILE_WORDS, "vpn"), shows=ids.TICKET_FORM),
    "catalogue: search": Control(press(ids.SEARCH, "vpn"), shows=ids.CATALOGUE),
    "catalogue: a page": Control(press(f"{ids.CATALOGUE_PAGE}.1", "1"), shows=ids.CATALOGUE),
    "catalogue: send": Control(sent(ids.CATALOGUE, {ids.SEARCH: "vpn"}), shows=ids.CATALOGUE),
    "catalogue: request": Control(press(ids.REQUEST_SERVICE, "second-ecran"), shows=ids.TICKET_FORM),
    "catalogue: incident": Control(
        press(ids.REPORT_PROBLEM, "{environment.an_incident}"), shows=ids.TICKET_FORM
    ),
    "note: no more suggestions": Control(press(ids.DECLINE_HINT)),
    "catalogue: link": Control(press(ids.SERVICE_LINK)),
    "my tickets": Control(press(ids.OPEN_MY_TICKETS), shows=ids.MY_TICKETS),
    "my tickets: open": Control(inside(ids.OPEN_LIST, "open"), shows=ids.MY_TICKETS),
    "my tickets: closed": Control(inside(ids.CLOSED_LIST, "closed"), shows=ids.MY_TICKETS),
    "my tickets: a page": Control(inside(f"{ids.LIST_PAGE}.open.1", "open:1"), shows=ids.MY_TICKETS),
    "my tickets: back": Control(inside(ids.BACK_TO_LIST, "back"), shows=ids.MY_TICKETS),
    "my tickets: a page of the Home": Control(
        inside(f"{ids.LIST_PAGE}.open.1", "open:1", "home"), shows="home"
    ),
    "my search": Control(press(ids.OPEN_MY_SEARCH), shows=ids.MY_SEARCH),
    "my search: Enter": Control(inside(ids.MY_SEARCH, "panne"), shows=ids.MY_SEARCH),
    "my search: a page": Control(inside(f"{ids.MY_SEARCH_PAGE}.1", "1"), shows=ids.MY_SEARCH),
    "my search: back": Control(inside(ids.BACK_TO_MY_SEARCH, "back"), shows=ids.MY_SEARCH),
    "my search: send": Control(sent(ids.MY_SEARCH, {ids.MY_SEARCH: "panne"}), shows=ids.MY_SEARCH),
    "a file that is not there": Control(press(ids.SEND_FILE, "99"), says=NOT_FOUND),
    "queue: a tab": Control(inside(f"{ids.QUEUE_TAB}.mine", "mine"), TECHNICIANS, shows=ids.QUEUE),
    "queue: a page": Control(inside(f"{ids.QUEUE_PAGE}.1", "1"), TECHNICIANS, shows=ids.QUEUE),
    "queue: a site": Control(inside(ids.QUEUE_SITE, "", **option("iut")), TECHNICIANS, shows=ids.QUEUE),
    "queue: a priority": Control(
        inside(ids.QUEUE_PRIORITY, "", **option("P1")), TECHNICIANS, shows=ids.QUEUE
    ),
    "queue: a service": Control(inside(ids.QUEUE_SERVICE, "", **option("*")), TECHNICIANS, shows=ids.QUEUE),
    "queue: a technician": Control(
        inside(ids.QUEUE_TECHNICIAN, "", **option("*")), TECHNICIANS, shows=ids.QUEUE
    ),
    "queue: a state": Control(inside(ids.QUEUE_STATUS, "", **option("*")), TECHNICIANS, shows=ids.QUEUE),
    "queue: back": Control(inside(ids.BACK_TO_QUEUE, "back"), TECHNICIANS, shows=ids.QUEUE),
    "departure: give all back": Control(
        press(ids.GIVE_BACK, "{environment.departure}"),
        frozenset({TEAM}),
        refusal=DepartureTeamOnly.message,
        says=NotBackYet.message,
    ),
    "search": Control(press(ids.OPEN_SEARCH), TECHNICIANS, shows=ids.TICKET_SEARCH),
    "search: Enter": Control(inside(ids.TICKET_SEARCH, "panne"), TECHNICIANS, shows=ids.TICKET_SEARCH),
    "search: a page": Control(inside(f"{ids.SEARCH_PAGE}.1", "1"), TECHNICIANS, shows=ids.TICKET_SEARCH),
    "search: back": Control(inside(ids.BACK_TO_SEARCH, "back"), TECHNICIANS, shows=ids.TICKET_SEARCH),
    "search: send": Control(
        sent(ids.TICKET_SEARCH, {ids.TICKET_SEARCH: "panne"}), TECHNICIANS, shows=ids.TICKET_SEARCH
    ),
    "outage: declare": Control(press(ids.DECLARE_OUTAGE), TECHNICIANS, shows=ids.DECLARE_OUTAGE_FORM),
    "outage: send": Control(
        sent(
            ids.DECLARE_OUTAGE_FORM,
            {ids.TITLE: "Wi-Fi", ids.SITES: ["inspe"], ids.SERVICES: [], ids.ANNOUNCE: []},
        ),
        TECHNICIANS,
        does=["declare"],
    ),
    **{
        f"outage: choose {name}": Control(in_outage_form(name), TECHNICIANS, shows=ids.DECLARE_OUTAGE_FORM)
        for name in (ids.SITES, ids.SERVICES, ids.TEAM)
    },
    "outage: follow": Control(press(ids.FOLLOW_OUTAGE, "{environment.outage}"), does=["open"]),
    "outage: follow one that is over": Control(press(ids.FOLLOW_OUTAGE, "{environment.over}"), says=OVER),
    "outage: amend": Control(
        press(ids.AMEND_OUTAGE, "{environment.outage}"),
        frozenset({TEAM}),
        shows=ids.AMEND_OUTAGE_FORM,
        refusal=OUTAGE_TEAM,
    ),
    "outage: amend one that is over": Control(
        press(ids.AMEND_OUTAGE, "{environment.over}"),
        frozenset({TEAM}),
        refusal=OUTAGE_TEAM,
        says=OUTAGE_OVER,
    ),
    "outage: amend: send": Control(
        sent(ids.AMEND_OUTAGE_FORM, {ids.TITLE: "Wi-Fi"}, outage="outage"),
        frozenset({TEAM}),
        does=["amend"],
        refusal=OUTAGE_TEAM,
    ),
    "outage: amend one that is over: send": Control(
        sent(ids.AMEND_OUTAGE_FORM, {ids.TITLE: "Wi-Fi"}, outage="over"),
        frozenset({TEAM}),
        refusal=OUTAGE_TEAM,
        says=OUTAGE_OVER,
    ),
    "outage: resolve": Control(
        press(ids.RESOLVE_OUTAGE, "{environment.outage}"),
        frozenset({TEAM}),
        shows=ids.RESOLVE_OUTAGE_FORM,
        refusal=OUTAGE_TEAM,
    ),
    "outage: resolve: send": Control(
        sent(ids.RESOLVE_OUTAGE_FORM, {ids.SOLUTION: "Fait."}, outage="outage"),
        frozenset({TEAM}),
        does=["resolve"],
        refusal=OUTAGE_TEAM,
    ),
    "outage: resolve one that is over: send": Control(
        sent(ids.RESOLVE_OUTAGE_FORM, {ids.SOLUTION: "Fait."}, outage="over"),
        frozenset({TEAM}),
        refusal=OUTAGE_TEAM,
        says=OUTAGE_OVER,
    ),
    "outage: update": Control(
        press(ids.UPDATE_OUTAGE, "{environment.outage}"),
        frozenset({TEAM}),
        shows=ids.UPDATE_OUTAGE_FORM,
        refusal=OUTAGE_TEAM,
    ),
    "outage: update: send": Control(
        sent(ids.UPDATE_OUTAGE_FORM, {ids.REASON: "Bientôt."}, outage="outage"),
        frozenset({TEAM}),
        does=["update"],
        refusal=OUTAGE_TEAM,
    ),
    "outage: put off the next update": Control(
        press(f"{ids.PUT_OFF_UPDATE}.15", "{environment.outage}"), frozenset({TEAM}), refusal=OUTAGE_TEAM
    ),
    "outage: history": Control(
        press(ids.OUTAGE_HISTORY, "{environment.outage}"),
        frozenset({TEAM}),
        shows="modal",
        refusal=OUTAGE_TEAM,
    ),
    "outage: what happened": Control(
        press(ids.REVIEW_OUTAGE, "{environment.over}"),
        frozenset({TEAM}),
        shows=ids.REVIEW_OUTAGE_FORM,
        refusal=OUTAGE_TEAM,
    ),
    "outage: what happened: send": Control(
        sent(ids.REVIEW_OUTAGE_FORM, {ids.WHAT_HAPPENED: "Un disque."}, outage="over"),
        frozenset({TEAM}),
        does=["review"],
        refusal=OUTAGE_TEAM,
    ),
    "outage: attach tickets": Control(
        sent(ids.ATTACH_TO_OUTAGE_FORM, {}, outage="outage"), frozenset({TEAM}), refusal=OUTAGE_TEAM
    ),
    "options: services": Control(suggestion, unheard=True),
    "Home": Control(happens(type="app_home_opened", tab="home"), shows="home", unheard=True),
    "somebody joins": Control(
        happens(type="member_joined_channel", channel="C1"), frozenset(Who), unheard=True
    ),
    "somebody leaves": Control(
        happens(type="member_left_channel", channel="C1"), frozenset(Who), unheard=True
    ),
    **{
        f"a channel changes: {event}": Control(
            happens(type=event, channel="C1"), frozenset(Who), unheard=True
        )
        for event in CHANNEL_EVENTS
    },
    **{
        f"a channel changes, as a message: {subtype}": Control(
            happens(type="message", subtype=subtype, channel="C1", ts="2.1"), frozenset(Who), unheard=True
        )
        for subtype in channels.MESSAGES
    },
    "a channel has another id": Control(
        happens(type="channel_id_changed", old_channel_id="C1", new_channel_id="C2"),
        frozenset(Who),
        unheard=True,
    ),
    "a file is deleted": Control(happens(type="file_deleted", file_id="F1"), frozenset(Who), unheard=True),
    "a profile changes": Control(profile_changes, frozenset(Who), unheard=True),
    "our name in a channel": Control(
        happens(type="app_mention", channel="C1", text=f"<@{BOT_USER_ID}>", ts="2.1"),
        frozenset(Who),
        unheard=True,
    ),
    "our name in an app’s message": Control(
        happens(type="app_mention", channel="C1", text=f"<@{BOT_USER_ID}>", ts="2.1", bot_id="B1"),
        frozenset(Who),
        unheard=True,
    ),
    "a message to Guichet": Control(
        happens(type="message", channel_type="im", channel="{direct}", text="Bonjour", ts="2.1"),
        unheard=True,
    ),
    "a message to Guichet edited": Control(
        happens(
            type="message",
            subtype="message_changed",
            channel_type="im",
            channel="{direct}",
            message={"type": "message", "user": "U1", "text": "Oh", "ts": "2.1"},
        ),
        frozenset(Who),
        unheard=True,
    ),
    "a message to Guichet deleted": Control(
        happens(
            type="message",
            subtype="message_deleted",
            channel_type="im",
            channel="{direct}",
            deleted_ts="2.1",
        ),
        frozenset(Who),
        unheard=True,
    ),
    "words: add": Control(
        press(ids.ADD_DRAFT, "{environment.draft}.{environment.original}"),
        frozenset({REQUESTER}),
        does=["comment"],
        refusal=errors.DraftExpired.message,
    ),
    "words: choose a ticket": Control(
        press(ids.CHOOSE_TICKET, "{environment.draft}.{environment.original}"),
        frozenset({REQUESTER}),
        does=["comment"],
        refusal=errors.DraftExpired.message,
    ),
    "words: raise a ticket": Control(
        press(ids.FILE_DRAFT, "{environment.draft}"),
        frozenset({REQUESTER}),
        shows=ids.TICKET_FORM,
        refusal=errors.DraftExpired.message,
    ),
    "a message elsewhere": Control(
        happens(type="message", channel_type="channel", channel="C1", text="Bonjour", ts="2.1"),
        frozenset(Who),
        unheard=True,
    ),
    "a thread elsewhere": Control(
        happens(type="message", channel_type="channel", channel="C1", text="Ah", ts="2.2", thread_ts="2.1"),
        frozenset(Who),
        unheard=True,
    ),
    "a message of somebody's edited": Control(
        happens(
            type="message",
            subtype="message_changed",
            channel="C1",
            message={"type": "message", "user": "U1", "text": "Oh", "ts": "2.1"},
        ),
        frozenset(Who),
        unheard=True,
    ),
    "a message of somebody's deleted": Control(
        happens(type="message", subtype="message_deleted", channel="C1", deleted_ts="2.1"),
        frozenset(Who),
        unheard=True,
    ),
}


# -- the tests -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def environment(
    slack_server: Playground,
    connection: SocketModeHandler,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Environment]:
    """On SQLite, whose file is restored in a millisecond: permissions do not depend on the database."""
    path = tmp_path_factory.mktemp("rights") / "guichet.db"
    with desk_on_sqlite(slack_server, connection, path) as desk:
        environment = Environment(desk, path)
        yield environment
        environment.close()
    violations = slack_server.control.get("violations")["violations"]
    unheard = (
        "user_not_in_channel",
        "channel_not_found",
        "invalid_payload response_url there is no original",
    )
    broken = [f"{each['rule']} {each['where']} {each['detail']}" for each in violations]
    assert [each for each in broken if not each.startswith(unheard)] == []


def shown(person: Person, msgid: str) -> str:
    """The beginning of a message in this person's language, up to its first placeholder."""
    text = translator("en" if person.name == OTHER.value else "fr")(msgid)
    return text.partition("{")[0]


def refused(environment: Environment, person: Person, body: Json, *expected: str) -> str | None:
    """How the outcome differs from one of these answers, and nothing else; None if it does not."""
    outcome = environment.send(body)
    fine = not outcome.changed and not outcome.shown and len(outcome.texts) == 1 and outcome.status == 200
    if fine and any(outcome.texts[0].startswith(shown(person, msgid)) for msgid in expected):
        return None
    environment.restore()
    return f"should be refused: {outcome}"


def done(environment: Environment, body: Json, does: Sequence[str], shows: str | None) -> str | None:
    """How the outcome differs from this being done, and nothing else; None if it does not."""
    outcome = environment.send(body)
    if outcome.changed:
        environment.restore()
    shown = [shows] if shows else []
    if (outcome.status, outcome.done, outcome.shown) == (200, list(does), shown):
        return None
    return f"should do {does} and show {shows}: {outcome}"


@pytest.mark.parametrize("name", TICKETS)
def test_a_tickets_control_does_what_the_table_says(
    environment: Environment, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    row, surprises = TICKETS[name], []
    for who, person in environment.people.items():
        for state in State:
            body = row.make(environment, person, state)
            if row.unheard and who not in row.may:
                surprise = "should be ignored" if environment.send(body).changed else None
            elif who is STRANGER:
                surprise = refused(environment, person, body, NOT_SERVED)
            elif who not in row.may:
                surprise = refused(environment, person, body, row.refusal)
            elif state not in row.may[who]:
                late = [row.instead[state]] if state in row.instead else LATE
                surprise = refused(environment, person, body, *late)
            else:
                action = row.other_action.get(state)
                does = [action] if action else row.does
                surprise = done(environment, body, does, row.other_view.get(state, row.shows))
            if surprise:
                surprises.append(f"{who.name}, {state.name}: {surprise}")
    assert surprises == []
    assert "reference" not in caplog.text


@pytest.mark.parametrize("name", OTHER_CONTROLS)
def test_any_other_control_does_what_the_table_says(
    environment: Environment, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    control, surprises = OTHER_CONTROLS[name], []
    for who, person in environment.people.items():
        body = control.make(environment, person)
        if control.unheard and who not in control.who:
            surprise = "should be ignored" if environment.send(body).changed else None
        elif who is STRANGER and STRANGER not in control.who:
            surprise = refused(environment, person, body, NOT_SERVED)
        elif who not in control.who:
            surprise = refused(environment, person, body, control.refusal)
        elif control.says:
            surprise = refused(environment, person, body, control.says)
        else:
            surprise = done(environment, body, control.does, control.shows)
        if surprise:
            surprises.append(f"{who.name}: {surprise}")
    assert surprises == []
    assert "reference" not in caplog.text


OF_THE_TEAM = sorted(name for name, row in TICKETS.items() if row.may.keys() == {TEAM} and row.may[TEAM])


@pytest.mark.parametrize("name", OF_THE_TEAM)
def test_a_former_team_does_nothing_to_what_it_handed_over(environment: Environment, name: str) -> None:
    """Neither its technicians, nor who had the ticket and has left the team since."""
    row, ticket = TICKETS[name], environment.ticket(NEW)
    hand_over = partial(requalify, ticket_id=ticket.id, changed={"team": "reseau"}, why="Câble.")
    surprises = []
    with environment.after(hand_over, environment.actor(TECHNICIAN, "assistance")):
        for who in (TECHNICIAN, REMOVED):
            body = row.make(environment, environment.people[who], NEW)
            if row.unheard:
                surprise = "should be ignored" if environment.send(body).changed else None
            else:
                surprise = refused(environment, environment.people[who], body, row.refusal)
            surprises += [f"{who.name}: {surprise}"] if surprise else []
    assert surprises == []


def test_every_listener_of_the_app_has_a_row(environment: Environment) -> None:
    taken = set()
    bodies = [row.make(environment, environment.people[TEAM], NEW) for row in TICKETS.values()]
    bodies += [control.make(environment, environment.people[TEAM]) for control in OTHER_CONTROLS.values()]
    for body in bodies:
        taken.add(id(environment.listeners(body)[0]))
    missing = [
        f"{each.ack_function.__module__}.{each.ack_function.__name__}"
        for each in environment.desk.parts.app._listeners
        if id(each) not in taken
    ]
    assert missing == []


def test_every_id_of_a_control_has_a_row(environment: Environment) -> None:
    """Where one listener takes several by a pattern or a loop, each has its own."""
    bodies = [row.make(environment, environment.people[TEAM], NEW) for row in TICKETS.values()]
    bodies += [control.make(environment, environment.people[TEAM]) for control in OTHER_CONTROLS.values()]
    sent = {name for body in bodies for name in ids_in(body)}
    assert sorted(each for each in CONTROLS if not any(name.startswith(each) for name in sent)) == []


def ids_in(body: Json) -> list[str]:
    """The ids in a payload: of a command, a view, a shortcut, a control."""
    actions = [action["action_id"] for action in body.get("actions", ())]
    named = (body.get("command"), body.get("view", {}).get("callback_id"), body.get("callback_id"))
    return [*actions, *filter(None, (*named, body.get("action_id")))]


# Ids of blocks and views that are only shown, and of the inputs of forms.
SHOWN = {ids.TICKET_DETAIL, ids.MY_TICKETS, ids.QUEUE, ids.NOTICE, ids.HOME, ids.ALERT, ids.PRIORITY}
SHOWN |= {ids.ATTACH_TO, ids.NEXT_UPDATE, ids.WHAT_HAPPENED, ids.WHY_IT_HAPPENED, ids.PREVENTION}
SHOWN |= {ids.KNOWN_OUTAGES, ids.SUGGESTIONS, ids.MEANWHILE, ids.ACTED, ids.MY_APPROVALS}
INPUTS = {
    *(ids.TITLE, ids.STATUS, ids.SITE, ids.DESCRIPTION, ids.FILES, ids.SOLUTION, ids.REASON, ids.CALL_KIND),
    *(
        ids.TO_DUPLICATES,
        ids.REPLY,
        ids.WAITS,
        ids.TAKES,
        ids.ANNOUNCE,
        ids.ASSIGNEE,
        ids.HOLD_REASON,
        ids.HOLD_UNTIL,
        ids.TEAM,
        ids.DUPLICATE_OF,
    ),
    *(ids.TO_CHILDREN, ids.OPINION, ids.SITES, ids.SERVICES, ids.EXPECTED_END),
    *(ids.APPROVER, ids.APPROVER_ROLE, ids.AGREED_WHERE, ids.FIRST_DAY, ids.LAST_DAY, ids.SUBSTITUTE),
}
NAMED = {each for name, each in vars(ids).items() if name.isupper()}
CONTROLS = sorted(NAMED - SHOWN - INPUTS)


@pytest.mark.parametrize("who", [REQUESTER, TECHNICIAN])
@pytest.mark.parametrize("state", State)
def test_a_detail_offers_what_the_table_allows(environment: Environment, who: Who, state: State) -> None:
    outcome = environment.send(TICKETS["detail"].make(environment, environment.people[who], state))
    controls = {row.button: state in row.may.get(who, ()) for row in TICKETS.values() if row.button}
    assert {each for each in outcome.buttons if each in controls} == {
        each for each, may in controls.items() if may
    }


# -- forged values -------------------------------------------------------------------------------------------

FORGED = [
    "",
    "0",
    "-1",
    "999999999",
    "9" * 30,
    "1.5",
    "1e9",
    "١",
    "x",
    "take.1",
    "1.x",
    "x.1",
    "*:*",
    "é" * 2000,
]
VIEW_STATES: Sequence[Any] = [
    "{",
    "[]",
    "null",
    "x" * 3000,
    {"ticket": "9" * 30, "action": "cancel", "outage": -1},
    {"ticket": None, "action": "cancel", "outage": "x"},
    {"ticket": {"id": 1}, "action": "cancel", "outage": []},
    {"ticket": 1, "action": "transfer", "outage": 1},
    {"ticket": 1, "action": [], "resolution": "x", "detail": "x", "was": 1, "seen": {}},
    {"ticket": 1, "action": "cancel", "detail": {"which": [], "words": "x" * 2500, "queue": 7, "from": {}}},
    {"submission": {}, "kind": 1, "service": {}, "follows": "x", "source": [], "files": [1, [2]]},
    {"queue": {"tab": [], "page": "x"}, "page": -1, "words": 1, "trail": [1], "round": "x", "open": 10**9},
]
BUTTONS = sorted({each for each in CONTROLS if each not in {ids.RATE, ids.MORE} and "form" not in each})
VIEWS = sorted(each for each in CONTROLS if each.endswith("_form"))


def survives(environment: Environment, body: Json) -> str | None:
    """How the app failed at this payload, if it did."""
    outcome = environment.send(body)
    if outcome.changed:
        environment.restore()
    return None if outcome.status in {200, 404} and not outcome.done else f"{body}: {outcome}"


@pytest.mark.parametrize("action_id", [*BUTTONS, ids.MORE, f"{ids.MORE}.x", f"{ids.RATE}.x"])
@pytest.mark.parametrize("where", ["message", "modal", "home"])
def test_a_forged_value_is_answered_with_a_message_or_ignored(
    environment: Environment, action_id: str, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    for value in FORGED:
        view = None if where == "message" else {"type": where}
        action = {"action_id": action_id, "value": value, "selected_option": {"value": value}}
        assert survives(environment, environment.click(environment.people[TEAM], action, view)) is None
    assert (
        survives(environment, environment.click(environment.people[TEAM], {"action_id": action_id})) is None
    )
    assert "reference" not in caplog.text


@pytest.mark.parametrize("callback_id", [*VIEWS, ids.CATALOGUE, ids.TICKET_SEARCH, "unknown", "é" * 200])
def test_a_forged_view_state_is_answered_with_a_message_or_ignored(
    environment: Environment, callback_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    for state in VIEW_STATES:
        body = environment.submission(environment.people[OTHER], callback_id, {}, {})
        body["view"]["private_metadata"] = state if isinstance(state, str) else json.dumps(state)
        assert survives(environment, body) is None
    assert "reference" not in caplog.text


def test_what_no_technician_may_do_by_a_form_of_reasons_is_not_done(environment: Environment) -> None:
    """For instance a rating or a transfer: the form is for refuse, cancel, reopen, undo and record only."""
    by_reason = {
        *(Action.REFUSE, Action.CANCEL, Action.REOPEN, Action.UNDO_CLOSING, Action.RECORD_APPROVAL),
    }
    for action in set(Action) - by_reason:
        body = form(ids.REASON_FORM, WHY, action=action.value)(
            environment, environment.people[TEAM], IN_PROGRESS
        )
        assert refused(environment, environment.people[TEAM], body, errors.StalePayload.message) is None
