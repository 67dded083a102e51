"""Files as Slack describes them in a form or a message."""

from collections.abc import Sequence
from typing import Any

from blocks import ids
from models.tickets.draft import NewFile


def read_files(view: dict[str, Any]) -> list[NewFile]:
    """The files of a form's input."""
    return new_files(view["state"]["values"].get(ids.FILES, {}).get(ids.FILES, {}).get("files"))


def new_files(files: Sequence[dict[str, Any]] | None) -> list[NewFile]:
    """The same from Slack's own file objects; one that was deleted since is left out."""
    return [_file(file) for file in files or () if file.get("mode") != "tombstone"]


def _file(file: dict[str, Any]) -> NewFile:
    return NewFile(
        slack_file_id=file["id"],
        name=file.get("name") or file["id"],
        media_type=file.get("mimetype") or "application/octet-stream",
        size=file.get("size") or 0,
    )
