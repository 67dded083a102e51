"""The requester's answers: approve, refuse, cancel, reopen; from a message or from a ticket's detail."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.values import pressed, read_number
from blocks.tickets.actions import read_button
from blocks.tickets.resolution import read_text_form, reason_form
from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.db.session import Sessions
from bot.listeners.interaction import act, place_of, show
from bot.listeners.tickets.my_tickets import close_form, show_detail
from bot.services.tickets import actions as tickets
from bot.services.tickets import my_tickets
from bot.services.tickets import new_ticket as filing
from bot.slack.directory import Directory
from bot.views.tickets.new_ticket import form_view, new_draft
from models.lifecycle import TRANSITIONS, Action, Role

ASKING_WHY = {ids.REFUSE: Action.REFUSE, ids.CANCEL: Action.CANCEL, ids.REOPEN: Action.REOPEN}


def press_approve(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """The requester pressed "C'est réparé, clore"."""
    (number, resolution), now = read_button(pressed(action)), clock()
    surface = "detail" if "view" in body else "message"
    act(
        sessions,
        person,
        number,
        Action.APPROVE,
        surface=surface,
        rules=rules,
        now=now,
        resolution=resolution,
    )
    show_detail(client, body, sessions, person, _, rules, now, number=number)
    ack()


def press_with_reason(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """Somebody pressed "Ça ne marche toujours pas", "Annuler ce ticket" or "Rouvrir"."""
    (number, resolution), wanted = read_button(pressed(action)), ASKING_WHY[action["action_id"]]
    now = clock()
    asker = _asker(directory, person, number, wanted)
    with sessions() as session:
        if wanted is Action.REOPEN and my_tickets.is_past_reopening(session, person, number, rules, now):
            draft = filing.follow_up(session, person, number, new_draft())
            form = form_view(session, person, _, rules, draft=draft)
        else:
            ticket = tickets.check(
                session, asker, number, wanted, rules=rules, now=now, resolution=resolution
            )
            form = reason_form(_, ticket, wanted, place=place_of(body))
    show(client, body, form)
    ack()


def press_follow_up(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    person: Asker,
    rules: Rules,
    _: Translator,
) -> None:
    """The requester goes on with a ticket that was closed too long ago to be reopened."""
    with sessions() as session:
        draft = filing.follow_up(session, person, read_number(pressed(action)), new_draft())
        form = form_view(session, person, _, rules, draft=draft)
    show(client, body, form)
    ack()


def submit_reason(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """The requester, or a technician who cancels, said why."""
    form, now = read_text_form(view), clock()
    asker = _asker(directory, person, form.ticket_id, form.action)
    surface = "message" if form.detail is None else "detail"
    act(
        sessions,
        asker,
        form.ticket_id,
        form.action,
        said=form.text,
        surface=surface,
        rules=rules,
        now=now,
        resolution=form.resolution,
    )
    close_form(ack, sessions, asker, _, rules, now, number=form.ticket_id, place=form.detail)


def register(app: App) -> None:
    app.action(ids.APPROVE)(press_approve)
    for action_id in ASKING_WHY:
        app.action(action_id)(press_with_reason)
    app.action(ids.CONTINUE)(press_follow_up)
    app.view(ids.REASON_FORM)(submit_reason)


def _asker(directory: Directory, person: Asker, number: int, action: Action) -> Asker:
    """Who is asking; their team is looked up for what a technician may do too."""
    may_be_technician = Role.TECHNICIAN in TRANSITIONS[action].roles
    return directory.as_reader(person, number) if may_be_technician else person
