"""What a requester sends about a ticket of theirs; and the files that its readers ask for."""

from slack_bolt import Ack, App

from blocks import ids
from blocks.i18n import translator
from blocks.kit.files import shown_name
from blocks.kit.notices import notice, with_alert
from blocks.kit.values import Payload, button_number
from blocks.tickets.requester.answer import read_answer
from blocks.tickets.requester.edit import read_edit
from blocks.tickets.state import FormState
from bot.context.unit_of_work import UnitOfWork
from bot.listeners.interaction import Interaction
from bot.listeners.refresh import close_form, refresh
from bot.services.clocks.chasing import chase, postpone
from bot.services.tickets.attachments import send_copy, ticket_of
from bot.services.tickets.comments import replies
from bot.services.tickets.editing import edit
from bot.views.tickets.requester import answer_form, edit_form

NAME_MAX = 80


def press_answer(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """The requester pressed "Répondre" or "Ajouter une précision"."""
    interaction.show(interaction.read(answer_form, button_number(action), interaction.detail))
    ack()


def submit_answer(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """The requester sent a reply or more details."""
    form = read_answer(view)
    number = form.state.ticket_id
    interaction.write(replies.answer, number, form.text, files=form.files, submission=form.state.submission)
    _close(ack, interaction, form.state)


def press_edit(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """The requester pressed "Modifier" on a ticket that nobody has taken yet."""
    interaction.show(interaction.read(edit_form, button_number(action), interaction.detail))
    ack()


def submit_edit(ack: Ack, view: Payload, interaction: Interaction) -> None:
    """The requester sent what they changed in their ticket."""
    form = read_edit(view)
    interaction.write(edit, form.state.ticket_id, form.changed, form.state.was)
    _close(ack, interaction, form.state)


def press_send_file(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "M'envoyer la pièce" in a ticket's detail."""
    file_id, _ = button_number(action), interaction.translator
    interaction = interaction.as_reader(interaction.read(ticket_of, file_id))
    name, is_new = interaction.write(_send, file_id)
    if is_new:
        text = _("Sent: {name} is in your messages with Guichet.", name=name)
    else:
        text = _(
            "{name} was already sent to you within the last hour. Look in your messages with Guichet.",
            name=name,
        )
    if interaction.is_in_modal:
        interaction.show(with_alert(interaction.modal, text, level="success" if is_new else "info"))
    else:
        interaction.open(notice(_, text))
    ack()


def press_postpone(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """The requester pressed "Laissez-moi une semaine"."""
    number, _ = button_number(action), interaction.translator
    interaction.write(postpone, number)
    _confirm(interaction, number, _("Understood: we will ask you again in a week at the earliest."))
    ack()


def press_chase(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """The requester pressed "Relancer"."""
    number, _ = button_number(action), interaction.translator
    team = interaction.write(_chase, number)
    _confirm(interaction, number, _("The {team} team has been told that you are waiting.", team=team))
    ack()


def register(app: App) -> None:
    app.action(ids.ANSWER)(press_answer)
    app.view(ids.ANSWER_FORM)(submit_answer)
    app.action(ids.POSTPONE)(press_postpone)
    app.action(ids.CHASE)(press_chase)
    app.action(ids.EDIT)(press_edit)
    app.view(ids.EDIT_FORM)(submit_edit)
    app.action(ids.SEND_FILE)(press_send_file)


def _chase(uow: UnitOfWork, number: int) -> str:
    """The name of the team that was told."""
    return chase(uow, number).team.name.in_(uow.actor.locale)


def _confirm(interaction: Interaction, number: int, words: str) -> None:
    """Show the detail or the Home as it is now; elsewhere, and over the Home, say what was done."""
    refresh(interaction, number)
    if not interaction.is_in_modal:
        interaction.open(notice(interaction.translator, words))


def _send(uow: UnitOfWork, file_id: int) -> tuple[str, bool]:
    """The name of the file that was sent, and whether it was sent now."""
    file, is_new = send_copy(uow, file_id)
    return shown_name(translator(uow.actor.locale), file, NAME_MAX), is_new


def _close(ack: Ack, interaction: Interaction, state: FormState) -> None:
    """Back in the detail, a technician who is the requester has their own buttons too."""
    close_form(ack, interaction.as_reader(state.ticket_id) if state.detail else interaction, state)
