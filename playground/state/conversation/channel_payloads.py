"""Conversations as the app sees them (reference/objects/conversation-object)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.state.workspace import BOT_USER_ID, TEAM_ID, Channel, Json

if TYPE_CHECKING:
    from playground.state.slack import Slack

PARTNER = "T0PARTNER0"  # the other workspace in Slack Connect


def channel_payload(slack: Slack, channel: Channel) -> Json:
    """A conversation object."""
    common: Json = {
        "id": channel.id,
        "created": 0,
        "creator": BOT_USER_ID,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": TEAM_ID,
        "updated": 0,
    }
    if channel.kind == "im":
        person = slack.workspace.people.get(channel.person or "")
        gone = person is not None and person.deleted
        return common | {"user": channel.person, "is_user_deleted": gone, "priority": 0}
    return common | _named(channel)


def _named(channel: Channel) -> Json:
    shared_with = [TEAM_ID, PARTNER] if channel.shared else [TEAM_ID]
    return {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "is_general": channel.name == "general",
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "shared_team_ids": shared_with,
        "parent_conversation": None,
        "unlinked": 0,
        "is_member": BOT_USER_ID in channel.members,
        "previous_names": channel.previous_names,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }
