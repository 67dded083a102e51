"""Changes made by neither the app nor people's clients: by other apps, administrators, Slack itself."""

from playground.workspace_events.channels import change_channel, move_channel, renew_direct_message
from playground.workspace_events.files import change_file, upload_external
from playground.workspace_events.other_apps import app_message, link_preview, slackbot_message
from playground.workspace_events.people import change_person, new_person

__all__ = [
    "app_message",
    "change_channel",
    "change_file",
    "change_person",
    "link_preview",
    "move_channel",
    "new_person",
    "renew_direct_message",
    "slackbot_message",
    "upload_external",
]
