"""The folder or bucket of attachments: whether files can be written there, read back and deleted."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from bot.bootstrap import create_store
from bot.ops.doctor.context import CheckContext
from bot.ops.doctor.database import check_space
from bot.ops.finding import Finding, well, wrong
from bot.ops.private_files import readable_by_others
from bot.settings import SettingsError
from bot.storage.base import Store, StoreUnavailable
from bot.storage.url import read_store_url


def check_attachments(context: CheckContext) -> Iterator[Finding]:
    """A trial in the store. A folder that is not there yet is not made."""
    location = read_store_url(context.settings.attachments_url)
    if isinstance(location, Path) and not location.exists():
        yield _of_missing(location)
        return
    try:
        store = create_store(context.settings)
    except SettingsError as error:
        yield wrong(str(error))
        return
    yield check_store(store)
    if isinstance(location, Path) and location.is_dir():
        yield from check_space(location, "ATTACHMENTS_URL")
        yield from readable_by_others(location)


def _of_missing(folder: Path) -> Finding:
    parent = folder.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
        return well(f"attachments: {folder}, which the first file makes")
    if not parent.is_dir():
        return wrong(f"ATTACHMENTS_URL: {folder}: {parent} is no folder: correct the path")
    return wrong(f"ATTACHMENTS_URL: {folder}: {parent} cannot be written by this user: give it to this user")


def check_store(store: Store) -> Finding:
    """Write, read and delete an object in the store."""
    trial = f"guichet-doctor-{token_hex(4)}"  # two examinations at once must not read each other's
    try:
        store.put(trial, b"written and read by guichet doctor\n")
        store.get(trial)
        # Amazon answers AccessDenied for a missing object when the keys may not list ("GetObject").
        with suppress(FileNotFoundError):
            store.get(f"{trial}-missing")
        store.delete(trial)
    except StoreUnavailable as error:
        return wrong(f"ATTACHMENTS_URL: {store}: {error.reason}")
    except FileNotFoundError:
        return wrong(f"ATTACHMENTS_URL: {store}: an object that was written cannot be read back")
    return well(f"attachments: {store}")
