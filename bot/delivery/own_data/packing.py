"""The files of a person's tickets, copied from the store into the archive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from bot.delivery.senders.files import safe_name
from bot.storage.base import Store
from models.tickets.attachment import Attachment, AttachmentState

BYTES_MAX = 200 * 1024 * 1024
"""Of all files together. Slack takes 1 GB; an upload has two minutes (`bot.delivery.senders.transfer`)."""
FILES_MAX = 2_000


class Missing(StrEnum):
    """Why a file is not in the archive."""

    UNAVAILABLE = "unavailable"  # never stored, deleted by its author, or gone from the store
    TOO_LARGE = "too_large"  # with those before it: more than `BYTES_MAX`, or `FILES_MAX` files


@dataclass(frozen=True)
class StoredFile:
    """A file to copy, read before the store is asked for it."""

    id: int
    path: str
    key: str | None
    size: int

    @classmethod
    def of(cls, file: Attachment) -> "StoredFile":
        key = file.key if file.state is AttachmentState.KEPT else None
        return cls(file.id, f"files/{file.ticket_id}/{file.id}-{safe_name(file.name)}", key, file.size)


@dataclass
class Packing:
    """Where each file is in the archive, or why it is not there."""

    paths: dict[int, str] = field(default_factory=dict)
    missing: dict[int, Missing] = field(default_factory=dict)
    bytes: int = 0

    def place(self, file: Attachment) -> Mapping[str, str | None]:
        """`path` and `missing`, of which one is set."""
        path = self.paths.get(file.id)
        why = None if path else self.missing.get(file.id, Missing.UNAVAILABLE)
        return {"path": path, "missing": why}


def pack(
    archive: ZipFile,
    store: Store,
    files: Sequence[StoredFile],
    keep: Callable[[], None],
    most: int = BYTES_MAX,
) -> Packing:
    """Copy the files one by one; what does not fit is named. `keep` is called for each. Raises
    `StoreUnavailable`, and what `keep` does."""
    packing = Packing()
    for file in files:
        keep()
        if file.key is None:
            packing.missing[file.id] = Missing.UNAVAILABLE
        elif len(packing.paths) >= FILES_MAX or packing.bytes + file.size > most:
            packing.missing[file.id] = Missing.TOO_LARGE
        else:
            _copy(archive, store, file, packing)
    return packing


def _copy(archive: ZipFile, store: Store, file: StoredFile, packing: Packing) -> None:
    assert file.key is not None
    try:
        content = store.get(file.key)
    except FileNotFoundError:
        packing.missing[file.id] = Missing.UNAVAILABLE
        return
    entry = ZipInfo(file.path)  # without the time of the copy
    entry.compress_type = ZIP_STORED
    archive.writestr(entry, content)
    packing.paths[file.id] = file.path
    packing.bytes += len(content)
