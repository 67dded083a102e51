"""What somebody writes to Guichet outside of threads, and where they mention it."""

from typing import Any

from slack_bolt import Ack, App

from blocks import ids
from blocks.kit.values import Payload, button_number
from blocks.message_drafts import read_choice
from bot.context.unit_of_work import UnitOfWork
from bot.listeners.interaction import Interaction, in_direct_message
from bot.listeners.message_events import (
    TOMBSTONE,
    edited,
    is_outside_threads,
    is_written,
    was_written,
    written,
)
from bot.services.channels import team_in
from bot.services.message_drafts import changes, receive, use
from bot.services.removals.gone import note_message_gone
from bot.services.tickets.attachments import keep_form
from bot.slack.channel_messages import address_of, show_to
from bot.views.message_drafts import draft_for_form, is_worth_keeping, mention_answer
from bot.views.tickets.new_ticket import new_form


def write_message(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody wrote to Guichet in their direct message."""
    interaction.write(receive.receive, written(event, interaction.text_of(event)))
    ack()


def edit_message(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody edited a message in their direct message, removed a file from it, or deleted it while it had
    replies."""
    message = event["message"]
    if message.get("subtype") == TOMBSTONE:
        interaction.write(changes.delete, event["channel"], message["ts"])
    else:
        interaction.write(changes.edit, edited(event, interaction.text_of(message)))
    ack()


def delete_message(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody deleted a message in their direct message, or one of ours was."""
    before = event.get("previous_message") or {}
    if "bot_id" in before:
        interaction.write(note_message_gone, event["channel"], event["deleted_ts"])
    else:
        interaction.write(changes.delete, event["channel"], event["deleted_ts"], before.get("user"))
    ack()


def press_add(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Oui, l'ajouter", or chose a ticket in the menu."""
    interaction.write(use.add, *read_choice(action))
    ack()


def press_file(ack: Ack, action: Payload, interaction: Interaction) -> None:
    """Somebody pressed "Créer un ticket" or "Nouveau ticket" under the question about what they wrote."""
    draft = interaction.read(draft_for_form, button_number(action))
    form = interaction.as_member_if_known().read(new_form, draft)
    interaction.write(keep_form, draft)
    interaction.open(form)
    ack()


def mention(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody mentioned Guichet in a channel; a team's channel is for its notes."""
    channel = event["channel"]
    if interaction.read(_is_teams, channel):
        ack()
        return
    interaction = interaction.identified(event["user"])
    text = _without_mention(interaction, event)
    message, draft_id = written(event, text), None
    if is_worth_keeping(text, len(message.files)):
        source = address_of(interaction.client, channel, event["ts"])
        draft_id = interaction.write(receive.receive_mention, message, source)
        if draft_id is None:  # Slack sent the message before
            ack()
            return
    answer = interaction.read(mention_answer, text, draft_id)
    is_shown = show_to(interaction.client, event, answer)
    if draft_id is not None:
        interaction.write(receive.conclude_mention, draft_id, is_shown=is_shown)
    ack()


def ignore(ack: Ack) -> None:
    """An app, or somebody in a channel shared with another organisation, mentioned Guichet: nothing to do."""
    ack()


def register(app: App) -> None:
    app.event("message", matchers=[is_written, in_direct_message, is_outside_threads])(write_message)
    app.event(_of("message_changed"), matchers=[was_written, in_direct_message])(edit_message)
    app.event(_of("message_deleted"), matchers=[in_direct_message])(delete_message)
    app.action(ids.ADD_DRAFT)(press_add)
    app.action(ids.CHOOSE_TICKET)(press_add)
    app.action(ids.FILE_DRAFT)(press_file)
    app.event("app_mention", matchers=[_is_a_persons])(mention)
    app.event("app_mention")(ignore)


def _is_teams(uow: UnitOfWork, channel: str) -> bool:
    return team_in(uow.session, channel) is not None


def _of(subtype: str) -> dict[str, Any]:
    return {"type": "message", "subtype": subtype}


def _is_a_persons(event: Payload, body: Payload) -> bool:
    return "bot_id" not in event and bool(event.get("user")) and not body.get("is_ext_shared_channel")


def _without_mention(interaction: Interaction, event: Payload) -> str:
    """The text of a message that mentions the bot, without that."""
    known = interaction.resources.directory.identity.known
    bot = known.bot_user_id if known else interaction.context.bot_user_id
    text = str(event.get("text") or "").replace(f"<@{bot}>", "")
    # The text of a message without any is read from its blocks, which name the bot, too.
    blocks = event.get("blocks") if text.strip() else []
    return interaction.text_of({**event, "text": text, "blocks": blocks}).strip().lstrip(",:; ")
