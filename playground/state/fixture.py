"""The fixed workspace: a university, its help desk, and others that tests need.

`camille`, `oliver` (British) and `aurelie`, the manager of both, are requesters; `karim` and `lea` are
technicians of the team Assistance, `marc`, the manager of both, of the team Réseau; `invite` is a guest, in
no channel; `paul` belongs to another workspace and is in #general through Slack Connect. The app is in
#general, #habilitations (whose members decide on access rights) and both triage channels, not in #annonces.

Another workspace is JSON of the same form as `FIXED`: `people` (name, real_name, email; optionally id,
manager, locale, tz, and the other fields of `Person`), `channels` (name, members; optionally id, private,
app, topic, archived) and `usergroups` (handle, name, members).
Ids are derived from names, so they are the same at every start. Everybody has a direct message with the app,
except people of other workspaces, to whom an app may not write.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from playground.state.people import slackbot
from playground.state.workspace import (
    BOT_ID,
    BOT_USER_ID,
    SLACKBOT,
    Channel,
    Json,
    Person,
    Usergroup,
    Workspace,
)

OTHER_TEAM_ID = "T0PARTNER0"
_EVERYONE = ["camille", "oliver", "aurelie", "karim", "lea", "marc", "paul"]  # except the guest

FIXED: Json = {
    "people": [
        {
            "name": "camille",
            "real_name": "Camille Bernard",
            "email": "camille.bernard@univ.example",
            "manager": "aurelie",
        },
        {
            "name": "oliver",
            "real_name": "Oliver Smith",
            "email": "oliver.smith@univ.example",
            "locale": "en-GB",
            "tz": "Europe/London",
            "manager": "aurelie",
        },
        {
            "name": "aurelie",
            "real_name": "Aurélie D'Hérouville",
            "email": "aurelie.dherouville@univ.example",
        },
        {
            "name": "karim",
            "real_name": "Karim Benali",
            "email": "karim.benali@univ.example",
            "manager": "marc",
        },
        {
            "name": "lea",
            "real_name": "Léa Martin",
            "email": "lea.martin@univ.example",
            "manager": "marc",
        },
        {"name": "marc", "real_name": "Marc Petit", "email": "marc.petit@univ.example"},
        {
            "name": "invite",
            "real_name": "Inès Invitée",
            "email": "invite@univ.example",
            "restricted": True,
        },
        {
            "name": "paul",
            "real_name": "Paul Partenaire",
            "email": "paul.partenaire@univ.example",
            "team_id": OTHER_TEAM_ID,
        },
    ],
    "channels": [
        {"name": "general", "members": _EVERYONE, "topic": "Toute l’université"},
        {"name": "annonces", "members": ["camille", "oliver", "aurelie"], "app": False},
        {
            "name": "dnum-assistance",
            "private": True,
            "members": ["karim", "lea"],
            "topic": "Tickets de l’équipe Assistance",
        },
        {
            "name": "dnum-reseau",
            "private": True,
            "members": ["marc"],
            "topic": "Tickets de l’équipe Réseau",
        },
        {
            "name": "habilitations",
            "private": True,
            "members": ["aurelie", "marc"],
            "topic": "Droits d’accès aux applications",
        },
    ],
    "usergroups": [{"handle": "dnum", "name": "Direction du numérique", "members": ["karim", "lea", "marc"]}],
}


def load_workspace(path: Path) -> Json:
    """Read and validate a workspace's JSON file; raises `ValueError`."""
    try:
        description: Any = json.loads(path.read_text(encoding="utf-8"))
        fill(Workspace(), description)
    except KeyError as error:
        raise ValueError(f"{path}: {error} is missing") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: {error}") from error
    return dict(description)


def fill(workspace: Workspace, description: Json = FIXED, bot_name: str = "guichet") -> None:
    """Replace the content of `workspace` by what `description` says."""
    workspace.clear()
    workspace.people[BOT_USER_ID] = Person(
        BOT_USER_ID, bot_name, bot_name.capitalize(), "", is_bot=True, bot_id=BOT_ID
    )
    workspace.people[SLACKBOT] = slackbot()
    for raw in description["people"]:
        add_person(workspace, raw)
    for raw in description["channels"]:
        add_channel(workspace, raw)
    for raw in description.get("usergroups", ()):
        add_usergroup(workspace, raw)


def add_person(workspace: Workspace, raw: Json) -> Person:
    """Add a person, with a direct message with the app when it may write to them."""
    given: Json = {"id": stable_id("U", raw["name"])} | raw
    person = Person(**given)
    workspace.people[person.id] = person
    if person.is_colleague and not person.is_bot:
        channel_id = stable_id("D", person.name)
        members = {person.id, BOT_USER_ID}
        workspace.channels[channel_id] = Channel(channel_id, "guichet", "im", members, person=person.id)
    return person


def add_channel(workspace: Workspace, raw: Json) -> Channel:
    """Add a channel."""
    members = {_member_id(workspace, name) for name in raw["members"]}
    if raw.get("app", True):
        members.add(BOT_USER_ID)
    channel = Channel(
        id=raw.get("id") or stable_id("C", raw["name"]),
        name=raw["name"],
        kind="private" if raw.get("private") else "public",
        members=members,
        archived=raw.get("archived", False),
        topic=raw.get("topic", ""),
    )
    workspace.channels[channel.id] = channel
    return channel


def add_usergroup(workspace: Workspace, raw: Json) -> Usergroup:
    """Add a user group."""
    members = [_member_id(workspace, name) for name in raw.get("members", ())]
    handle = str(raw["handle"])
    group = Usergroup(stable_id("S", handle), handle, str(raw.get("name", handle)), members)
    group.disabled = bool(raw.get("disabled", False))
    workspace.usergroups[group.id] = group
    return group


def _member_id(workspace: Workspace, name: str) -> str:
    person = workspace.person(name)
    if person is None:
        raise ValueError(f"nobody is called {name}")
    return person.id


def stable_id(prefix: str, name: str) -> str:
    """An id in Slack's form that is derived from a name."""
    digest = hashlib.sha256(name.encode()).digest()
    return prefix + base64.b32encode(digest).decode()[:10]
