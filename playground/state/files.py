"""Files as the app sees them (reference/objects/file-object)."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from playground.state.workspace import BOT_USER_ID, File, Json

if TYPE_CHECKING:
    from collections.abc import Callable

    from playground.state.slack import Slack

_PRETTY_TYPES = {
    "csv": "CSV",
    "docx": "Word Document",
    "gif": "GIF",
    "jpg": "JPEG",
    "pdf": "PDF",
    "png": "PNG",
    "text": "Plain Text",
    "xlsx": "Excel Spreadsheet",
    "zip": "Zip",
}
_FILETYPES = {"jpeg": "jpg", "txt": "text"}


def file_payload(slack: Slack, file: File) -> Json:
    """A file object as `files.info`, messages and submitted inputs carry it.

    A hidden file has only its id (changelog, "Wild West no more for file limits"; recorded).
    """
    if file.access == "hidden_by_limit":
        return {"id": file.id, "mode": "hidden_by_limit"}
    if file.access:
        return {"id": file.id, "file_access": file.access}
    return _common(slack, file) | _addresses(slack, file) | _shared_in(slack, file)


def share(slack: Slack, post: Callable[[], object]) -> None:
    """Post the message of completed files, or keep it while shares are held."""
    held = slack.workspace.held_shares
    if held is None:
        post()
    else:
        held.append(post)


def delete_file(slack: Slack, file: File) -> None:
    """Delete a file, and tell the app of it by its id only (reference/events/file_deleted)."""
    file.deleted = True
    ts = slack.workspace.clock.next_ts()
    slack.delivery.emit({"type": "file_deleted", "file_id": file.id, "event_ts": ts})


def hold_shares(slack: Slack) -> None:
    """Keep the messages of files until `release_shares`."""
    slack.workspace.held_shares = slack.workspace.held_shares or []


def release_shares(slack: Slack) -> int:
    """Post the messages that were kept. Returns how many."""
    held, slack.workspace.held_shares = slack.workspace.held_shares or [], None
    for post in held:
        post()
    return len(held)


def tombstone(file_id: str) -> Json:
    """The placeholder in a message for a file that was removed from it."""
    return {"id": file_id, "mode": "tombstone"}


def size_of(file: File) -> int | None:
    """The size that Slack reports: None for an external file, unless it was set."""
    if file.size != -1:
        return file.size
    return 0 if file.external else len(file.content)


def _common(slack: Slack, file: File) -> Json:
    person = slack.workspace.people[file.user]
    filetype = str((file.external or {}).get("filetype") or _filetype(file.name))
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": filetype,
        "pretty_type": _PRETTY_TYPES.get(filetype, filetype.upper()),
        "user": file.user,
        "user_team": person.team_id,
        "editable": False,
        **({} if size_of(file) is None else {"size": size_of(file)}),
        "mode": "external" if file.external else "hosted",
        "is_external": file.external is not None,
        "external_type": file.external["type"] if file.external else "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "media_display_type": "unknown",
        "has_rich_preview": False,
        "file_access": "visible",
    }


def _addresses(slack: Slack, file: File) -> Json:
    """The URLs of a file. An external one is not downloaded from Slack (methods/files.remote.info)."""
    name = _in_address(file.name)
    permalink = {"permalink": f"{slack.base_url}/files/{file.user}/{file.id}/{name}"}
    if file.external:
        return {"url_private": file.external["url"], **permalink}
    address = f"{slack.base_url}/files/{file.id}-{file.token}"
    return permalink | {
        "url_private": file.url or f"{address}/{name}",
        "url_private_download": file.url or f"{address}/download/{name}",
        "permalink_public": f"{slack.base_url}/files/{file.id}-{file.token[:10]}",
    }


def _in_address(name: str) -> str:
    """A name as in Slack's URLs: lower-case letters, digits, dots, and "_" for the rest (recorded)."""
    return re.sub(r"[^a-z0-9.-]+", "_", name.lower()) or "_"


def app_may_read(slack: Slack, file: File) -> bool:
    """Whether the app may fetch this file: its own, from a form, or shared in a channel of the app."""
    channels = slack.workspace.channels
    return not file.shared_in or any(
        BOT_USER_ID in channels[key].members for key in file.shared_in if key in channels
    )


def _shared_in(slack: Slack, file: File) -> dict[str, Any]:
    kinds = {"channels": "public", "groups": "private", "ims": "im"}
    channels = slack.workspace.channels
    return {
        key: sorted(c for c in file.shared_in if c in channels and channels[c].kind == kind)
        for key, kind in kinds.items()
    } | {"shares": _shares(slack, file)}


def _shares(slack: Slack, file: File) -> dict[str, dict[str, list[Json]]]:
    """The messages that share it (reference/objects/file-object); direct messages are in `ims` instead."""
    shares: dict[str, dict[str, list[Json]]] = {}
    channels = slack.workspace.channels
    for channel in (channels[key] for key in sorted(file.shared_in) if key in channels):
        stands = [m for m in channel.messages.values() if file.id in m.files and not m.deleted]
        if channel.kind != "im" and stands:
            listed = [{"ts": m.ts, **({"thread_ts": m.thread_ts} if m.thread_ts else {})} for m in stands]
            shares.setdefault(channel.kind, {})[channel.id] = listed
    return shares


def _filetype(name: str) -> str:
    extension = PurePath(name).suffix.removeprefix(".").lower() or "binary"
    return _FILETYPES.get(extension, extension)
