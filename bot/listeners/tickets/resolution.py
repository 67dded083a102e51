"""The requester's answers: approve, refuse, cancel, reopen; from a message or from a ticket's detail."""

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import Payload, button_number, button_value
from blocks.tickets.actions import read_button
from blocks.tickets.resolution import read_reason
from bot.listeners.interaction import Interaction
from bot.listeners.refresh import close_form, refresh
from bot.services.tickets.actions import act
from bot.views.tickets.new_ticket import follow_up_form
from bot.views.tickets.resolution import reason_view
from models.lifecycle import TRANSITIONS, Action, Role

ASKING_WHY = {ids.REFUSE: Action.REFUSE, ids.CANCEL: Action.CANCEL, ids.REOPEN: Action.REOPEN}


def press_approve(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """The requester pressed "C'est réparé, clore"."""
    number, resolution = read_button(button_value(action))
    interaction.write(act, number, Action.APPROVE, resolution=resolution)
    refresh(interaction, number)
    ack()


def press_with_reason(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Ça ne marche toujours pas", "Annuler ce ticket" or "Rouvrir"."""
    (number, resolution), wanted = read_button(button_value(action)), ASKING_WHY[action["action_id"]]
    interaction = _as_who_may(interaction, number, wanted)
    interaction.show(interaction.read(reason_view, number, wanted, resolution, interaction.detail))
    ack()


def press_follow_up(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """The requester pressed "Ouvrir un ticket de suite" on a ticket closed too long ago to be reopened."""
    interaction.show(interaction.read(follow_up_form, button_number(action)))
    ack()


def submit_reason(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """The requester, or a technician who cancels, sent the reason."""
    form = read_reason(view)
    state, number = form.state, form.state.ticket_id
    interaction = _as_who_may(interaction, number, state.action)
    interaction = interaction.at("message" if state.detail is None else "detail")
    interaction.write(act, number, state.action, text=form.text, resolution=state.resolution)
    close_form(ack, interaction, state)


def register(app: App) -> None:
    app.action(ids.APPROVE)(press_approve)
    for action_id in ASKING_WHY:
        app.action(action_id)(press_with_reason)
    app.action(ids.CONTINUE)(press_follow_up)
    app.view(ids.REASON_FORM)(submit_reason)


def _as_who_may(interaction: Interaction, number: int, action: Action) -> Interaction:
    """With the membership looked up, for an action that a technician may do too."""
    may_be_technician = Role.TECHNICIAN in TRANSITIONS[action].roles
    return interaction.as_reader(number) if may_be_technician else interaction
