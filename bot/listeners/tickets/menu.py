"""A technician's menu: assign, put on hold, requalify and hand over, link as duplicate, cancel, record an
approval; and the forms behind it."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.values import pressed
from blocks.tickets import triage as triage_forms
from blocks.tickets.actions import read_menu
from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.db.session import Sessions, transact
from bot.listeners.interaction import chosen, place_of, show
from bot.listeners.tickets.my_tickets import close_form
from bot.services import catalogue
from bot.services.tickets import actions as tickets
from bot.services.tickets import triage
from bot.slack.directory import Directory
from bot.views.tickets.triage import form_view

BUTTON = re.compile(rf"^{re.escape(ids.MORE)}\.")


def choose_in_menu(
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
    """A technician chose something in a ticket's menu, or pressed its button in the detail."""
    wanted, number = read_menu(pressed(action))
    technician = directory.with_team_of(person, number)
    with sessions() as session:
        ticket = tickets.check(session, technician, number, wanted, rules=rules, now=clock())
        view = form_view(session, technician, _, ticket, wanted, place_of(body))
    show(client, body, view)
    ack()


def submit_assign(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """A technician said who shall have the ticket."""
    (about, slack_id, seen), now = triage_forms.read_assign(view), clock()
    technician = directory.with_team_of(person, about.ticket_id)
    to = directory.with_team_of(chosen(directory, slack_id, ids.ASSIGNEE), about.ticket_id)
    transact(
        sessions,
        lambda session: triage.assign(
            session, technician, about.ticket_id, to, seen=seen, rules=rules, now=now
        ),
    )
    close_form(ack, sessions, technician, _, rules, now, number=about.ticket_id, place=about.detail)


def submit_hold(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """A technician said what the ticket waits for."""
    form, now = triage_forms.read_hold(view, person.time_zone), clock()
    number = form.about.ticket_id
    technician = directory.with_team_of(person, number)
    transact(
        sessions,
        lambda session: triage.hold(
            session, technician, number, form.reason, form.until, form.why, rules=rules, now=now
        ),
    )
    close_form(ack, sessions, technician, _, rules, now, number=number, place=form.about.detail)


def submit_requalify(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """A technician requalified the ticket, or handed it over to another team."""
    form, now = triage_forms.read_requalify(view), clock()
    number = form.about.ticket_id
    technician = directory.with_team_of(person, number)
    transact(
        sessions,
        lambda session: triage.requalify(
            session, technician, number, form.changed, form.why, rules=rules, now=now
        ),
    )
    close_form(ack, sessions, technician, _, rules, now, number=number, place=form.about.detail)


def submit_duplicate(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """A technician said which ticket goes on instead of this one."""
    (about, original), now = triage_forms.read_duplicate(view), clock()
    technician = directory.with_team_of(person, about.ticket_id)
    if original is not None:
        technician = directory.with_team_of(technician, original)
    transact(
        sessions,
        lambda session: triage.link_duplicate(
            session, technician, about.ticket_id, original, rules=rules, now=now
        ),
    )
    close_form(ack, sessions, technician, _, rules, now, number=about.ticket_id, place=about.detail)


def suggest_services(ack: Ack, payload: dict[str, Any], sessions: Sessions, _: Translator) -> None:
    """A technician typed in the menu of services."""
    with sessions() as session:
        services = catalogue.services_named(session, payload.get("value", ""))
    ack(options=triage_forms.service_options(_, services))


def register(app: App) -> None:
    app.action(ids.MORE)(choose_in_menu)
    app.action(BUTTON)(choose_in_menu)
    app.view(ids.ASSIGN_FORM)(submit_assign)
    app.view(ids.HOLD_FORM)(submit_hold)
    app.view(ids.REQUALIFY_FORM)(submit_requalify)
    app.view(ids.DUPLICATE_FORM)(submit_duplicate)
    app.options(ids.SERVICE_CHOICE)(suggest_services)
