"""The app manifest (docs.slack.dev, "App manifest reference")."""

from blocks import ids
from blocks.kit.values import Payload

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)

# Scopes that may be declined at the installation (docs.slack.dev, "App manifest reference", `bot_optional`).
OPTIONAL_SCOPES = ("usergroups:read", "users.profile:read")

# Changes of a channel (docs.slack.dev, "Events"); a private channel's begin with `group_`.
CHANNEL_EVENTS = (
    "channel_archive",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_rename",
    "group_unarchive",
)

# Not `message.channels`: a team's channel is private, and no message of a public one concerns us.
EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_id_changed",
    "file_deleted",
    "member_joined_channel",
    "member_left_channel",
    "message.groups",
    "message.im",
    "user_change",
    *CHANNEL_EVENTS,
)


def manifest(*, request_url: str | None = None) -> Payload:
    """The manifest for Socket Mode, or for HTTP when `request_url` is given."""
    over_http = {"request_url": request_url} if request_url else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Guichet",
            "description": "Le centre d’aide de la DNum",
            "background_color": "#0b5cad",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "guichet", "always_online": True},
            "slash_commands": _commands(request_url),
            "shortcuts": [
                {
                    "name": "Nouveau ticket",
                    "type": "global",
                    "callback_id": ids.SHORTCUT_NEW_TICKET,
                    "description": "Déclarer un incident à la DNum",
                },
                {
                    "name": "Créer un ticket",
                    "type": "message",
                    "callback_id": ids.SHORTCUT_FROM_MESSAGE,
                    "description": "Faire de ce message un ticket informatique",
                },
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted(EVENTS), **over_http},
            "interactivity": {"is_enabled": True, **over_http},
            "socket_mode_enabled": request_url is None,
            "org_deploy_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def _commands(request_url: str | None) -> list[Payload]:
    commands = {
        ids.COMMAND_TICKET: ("Ouvrir un ticket informatique", "[titre]"),
        ids.COMMAND_CATALOGUE: ("Parcourir le catalogue des services numériques", "[mots]"),
        ids.COMMAND_MY_TICKETS: ("Suivre mes tickets", None),
        ids.COMMAND_MY_APPROVALS: ("Voir les demandes qui attendent mon accord", None),
        ids.COMMAND_QUEUE: ("Voir la file de mon équipe (techniciens)", None),
        ids.COMMAND_OUTAGE: ("Déclarer une panne (techniciens)", "[titre]"),
        ids.COMMAND_SEARCH: ("Chercher un ticket de mon équipe (techniciens)", "[mots ou numéro]"),
        ids.COMMAND_MY_TICKETS_EN: ("Follow my tickets", None),
        ids.COMMAND_MY_APPROVALS_EN: ("View the requests that wait for my agreement", None),
        ids.COMMAND_QUEUE_EN: ("View my team’s queue (technicians)", None),
        ids.COMMAND_OUTAGE_EN: ("Declare an outage (technicians)", "[title]"),
        ids.COMMAND_SEARCH_EN: (
            "Search my team’s tickets (technicians)",
            "[words or number]",
        ),
    }
    return [
        {
            "command": command,
            "description": description,
            **({"usage_hint": hint} if hint else {}),
            "should_escape": False,
            **({"url": request_url} if request_url else {}),
        }
        for command, (description, hint) in commands.items()
    ]
