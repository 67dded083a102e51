"""Attachments in a local folder."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from bot.no_answer import why
from bot.storage.base import StoreUnavailable


class FolderStore:
    """A store in a local folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __str__(self) -> str:
        return str(self._folder)

    def mistake(self) -> str | None:
        """Why no file can be written there, when somebody has to correct that: it is no folder, or another
        user's. A full or broken disk is a fault, which passes."""
        part = self._folder / f".start.{uuid4().hex}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.touch()
            part.unlink()
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            return (error.strerror or "refused").lower()
        except OSError:
            pass
        return None

    def put(self, key: str, content: bytes) -> None:
        # Written under another name first, so that an incomplete file is never read.
        part = self._folder / f".{key}.{uuid4().hex}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(self._folder / key)
        except OSError as error:
            with suppress(OSError):  # else retries would fill a full disk with partial files
                part.unlink()
            raise StoreUnavailable(error.strerror or why(error)) from error

    def get(self, key: str) -> bytes:
        try:
            return (self._folder / key).read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise StoreUnavailable(error.strerror or why(error)) from error

    def delete(self, key: str) -> None:
        try:
            (self._folder / key).unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(error.strerror or why(error)) from error

    def size(self, key: str) -> int | None:
        try:
            return (self._folder / key).stat().st_size
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable(error.strerror or why(error)) from error

    def list_keys(self) -> Iterator[str]:
        try:
            entries = list(os.scandir(self._folder))
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreUnavailable(error.strerror or why(error)) from error
        for entry in entries:
            if not entry.name.startswith(".") and entry.is_file():
                yield entry.name
