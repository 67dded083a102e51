"""Known outages: following one with a click; declaring, amending and resolving one, for technicians."""

from collections.abc import Callable
from datetime import datetime
from html import unescape  # docs.slack.dev: "&", "<" and ">" come escaped in a command
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.notices import notice
from blocks.kit.values import pressed, read_number
from blocks.outages.cards import followed_words
from blocks.outages.forms import (
    amend_form,
    read_outage_form,
    read_outage_solution,
    resolve_outage_form,
)
from bot.context.actor import Asker
from bot.db.session import Sessions, transact
from bot.listeners.interaction import show
from bot.services import catalogue
from bot.services import catalogue as services_catalogue
from bot.services.outages import actions as outages
from bot.services.outages import followers as outage_following
from bot.services.outages import queries as outage_reading
from bot.slack.directory import Directory
from bot.views.outages import _declare_form


def press_follow(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    person: Asker,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """Somebody pressed "Je suis concerné·e aussi", on the Home or in the ticket form."""
    outage_id, now = read_number(pressed(action)), clock()

    def follow(session: Session) -> str:
        return followed_words(_, outage_following.follow(session, person, outage_id, now=now))

    show(client, body, notice(_, transact(sessions, follow)))
    ack()


def type_command(
    ack: Ack,
    command: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    _: Translator,
) -> None:
    """A technician typed `/panne`, perhaps with a title."""
    technician = directory.with_teams(person)
    with sessions() as session:
        view = _declare_form(session, technician, _, unescape(command.get("text", "")))
    client.views_open(trigger_id=command["trigger_id"], view=view)
    ack()


def press_declare(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    _: Translator,
) -> None:
    """A technician pressed "Déclarer une panne" on their Home."""
    technician = directory.with_teams(person)
    with sessions() as session:
        view = _declare_form(session, technician, _)
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def submit_declaration(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    clock: Callable[[], datetime],
) -> None:
    """A technician declared an outage."""
    form, now = read_outage_form(view), clock()
    technician = directory.with_teams(person)
    transact(sessions, lambda session: outages.declare(session, technician, form.draft, now=now))
    ack()


def press_amend(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    _: Translator,
) -> None:
    """A technician pressed "Modifier" on an outage's card."""
    outage_id = read_number(pressed(action))
    technician = directory.with_team_of_outage(person, outage_id)
    with sessions() as session:
        outage = outages.editable(session, technician, outage_id)
        services = services_catalogue.offered_services(session)
        view = amend_form(_, outage, sites=catalogue.sites(session), services=services)
    show(client, body, view)
    ack()


def submit_amendment(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    clock: Callable[[], datetime],
) -> None:
    """A technician said more exactly what is down."""
    form, now = read_outage_form(view), clock()
    technician = directory.with_team_of_outage(person, form.outage_id)
    transact(
        sessions, lambda session: outages.amend(session, technician, form.outage_id, form.draft, now=now)
    )
    ack()


def press_resolve(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    _: Translator,
) -> None:
    """A technician pressed "Résoudre la panne" on an outage's card."""
    outage_id = read_number(pressed(action))
    technician = directory.with_team_of_outage(person, outage_id)
    with sessions() as session:
        outage = outages.editable(session, technician, outage_id)
        view = resolve_outage_form(_, outage, outage_reading.following(session, outage).concerned)
    show(client, body, view)
    ack()


def submit_resolution(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    clock: Callable[[], datetime],
) -> None:
    """A technician said what ended the outage."""
    form, now = read_outage_solution(view), clock()
    technician = directory.with_team_of_outage(person, form.outage_id)
    transact(
        sessions, lambda session: outages.resolve(session, technician, form.outage_id, form.text, now=now)
    )
    ack()


def register(app: App) -> None:
    app.command(ids.COMMAND_OUTAGE)(type_command)
    app.action(ids.FOLLOW_OUTAGE)(press_follow)
    app.action(ids.DECLARE_OUTAGE)(press_declare)
    app.action(ids.AMEND_OUTAGE)(press_amend)
    app.action(ids.RESOLVE_OUTAGE)(press_resolve)
    app.view(ids.DECLARE_OUTAGE_FORM)(submit_declaration)
    app.view(ids.AMEND_OUTAGE_FORM)(submit_amendment)
    app.view(ids.RESOLVE_OUTAGE_FORM)(submit_resolution)
