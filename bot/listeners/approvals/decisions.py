"""Agreements: what approvers decide, and how requesters complete their request."""

from slack_bolt import Ack, App

from blocks import ids
from blocks.approvals import forms
from blocks.approvals.completion import read_completion
from blocks.approvals.ending import decided
from blocks.kit.values import Payload, button_number
from bot.listeners.interaction import Interaction, in_home
from bot.listeners.refresh import close_form, refresh
from bot.services.approvers.complete import choose_approver, complete_request, people_in
from bot.services.approvers.decide import decide_step
from bot.views.tickets import approvals as views
from models.approvals.approval import Decision
from models.fields import Field

WITH_WORDS = {ids.DECLINE: Decision.DECLINE, ids.ASK_INFORMATION: Decision.ASK}


def type_command(ack: Ack, interaction: Interaction) -> None:
    """Somebody typed `/mes-accords`."""
    interaction.open(interaction.read(views.agreements))
    ack()


def press_list(ack: Ack, interaction: Interaction) -> None:
    """Somebody pressed "et 3 autres" in their Home."""
    interaction.open(interaction.read(views.agreements))
    ack()


def press_authorise(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """An approver pressed "Donner mon accord"."""
    ticket = interaction.write(decide_step, button_number(action), Decision.AGREE)
    _show_next(interaction, decided(interaction.translator, ticket, Decision.AGREE))
    ack()


def press_with_words(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """An approver pressed "Ne pas donner mon accord" or "Il me manque une information"."""
    number, decision = button_number(action), WITH_WORDS[action["action_id"]]
    in_list = interaction.is_in_modal
    interaction.show(interaction.read(views.decision_form, number, decision, is_in_list=in_list))
    ack()


def submit_words(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """An approver sent why they decline, or what they need to know."""
    state, text = forms.read_decision(view)
    ticket = interaction.write(decide_step, state.approval_id, state.decision, text)
    if not state.is_in_list:
        ack()
        return
    done = decided(interaction.translator, ticket, state.decision)
    ack(response_action="update", view=interaction.read(views.agreements, done))


def press_show(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """An approver pressed "Voir la demande"."""
    interaction.show(interaction.read(views.request_view, button_number(action)))
    ack()


def press_complete(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """The requester pressed "Compléter la demande"."""
    interaction.show(interaction.read(views.complete_form, button_number(action), interaction.detail))
    ack()


def submit_completion(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """The requester sent what completes their request."""
    form = read_completion(view)
    number = form.state.ticket_id
    for question, slack_id in interaction.read(people_in, number, form.answers):
        interaction.chosen(slack_id, Field.QUESTION, question)
    interaction.write(
        complete_request,
        number,
        form.text,
        answers=form.answers,
        files=form.files,
        submission=form.state.submission,
    )
    close_form(ack, interaction, form.state)


def press_choose(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """The requester, or a technician, pressed "Choisir quelqu'un d'autre"."""
    number = button_number(action)
    interaction = interaction.as_reader(number)
    interaction.show(interaction.read(views.choose_form, number, interaction.detail))
    ack()


def submit_choice(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """They sent who is to be asked."""
    state, slack_id = forms.read_choice(view)
    interaction = interaction.as_reader(state.ticket_id)
    chosen = interaction.chosen(slack_id, Field.APPROVER)
    interaction.write(choose_approver, state.ticket_id, chosen)
    close_form(ack, interaction, state)


def register(app: App) -> None:
    for command in (ids.COMMAND_MY_APPROVALS, ids.COMMAND_MY_APPROVALS_EN):
        app.command(command)(type_command)
    app.action(ids.OPEN_MY_APPROVALS)(press_list)
    app.action(ids.AUTHORISE)(press_authorise)
    for action_id in WITH_WORDS:
        app.action(action_id)(press_with_words)
    app.view(ids.APPROVAL_REASON_FORM)(submit_words)
    app.action(ids.SHOW_REQUEST)(press_show)
    app.action(ids.COMPLETE_REQUEST)(press_complete)
    app.view(ids.COMPLETE_FORM)(submit_completion)
    app.action(ids.CHOOSE_APPROVER)(press_choose)
    app.view(ids.CHOOSE_APPROVER_FORM)(submit_choice)


def _show_next(interaction: Interaction, done: str) -> None:
    """In the list the next request; in the Home what waits now; a message is edited by the worker."""
    if interaction.is_in_modal:
        interaction.show(interaction.read(views.agreements, done))
    elif in_home(interaction.body):
        refresh(interaction, 0)
