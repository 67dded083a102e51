"""Known outages: following one with a click; declaring, amending and resolving one, for technicians."""

from html import unescape  # docs.slack.dev: "&", "<" and ">" come escaped in a command
from typing import Any

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.notices import notice
from blocks.kit.values import button_value, read_number
from blocks.outages.cards import followed_words, going_out_words
from blocks.outages.forms import read_outage_form, read_outage_solution
from bot.listeners.interaction import Interaction
from bot.services.outages import actions
from bot.services.outages.followers import follow
from bot.views.outages import amend_form, declare_form, resolve_form


def press_follow(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """Somebody pressed "Je suis concerné·e aussi", on the Home or in the ticket form."""
    _ = interaction.translator
    words = interaction.write(lambda uow: followed_words(_, follow(uow, read_number(button_value(action)))))
    interaction.show(notice(_, words))
    ack()


def type_command(ack: Ack, command: dict[str, Any], interaction: Interaction) -> None:
    """A technician typed `/panne`, perhaps with a title."""
    title = unescape(command.get("text", ""))
    interaction.open(interaction.as_member().read(declare_form, title))
    ack()


def press_declare(ack: Ack, interaction: Interaction) -> None:
    """A technician pressed "Déclarer une panne" on their Home."""
    interaction.open(interaction.as_member().read(declare_form))
    ack()


def submit_declaration(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """A technician declared an outage."""
    form = read_outage_form(view)
    interaction.as_member().write(actions.declare, form.draft)
    ack()


def press_amend(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """A technician pressed "Modifier" on an outage's card."""
    outage_id = read_number(button_value(action))
    interaction.show(interaction.as_outage_technician(outage_id).read(amend_form, outage_id))
    ack()


def submit_amendment(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """A technician said more exactly what is down."""
    form = read_outage_form(view)
    interaction.as_outage_technician(form.outage_id).write(actions.amend, form.outage_id, form.draft)
    ack()


def press_resolve(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """A technician pressed "Résoudre la panne" on an outage's card."""
    outage_id = read_number(button_value(action))
    interaction.show(interaction.as_outage_technician(outage_id).read(resolve_form, outage_id))
    ack()


def submit_resolution(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """A technician said what ended the outage."""
    form = read_outage_solution(view)
    technician = interaction.as_outage_technician(form.outage_id)
    people = technician.write(actions.resolve, form.outage_id, form.text)
    if people:
        _ = interaction.translator
        ack(response_action="update", view=notice(_, going_out_words(_, people)))
    else:
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
