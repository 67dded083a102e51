"""The requester's answers: approve, refuse, cancel, reopen; from a message or from a ticket's detail."""

from typing import Any

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import button_value, read_number
from blocks.tickets.actions import read_button
from blocks.tickets.resolution import read_text_form
from bot.listeners.interaction import Interaction
from bot.listeners.refresh import close_form, refresh_detail
from bot.services.tickets.actions import act
from bot.views.tickets.new_ticket import follow_up_form
from bot.views.tickets.resolution import reason_view
from models.lifecycle import TRANSITIONS, Action, Role

ASKING_WHY = {ids.REFUSE: Action.REFUSE, ids.CANCEL: Action.CANCEL, ids.REOPEN: Action.REOPEN}


def press_approve(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """The requester pressed "C'est réparé, clore"."""
    number, resolution = read_button(button_value(action))
    interaction.write(act, number, Action.APPROVE, resolution=resolution)
    refresh_detail(interaction, number)
    ack()


def press_with_reason(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """Somebody pressed "Ça ne marche toujours pas", "Annuler ce ticket" or "Rouvrir"."""
    (number, resolution), wanted = read_button(button_value(action)), ASKING_WHY[action["action_id"]]
    interaction = _as_who_may(interaction, number, wanted)
    interaction.show(interaction.read(reason_view, number, wanted, resolution, interaction.origin))
    ack()


def press_follow_up(ack: Ack, action: dict[str, Any], interaction: Interaction) -> None:
    """The requester goes on with a ticket that was closed too long ago to be reopened."""
    interaction.show(interaction.read(follow_up_form, read_number(button_value(action))))
    ack()


def submit_reason(ack: Ack, view: dict[str, Any], interaction: Interaction) -> None:
    """The requester, or a technician who cancels, said why."""
    form = read_text_form(view)
    interaction = _as_who_may(interaction, form.ticket_id, form.action)
    interaction = interaction.at("message" if form.detail is None else "detail")
    interaction.write(act, form.ticket_id, form.action, text=form.text, resolution=form.resolution)
    close_form(ack, interaction, form.ticket_id, form.detail)


def register(app: App) -> None:
    app.action(ids.APPROVE)(press_approve)
    for action_id in ASKING_WHY:
        app.action(action_id)(press_with_reason)
    app.action(ids.CONTINUE)(press_follow_up)
    app.view(ids.REASON_FORM)(submit_reason)


def _as_who_may(interaction: Interaction, number: int, action: Action) -> Interaction:
    """Whose team is looked up for what a technician may do too."""
    may_be_technician = Role.TECHNICIAN in TRANSITIONS[action].roles
    return interaction.as_reader(number) if may_be_technician else interaction
