"""What a person's Slack client does, for the control API and the page.

A function returns once the app has acknowledged its payload; it raises `Refused` for what the client does not
allow.
"""

from playground.client.actions import press, set_input, suggest
from playground.client.answers import SubmitResult
from playground.client.commands import open_home, run_command, run_shortcut
from playground.client.conversations import (
    delete,
    edit,
    forward,
    invite,
    kick,
    mark_read,
    post,
    take_file_out,
    upload,
)
from playground.client.elements import Element, elements_of, options_of
from playground.client.refusal import Refused
from playground.client.submissions import close_view, submit_view
from playground.client.surfaces import MessageRef, SurfaceRef, ViewRef

__all__ = [
    "Element",
    "MessageRef",
    "Refused",
    "SubmitResult",
    "SurfaceRef",
    "ViewRef",
    "close_view",
    "delete",
    "edit",
    "elements_of",
    "forward",
    "invite",
    "kick",
    "mark_read",
    "open_home",
    "options_of",
    "post",
    "press",
    "run_command",
    "run_shortcut",
    "set_input",
    "submit_view",
    "suggest",
    "take_file_out",
    "upload",
]
