"""What technicians do at once: take a ticket, take it up again, resolve it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.values import pressed, read_number
from blocks.tickets.resolution import read_text_form, resolve_form
from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.db.session import Sessions
from bot.listeners.interaction import act, place_of, show
from bot.listeners.tickets.my_tickets import close_form, show_detail
from bot.services.tickets import actions as tickets
from bot.slack.directory import Directory
from models.lifecycle import Action

AT_ONCE = {ids.TAKE: Action.TAKE, ids.RESUME: Action.RESUME}


def press_at_once(
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
    """A technician pressed "Je prends" or "Reprendre"."""
    number, now = read_number(pressed(action)), clock()
    technician = directory.with_team_of(person, number)
    act(
        sessions,
        technician,
        number,
        AT_ONCE[action["action_id"]],
        surface="triage",
        rules=rules,
        now=now,
    )
    show_detail(client, body, sessions, technician, _, rules, now, number=number)
    ack()


def press_resolve(
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
    """A technician pressed "Résoudre"."""
    number = read_number(pressed(action))
    technician = directory.with_team_of(person, number)
    with sessions() as session:
        ticket = tickets.check(session, technician, number, Action.RESOLVE, rules=rules, now=clock())
        view = resolve_form(_, ticket, place=place_of(body))
    show(client, body, view)
    ack()


def submit_solution(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """A technician sent a solution."""
    form, now = read_text_form(view), clock()
    technician = directory.with_team_of(person, form.ticket_id)
    act(
        sessions,
        technician,
        form.ticket_id,
        Action.RESOLVE,
        said=form.text,
        surface="triage",
        rules=rules,
        now=now,
    )
    close_form(ack, sessions, technician, _, rules, now, number=form.ticket_id, place=form.detail)


def register(app: App) -> None:
    for action_id in AT_ONCE:
        app.action(action_id)(press_at_once)
    app.action(ids.RESOLVE)(press_resolve)
    app.view(ids.RESOLVE_FORM)(submit_solution)
