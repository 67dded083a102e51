"""The short form of a call that was already solved."""

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.notices import notice
from blocks.kit.values import Payload
from blocks.tickets.new_ticket.form import sent_again
from blocks.tickets.solved_call import form as forms
from bot.listeners.interaction import Interaction
from bot.services.catalogue import services_named
from bot.services.tickets.solved_call.filing import log_call
from bot.views.tickets.solved_call import solved_call_view, with_service
from models.fields import Field


def press_solved_call(ack: Ack, interaction: Interaction) -> None:
    """A technician pressed "Appel résolu" in their Home."""
    interaction.open(interaction.as_member().read(solved_call_view))
    ack()


def choose_service(ack: Ack, interaction: Interaction) -> None:
    """A technician chose a service in the form: it shows what that asks."""
    interaction.show(interaction.as_member().read(with_service, interaction.modal))
    ack()


def suggest_services(ack: Ack, payload: Payload, interaction: Interaction) -> None:
    """A technician typed in the menu of services."""
    services = interaction.read(lambda uow: services_named(uow.session, payload.get("value", "")))
    ack(options=forms.service_options(interaction.translator, services))


def submit_form(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """A technician sent the form."""
    call, interaction = forms.read_solved_call(view), interaction.as_member()
    requester = interaction.chosen(call.draft.requester or "", Field.REQUESTER)
    if call.draft.approver is not None:
        interaction.chosen(call.draft.approver, Field.APPROVER)
    sent = interaction.write(log_call, call.draft, requester, kind=call.kind)
    _, number = interaction.translator, sent.ticket.id
    text = sent_again(_, number, is_added=sent.is_added, is_left=sent.is_left)
    text = text or _(
        "No. {number} is recorded as solved. {name} will be asked to sign off the solution.",
        number=number,
        name=requester.name,
    )
    ack(response_action="update", view=notice(_, text))


def register(app: App) -> None:
    app.action(ids.OPEN_SOLVED_CALL)(press_solved_call)
    app.action(ids.CALL_SERVICE)(choose_service)
    app.options(ids.CALL_SERVICE)(suggest_services)
    app.view(ids.SOLVED_CALL_FORM)(submit_form)
