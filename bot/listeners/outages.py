"""Known outages: following one; declaring, amending and resolving one, for technicians."""

import re
from html import unescape  # docs.slack.dev: "&", "<" and ">" come escaped in a command

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.notices import notice
from blocks.kit.values import Payload, button_number
from blocks.outages.attaching import read_attaching
from blocks.outages.cards import followed_text, going_out_text
from blocks.outages.forms import CHANGES_ANNOUNCEMENT, read_outage_form, read_outage_solution
from blocks.outages.updates import put_off_text, read_minutes, read_review, read_update, sent_text
from blocks.tickets.new_ticket.form import says_more
from bot.listeners.interaction import Interaction
from bot.services.outages import actions, attaching, updates
from bot.services.outages.followers import follow
from bot.views.outages import (
    amend_form,
    declare_form,
    history,
    propose_form,
    redrawn_form,
    resolve_form,
    review_form,
    update_form,
)

PUT_OFF = re.compile(rf"^{re.escape(ids.PUT_OFF_UPDATE)}\.")


def press_follow(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Je suis concerné·e aussi", on the Home or in the ticket form."""
    _ = interaction.translator
    text = interaction.write(lambda uow: followed_text(_, follow(uow, button_number(action))))
    if interaction.is_in_modal and says_more(interaction.modal):
        kept = _("What you typed is still in the form below.")
        interaction.push(notice(_, f"{text}\n\n{kept}"))
    else:
        interaction.show(notice(_, text))
    ack()


def type_command(ack: Ack, command: Payload, interaction: Interaction) -> None:
    """A technician typed `/panne`, perhaps with a title."""
    title = unescape(command.get("text", ""))
    interaction.open(interaction.as_member().read(declare_form, title))
    ack()


def press_declare(ack: Ack, interaction: Interaction) -> None:
    """A technician pressed "Déclarer une panne" on their Home."""
    interaction.open(interaction.as_member().read(declare_form))
    ack()


def choose_concerned(ack: Ack, interaction: Interaction) -> None:
    """A technician chose sites, services or the team in the form of a new outage: the box that has it
    announced comes, goes, or names other channels."""
    view = interaction.modal
    if view["callback_id"] == ids.DECLARE_OUTAGE_FORM:
        redrawn = interaction.as_member().read(redrawn_form, view)
        if redrawn is not None:
            interaction.show(redrawn)
    ack()


def submit_declaration(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician declared an outage."""
    form = read_outage_form(view)
    technician = interaction.as_member()
    number = technician.write(lambda uow: actions.declare(uow, form.draft).id)
    proposal = technician.read(propose_form, number)
    if proposal is None:
        ack()
    else:
        ack(response_action="update", view=proposal)


def submit_attachments(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician chose which tickets are behind the outage that they declared."""
    form = read_attaching(view)
    technician = interaction.as_outage_technician(form.outage_id)
    technician.write(attaching.attach_all, form.outage_id, form.tickets)
    ack()


def press_amend(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Modifier" on an outage's card."""
    outage_id = button_number(action)
    interaction.show(interaction.as_outage_technician(outage_id).read(amend_form, outage_id))
    ack()


def submit_amendment(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician amended an outage."""
    form = read_outage_form(view)
    interaction.as_outage_technician(form.outage_id).write(actions.amend, form.outage_id, form.draft)
    ack()


def press_resolve(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Résoudre la panne" on an outage's card."""
    outage_id = button_number(action)
    interaction.show(interaction.as_outage_technician(outage_id).read(resolve_form, outage_id))
    ack()


def submit_resolution(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician resolved an outage."""
    form = read_outage_solution(view)
    technician = interaction.as_outage_technician(form.outage_id)
    people = technician.write(actions.resolve, form.outage_id, form.text)
    if people:
        _ = interaction.translator
        ack(response_action="update", view=notice(_, going_out_text(_, people)))
    else:
        ack()


def press_update(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Prévenir" on an outage's card, or on the reminder of the next update."""
    outage_id = button_number(action)
    interaction.show(interaction.as_outage_technician(outage_id).read(update_form, outage_id))
    ack()


def submit_update(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician told an outage's followers how it goes."""
    form = read_update(view)
    technician = interaction.as_outage_technician(form.outage_id)
    people = technician.write(
        updates.send, form.outage_id, form.text, form.minutes, submission=form.submission
    )
    _ = interaction.translator
    ack(response_action="update", view=notice(_, sent_text(_, people)))


def press_put_off(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "15 min de plus" on the reminder of the next update."""
    outage_id = button_number(action)
    minutes = read_minutes(action["action_id"])
    technician = interaction.as_outage_technician(outage_id)
    at = technician.write(updates.put_off, outage_id, minutes)
    interaction.replace_original(put_off_text(interaction.translator, at, technician.actor.time_zone))
    ack()


def press_history(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Voir l'historique" on an outage's card."""
    outage_id = button_number(action)
    interaction.show(interaction.as_outage_technician(outage_id).read(history, outage_id))
    ack()


def press_review(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Bilan" on the card of an outage that is over."""
    outage_id = button_number(action)
    interaction.show(interaction.as_outage_technician(outage_id).read(review_form, outage_id))
    ack()


def submit_review(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician wrote what happened."""
    form = read_review(view)
    interaction.as_outage_technician(form.outage_id).write(updates.review, form.outage_id, form.lines)
    ack()


def register(app: App) -> None:
    for command in (ids.COMMAND_OUTAGE, ids.COMMAND_OUTAGE_EN):
        app.command(command)(type_command)
    app.action(ids.FOLLOW_OUTAGE)(press_follow)
    app.action(ids.DECLARE_OUTAGE)(press_declare)
    app.action(ids.AMEND_OUTAGE)(press_amend)
    app.action(ids.RESOLVE_OUTAGE)(press_resolve)
    app.action(ids.UPDATE_OUTAGE)(press_update)
    app.action(PUT_OFF)(press_put_off)
    app.action(ids.OUTAGE_HISTORY)(press_history)
    app.action(ids.REVIEW_OUTAGE)(press_review)
    for choice in CHANGES_ANNOUNCEMENT:
        app.action(choice)(choose_concerned)
    app.view(ids.UPDATE_OUTAGE_FORM)(submit_update)
    app.view(ids.REVIEW_OUTAGE_FORM)(submit_review)
    app.view(ids.DECLARE_OUTAGE_FORM)(submit_declaration)
    app.view(ids.ATTACH_TO_OUTAGE_FORM)(submit_attachments)
    app.view(ids.AMEND_OUTAGE_FORM)(submit_amendment)
    app.view(ids.RESOLVE_OUTAGE_FORM)(submit_resolution)
