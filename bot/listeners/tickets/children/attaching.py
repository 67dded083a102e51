"""A technician attaches a ticket to another or to an outage, or detaches it."""

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import Payload, button_number, read_number
from blocks.tickets.children.form import read_confirmation, read_target
from blocks.tickets.state import FormState
from bot.listeners.interaction import Interaction
from bot.listeners.refresh import close_form, refresh_detail
from bot.services.children import attaching
from bot.views.tickets.children.attaching import confirmation_form, offered


def suggest_targets(ack: Ack, payload: Payload, interaction: Interaction) -> None:
    """A technician typed in the menu of tickets and outages."""
    number = FormState.load(interaction.view_state).ticket_id
    groups = interaction.as_member().write(offered, number, payload.get("value", ""))
    if groups:
        ack(option_groups=groups)
    else:
        ack(options=[])


def submit_target(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician chose what to attach a ticket to."""
    state, target = read_target(view)
    interaction = interaction.as_technician(state.ticket_id).as_member()
    ack(response_action="update", view=interaction.read(confirmation_form, state, target))


def submit_attachment(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician confirmed it."""
    state = read_confirmation(view)
    interaction = interaction.as_technician(state.ticket_id).as_member()
    do = attaching.attach_to_outage if state.target.is_outage else attaching.attach
    interaction.write(do, state.ticket_id, state.target.id)
    close_form(ack, interaction, state)


def press_detach(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """A technician pressed "Détacher" in the detail of a ticket, or of the one that it is attached to."""
    number = button_number(action)
    interaction = interaction.as_technician(number)
    interaction.write(attaching.detach, number)
    refresh_detail(interaction, read_number(interaction.view_state.get("ticket", number)))
    ack()


def register(app: App) -> None:
    app.options(ids.ATTACH_TO)(suggest_targets)
    app.view(ids.ATTACH_FORM)(submit_target)
    app.view(ids.ATTACH_CONFIRMATION)(submit_attachment)
    app.action(ids.DETACH)(press_detach)
