"""Files that people delete in Slack."""

from slack_bolt import Ack, App

from blocks.kit.values import Payload
from bot.context.unit_of_work import UnitOfWork
from bot.listeners.interaction import Interaction
from bot.services.removals import gone


def delete_file(ack: Ack, event: Payload, interaction: Interaction) -> None:
    """Somebody deleted a file; most are none of ours."""
    file_id = str(event.get("file_id", ""))
    if interaction.read(is_listed, file_id):
        interaction.write(gone.note_files_gone, [file_id])
    ack()


def is_listed(uow: UnitOfWork, file_id: str) -> bool:
    """Whether people are asked to delete it."""
    return gone.is_listed(uow.session, file_id)


def register(app: App) -> None:
    app.event("file_deleted")(delete_file)
