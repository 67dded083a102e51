"""Files as Slack describes them in a form or a message, and their names for people."""

import re
from collections.abc import Sequence

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import element_state
from blocks.kit.values import Payload
from models.tickets.attachment import Attachment
from models.tickets.draft import NewFile
from models.tickets.file_name import cut_name, visible

FORM_MAX = 10  # files of an input of ours
SHORT_NAME_MAX = 60  # characters of a name among others
SIZE_MAX = 2**63 - 1  # a BIGINT
_ID = re.compile(r"[A-Za-z0-9_]{1,32}")


def read_files(view: Payload) -> list[NewFile]:
    """The files of a form's input, as its state describes them: a client may have altered any of it."""
    return _files(element_state(view, ids.FILES).get("files"), is_from_message=False)[:FORM_MAX]


def new_files(files: Sequence[Payload] | None) -> list[NewFile]:
    """The files of a message; one that was deleted since is left out."""
    return _files(list(files or ()), is_from_message=True)


def present(files: Sequence[Payload] | None) -> list[str]:
    """The ids of a message's files, without the tombstones of deleted ones."""
    return [file.slack_file_id for file in new_files(files)]


def shown_name(_: Translator, file: NewFile | Attachment, length: int) -> str:
    """A file's name, cut before its extension. Slack gives only the id of a file that is hidden."""
    name = "" if file.name == file.slack_file_id else visible(file.name)
    return cut_name(name, length, "…") or _("(a file)")


def shown_names(_: Translator, files: Sequence[NewFile]) -> str:
    """The names of the first files, on one line."""
    names = [shown_name(_, file, SHORT_NAME_MAX) for file in files[:FORM_MAX]]
    return ", ".join([*names, "…"] if len(files) > FORM_MAX else names)


def _files(files: object, *, is_from_message: bool) -> list[NewFile]:
    return [
        _file(file, is_from_message=is_from_message)
        for file in (files if isinstance(files, list) else ())
        if isinstance(file, dict)
        and _ID.fullmatch(str(file.get("id") or ""))
        and file.get("mode") != "tombstone"
    ]


def _file(file: Payload, *, is_from_message: bool) -> NewFile:
    size = file.get("size")
    return NewFile(
        slack_file_id=str(file["id"]),
        name=str(file.get("name") or file.get("title") or file["id"]),
        media_type=str(file.get("mimetype") or "application/octet-stream"),
        size=size if type(size) is int and 0 < size <= SIZE_MAX else 0,  # `True` is an `int` too
        is_from_message=is_from_message,
    )
