"""What technicians do with a ticket: its buttons, its menu, and the forms behind them."""

import re
from typing import Any

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import button_value, read_number
from blocks.tickets import triage as forms
from blocks.tickets.actions import read_menu
from blocks.tickets.resolution import read_text_form
from bot.listeners.interaction import Interaction
from bot.listeners.refresh import close_form, refresh_detail
from bot.services.catalogue import services_named
from bot.services.tickets import triage
from bot.services.tickets.actions import act
from bot.views.tickets.triage import menu_form, solution_form
from models.fields import Field
from models.lifecycle import Action

AT_ONCE = {ids.TAKE: Action.TAKE, ids.RESUME: Action.RESUME}
MENU_BUTTON = re.compile(rf"^{re.escape(ids.MORE)}\.")


def press_at_once(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """A technician pressed "Je prends" or "Reprendre"."""
    number = read_number(button_value(action))
    interaction = interaction.as_technician(number)
    interaction.write(act, number, AT_ONCE[action["action_id"]])
    refresh_detail(interaction, number)
    ack()


def press_resolve(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """A technician pressed "Résoudre"."""
    number = read_number(button_value(action))
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(solution_form, number, interaction.origin))
    ack()


def submit_solution(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """A technician sent a solution."""
    form = read_text_form(view)
    interaction = interaction.as_technician(form.ticket_id)
    interaction.write(act, form.ticket_id, Action.RESOLVE, text=form.text)
    close_form(ack, interaction, form.ticket_id, form.detail)


def choose_in_menu(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """A technician chose something in a ticket's menu, or pressed its button in the detail."""
    wanted, number = read_menu(button_value(action))
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(menu_form, number, wanted, interaction.origin))
    ack()


def submit_assign(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """A technician said who shall have the ticket."""
    about, slack_id, seen = forms.read_assign(view)
    number = about.ticket_id
    interaction = interaction.as_technician(number)
    to = interaction.resources.directory.with_team_of(interaction.chosen(slack_id, Field.ASSIGNEE), number)
    interaction.write(triage.assign, number, to, seen=seen)
    close_form(ack, interaction, number, about.detail)


def submit_hold(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """A technician said what the ticket waits for."""
    form = forms.read_hold(view, interaction.actor.time_zone)
    number = form.about.ticket_id
    interaction = interaction.as_technician(number)
    interaction.write(triage.hold, number, form.reason, form.until, form.why)
    close_form(ack, interaction, number, form.about.detail)


def submit_requalify(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """A technician requalified the ticket, or handed it over to another team."""
    form = forms.read_requalify(view)
    number = form.about.ticket_id
    interaction = interaction.as_technician(number)
    interaction.write(triage.requalify, number, form.changed, form.why)
    close_form(ack, interaction, number, form.about.detail)


def submit_duplicate(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """A technician said which ticket goes on instead of this one."""
    about, original = forms.read_duplicate(view)
    interaction = interaction.as_technician(about.ticket_id)
    if original is not None:
        interaction = interaction.as_technician(original)
    interaction.write(triage.link_duplicate, about.ticket_id, original)
    close_form(ack, interaction, about.ticket_id, about.detail)


def suggest_services(ack: Ack, payload: dict[str, Any], interaction: Interaction) -> None:
    """A technician typed in the menu of services."""
    services = interaction.read(lambda uow: services_named(uow.session, payload.get("value", "")))
    ack(options=forms.service_options(interaction.translator, services))


def register(app: App) -> None:
    for action_id in AT_ONCE:
        app.action(action_id)(press_at_once)
    app.action(ids.RESOLVE)(press_resolve)
    app.view(ids.RESOLVE_FORM)(submit_solution)
    app.action(ids.MORE)(choose_in_menu)
    app.action(MENU_BUTTON)(choose_in_menu)
    app.view(ids.ASSIGN_FORM)(submit_assign)
    app.view(ids.HOLD_FORM)(submit_hold)
    app.view(ids.REQUALIFY_FORM)(submit_requalify)
    app.view(ids.DUPLICATE_FORM)(submit_duplicate)
    app.options(ids.SERVICE_CHOICE)(suggest_services)
