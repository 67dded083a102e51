"""Files as Slack describes them in a form or a message, and as people read of them."""

import re
from collections.abc import Sequence
from typing import Any

from blocks import ids
from blocks.i18n import Translator
from models.tickets.attachment import Attachment
from models.tickets.draft import NewFile
from models.tickets.file_name import cut_name, visible

FORM_MAX = 10  # files of an input of ours
SIZE_MAX = 2**63 - 1  # what the databases keep
_ID = re.compile(r"[A-Za-z0-9_]{1,32}")


def read_files(view: dict[str, Any]) -> list[NewFile]:
    """The files of a form's input, as far as its state tells: a client may have changed all of it."""
    given = view["state"]["values"].get(ids.FILES, {}).get(ids.FILES, {}).get("files")
    return _files(given, is_told=False)[:FORM_MAX]


def new_files(files: Sequence[dict[str, Any]] | None) -> list[NewFile]:
    """The files of a message that Slack sent; one that was deleted since is left out."""
    return _files(list(files or ()), is_told=True)


def present(files: Sequence[dict[str, Any]] | None) -> list[str]:
    """The ids of a message's files, without those of which only a trace is left."""
    return [file.slack_file_id for file in new_files(files)]


def shown_name(_: Translator, file: NewFile | Attachment, length: int) -> str:
    """A file's name for people to read, its extension always. Slack may tell only the id of one that is
    hidden."""
    name = "" if file.name == file.slack_file_id else visible(file.name)
    return cut_name(name, length, "…") or _("(a file)")


def _files(files: object, *, is_told: bool) -> list[NewFile]:
    return [
        _file(file, is_told=is_told)
        for file in (files if isinstance(files, list) else ())
        if isinstance(file, dict)
        and _ID.fullmatch(str(file.get("id") or ""))
        and file.get("mode") != "tombstone"
    ]


def _file(file: dict[str, Any], *, is_told: bool) -> NewFile:
    size = file.get("size")
    return NewFile(
        slack_file_id=str(file["id"]),
        name=str(file.get("name") or file.get("title") or file["id"]),
        media_type=str(file.get("mimetype") or "application/octet-stream"),
        size=size if type(size) is int and 0 < size <= SIZE_MAX else 0,  # `True` is an `int` too
        is_told=is_told,
    )
