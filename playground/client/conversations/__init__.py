"""What people do in conversations: write, edit, delete, forward, share files, join, leave, read."""

from playground.client.conversations.forwarding import forward, take_file_out
from playground.client.conversations.membership import invite, kick
from playground.client.conversations.posting import delete, edit, mark_read, post, upload

__all__ = ["delete", "edit", "forward", "invite", "kick", "mark_read", "post", "take_file_out", "upload"]
