"""The app's manifest ("App manifest reference")."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from playground.block_kit import Problem, check_blocks, check_manifest, check_view
from playground.state.workspace import Json


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BOT_SCOPES = _names(
    "app_mentions:read channels:history channels:join channels:manage channels:read chat:write "
    "chat:write.public commands files:read files:write groups:history groups:read groups:write im:history "
    "im:read im:write links.embed:write reactions:read reactions:write team:read usergroups:read "
    "users.profile:read users:read users:read.email"
)
BOT_EVENTS = _names(
    "app_home_opened app_mention channel_archive channel_id_changed channel_rename channel_shared "
    "channel_unarchive channel_unshared file_deleted file_shared group_archive group_rename group_unarchive "
    "member_joined_channel member_left_channel message.channels message.groups message.im team_join "
    "user_change"
)


class ManifestError(ValueError):
    """A manifest that Slack would refuse; every problem on its own line."""


@dataclass(frozen=True)
class Shortcut:
    """An entry of the ⚡ menu (`global`) or of a message's menu (`message`)."""

    callback_id: str
    name: str
    type: str
    description: str = ""


@dataclass(frozen=True)
class Command:
    """A slash command, its leading slash included."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Manifest:
    """The parts of a manifest that change how Slack behaves.

    The default is an app with every scope, event and tab, and with any command and shortcut.
    """

    name: str = "Guichet"
    bot_name: str = "guichet"
    bot_scopes: frozenset[str] = BOT_SCOPES  # those granted: the optional ones among them
    optional_scopes: frozenset[str] = frozenset()  # those that may be declined at the installation
    bot_events: frozenset[str] = BOT_EVENTS
    commands: dict[str, Command] = field(default_factory=dict)
    shortcuts: dict[str, Shortcut] = field(default_factory=dict)  # by callback_id
    home_tab: bool = True
    messages_tab: bool = True
    messages_tab_read_only: bool = False
    interactivity: bool = True
    unfurl_domains: frozenset[str] = frozenset()
    permissive: bool = True  # commands and shortcuts need not be declared

    def has_command(self, command: str) -> bool:
        """Whether the app has this command."""
        return self.permissive or command in self.commands

    def has_shortcut(self, callback_id: str, kind: str) -> bool:
        """Whether the app has this shortcut; `kind` is `global` or `message`."""
        shortcut = self.shortcuts.get(callback_id)
        return self.permissive if shortcut is None else shortcut.type == kind

    def check_blocks(self, blocks: object, root: str = "/blocks") -> list[Problem]:
        """The problems for which Slack would refuse these blocks in a message of this app."""
        return check_blocks(blocks, root=root, scopes=self.bot_scopes, unfurl_domains=self.unfurl_domains)

    def check_view(self, view: object) -> list[Problem]:
        """The problems for which Slack would refuse this view of this app."""
        return check_view(view, scopes=self.bot_scopes, unfurl_domains=self.unfurl_domains)


def parse_manifest(raw: Json) -> Manifest:
    """Read a manifest; raise `ManifestError` with all that Slack would refuse in it."""
    problems = check_manifest(raw)
    if problems:
        raise ManifestError("\n".join(map(str, problems)))
    features = raw.get("features", {})
    settings = raw.get("settings", {})
    home = features.get("app_home", {})
    name = raw["display_information"]["name"]
    scopes = raw.get("oauth_config", {}).get("scopes", {})
    optional = frozenset(scopes.get("bot_optional", ()))
    return Manifest(
        name=name,
        bot_name=features.get("bot_user", {}).get("display_name", name),
        bot_scopes=frozenset(scopes.get("bot", ())) | optional,
        optional_scopes=optional,
        bot_events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        commands={c["command"]: _command(c) for c in features.get("slash_commands", ())},
        shortcuts={s["callback_id"]: _shortcut(s) for s in features.get("shortcuts", ())},
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", False),
        messages_tab_read_only=home.get("messages_tab_read_only_enabled", False),
        interactivity=settings.get("interactivity", {}).get("is_enabled", False),
        unfurl_domains=frozenset(features.get("unfurl_domains", ())),
        permissive=False,
    )


def load_manifest(path: Path) -> Manifest:
    """Read a manifest's YAML or JSON file (JSON is YAML)."""
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ManifestError(str(error)) from error
    if not isinstance(raw, dict):
        raise ManifestError("a manifest is an object")
    return parse_manifest(raw)


def _command(raw: Json) -> Command:
    return Command(**_known(raw, "command", "description", "usage_hint", "should_escape"))


def _shortcut(raw: Json) -> Shortcut:
    return Shortcut(**_known(raw, "callback_id", "name", "type", "description"))


def _known(raw: Json, *keys: str) -> Json:
    return {key: raw[key] for key in keys if key in raw}
