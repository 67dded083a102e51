"""A technician's buttons and menu on a ticket, and their forms."""

import re

from slack_bolt import Ack, App

from blocks import ids
from blocks.approvals.desk import read_agreement
from blocks.kit.values import Payload, button_number, button_value
from blocks.tickets.actions import read_menu
from blocks.tickets.resolution import read_solution
from blocks.tickets.triage.assignment import read_assign
from blocks.tickets.triage.duplicate import read_duplicate
from blocks.tickets.triage.hold import read_hold
from blocks.tickets.triage.requalification import read_chosen_service, read_requalify, service_options
from bot.listeners.interaction import Interaction
from bot.listeners.refresh import close_form, refresh_detail
from bot.services.approvers import by_hand
from bot.services.catalogue import services_named
from bot.services.tickets import triage
from bot.services.tickets.actions import act
from bot.services.tickets.children.resolving import resolve
from bot.services.tickets.duplicates.resolution import Solution
from bot.services.tickets.technician_forms.meanwhile import OpenedForm
from bot.views.tickets.triage import menu_form, requalify_view, solution_form
from models.fields import Field
from models.lifecycle import Action

AT_ONCE = {ids.TAKE: Action.TAKE, ids.RESUME: Action.RESUME, ids.ASK_AGAIN: Action.ASK_AGAIN}
MENU_BUTTON = re.compile(rf"^{re.escape(ids.MORE)}\.")


def press_at_once(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Je prends", "Reprendre" or "Reposer la question"."""
    number = button_number(action)
    interaction = interaction.as_technician(number)
    interaction.write(act, number, AT_ONCE[action["action_id"]])
    refresh_detail(interaction, number)
    ack()


def press_resolve(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Résoudre"."""
    number = button_number(action)
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(solution_form, number, interaction.detail))
    ack()


def submit_solution(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician sent a solution."""
    form = read_solution(view)
    number = form.state.ticket_id
    interaction = interaction.as_technician(number)
    solution = Solution(form.text, form.words, form.to_children)
    interaction.write(resolve, number, solution, OpenedForm(form.state.event))
    close_form(ack, interaction, form.state)


def choose_in_menu(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician chose something in a ticket's menu, or pressed its button in the detail."""
    wanted, number = read_menu(button_value(action))
    interaction = interaction.as_technician(number)
    interaction.show(interaction.read(menu_form, number, wanted, interaction.detail))
    ack()


def submit_assign(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician assigned a ticket."""
    form = read_assign(view)
    number = form.state.ticket_id
    interaction = interaction.as_technician(number)
    to = interaction.resources.directory.with_team_of(interaction.chosen(form.to, Field.ASSIGNEE), number)
    interaction.write(triage.assign, number, to, seen=form.state.assignee)
    close_form(ack, interaction, form.state)


def submit_hold(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician put a ticket on hold."""
    form = read_hold(view)
    number = form.state.ticket_id
    interaction = interaction.as_technician(number)
    wanted = triage.NewHold(form.reason, form.day, form.why)
    interaction.write(triage.hold, number, wanted, OpenedForm(form.state.event, form.takes))
    close_form(ack, interaction, form.state)


def submit_requalify(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician requalified a ticket, or handed it over to another team."""
    form = read_requalify(view)
    number = form.state.ticket_id
    interaction = interaction.as_technician(number)
    interaction.write(triage.requalify, number, form.changed, form.why)
    close_form(ack, interaction, form.state)


def choose_service(ack: Ack, interaction: Interaction) -> None:
    """A technician chose a service in the requalification form: the team that serves it is offered."""
    state, service_id = read_chosen_service(interaction.modal)
    interaction = interaction.as_technician(state.ticket_id)
    interaction.show(interaction.read(requalify_view, state, service_id))
    ack()


def submit_duplicate(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician closed a ticket as a duplicate."""
    form = read_duplicate(view)
    interaction = interaction.as_technician(form.state.ticket_id)
    if form.original is not None:
        interaction = interaction.as_technician(form.original)
    interaction.write(triage.link_duplicate, form.state.ticket_id, form.original, form.words)
    close_form(ack, interaction, form.state)


def submit_agreement(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician asked for somebody's agreement, or recorded one that was given elsewhere."""
    form = read_agreement(view)
    number = form.state.ticket_id
    interaction = interaction.as_technician(number)
    of = interaction.chosen(form.approver, Field.APPROVER)
    if view["callback_id"] == ids.REQUEST_AGREEMENT_FORM:
        interaction.write(by_hand.request_agreement, number, of, form.role, form.text)
    else:
        given = by_hand.Given(form.text, form.role, form.state.step)
        interaction.write(by_hand.record_agreement, number, of, given)
    close_form(ack, interaction, form.state)


def suggest_services(ack: Ack, payload: Payload, interaction: Interaction) -> None:
    """A technician typed in the menu of services."""
    services = interaction.read(lambda uow: services_named(uow.session, payload.get("value", "")))
    ack(options=service_options(interaction.translator, services))


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
    app.view(ids.REQUEST_AGREEMENT_FORM)(submit_agreement)
    app.view(ids.RECORD_AGREEMENT_FORM)(submit_agreement)
    app.action(ids.SERVICE_CHOICE)(choose_service)
    app.options(ids.SERVICE_CHOICE)(suggest_services)
