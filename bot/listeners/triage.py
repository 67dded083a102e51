"""The technicians' card: taking a ticket, resolving it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import ids
from blocks.i18n import Translator
from blocks.resolution import read_text_form, resolve_form
from bot import tickets
from bot.conversation import act, show
from bot.db import Sessions
from bot.directory import Directory
from bot.people import Asker
from bot.tickets import Rules
from models.lifecycle import Action


def press_take(
    ack: Ack,
    action: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
) -> None:
    """A technician pressed "Je prends"."""
    number = int(action["value"])
    technician = directory.with_team_of(person, number)
    act(sessions, technician, number, Action.TAKE, surface="triage", rules=rules, now=clock())
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
    number = int(action["value"])
    technician = directory.with_team_of(person, number)
    with sessions() as session:
        ticket = tickets.check(session, technician, number, Action.RESOLVE, rules=rules, now=clock())
        view = resolve_form(_, ticket)
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
) -> None:
    """A technician sent a solution."""
    form = read_text_form(view)
    technician = directory.with_team_of(person, form.ticket_id)
    act(
        sessions,
        technician,
        form.ticket_id,
        Action.RESOLVE,
        said=form.text,
        surface="triage",
        rules=rules,
        now=clock(),
    )
    ack()


def register(app: App) -> None:
    app.action(ids.TAKE)(press_take)
    app.action(ids.RESOLVE)(press_resolve)
    app.view(ids.RESOLVE_FORM)(submit_solution)
