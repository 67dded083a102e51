"""The file of erasures and its key: whether a restored backup would end with everybody erased who was."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import exists, func, make_url, select

from bot.ops.doctor.context import CheckContext
from bot.ops.erasures.file import PERSON, PUT_IT_BACK, ErasuresFile, erasures_of
from bot.ops.erasures.replay import applied_to
from bot.ops.finding import Finding, warning, well, wrong
from bot.ops.private_files import readable_by_others
from bot.settings import Settings, SettingsError
from bot.storage.url import read_store_url
from models.person import Person


def check_erasures(context: CheckContext) -> Iterator[Finding]:
    """Both settings, the file and where it lies, and whether this database is up to date with it."""
    file = erasures_of(context.settings)
    if file is None:
        yield _not_set(context)
        return
    try:
        entries, fingerprint = file.read()
    except SettingsError as error:
        yield wrong(str(error))
        return
    yield from readable_by_others(file.path)
    yield from _beside(context.settings, file)
    applied = applied_to(context.engine) if context.engine else fingerprint
    lines, erased = sum(each.kind == PERSON for each in entries), _erased(context)
    if lines < erased and entries:
        yield wrong(
            f"ERASURES_FILE: {file.path} names {lines} people, though {erased} were erased from this "
            f"database: it is an older copy: {PUT_IT_BACK}"
        )
    elif applied and not entries:
        yield wrong(f"ERASURES_FILE: {file.path} is empty, though people were erased: {PUT_IT_BACK}")
    elif applied != fingerprint:
        yield warning(
            "erasures: this database is behind ERASURES_FILE, as a restored backup is: the next process that "
            "starts erases again what it brought back"
        )
    else:
        yield well(f"erasures: remembered in {file.path}, lines: {len(entries)}")


def _not_set(context: CheckContext) -> Finding:
    session = context.read()
    if session is not None:
        with session:
            if session.scalar(select(exists().where(Person.erased_at.is_not(None)))):
                return wrong(
                    "ERASURES_FILE, ERASURES_KEY: people were erased from this database, and a restored "
                    "backup would bring them back: set both again"
                )
    return warning("ERASURES_FILE, ERASURES_KEY: not both are set: nobody can be erased (see .env.example)")


def _erased(context: CheckContext) -> int:
    """How many people are erased in this database: each has a line in the file at least."""
    session = context.read()
    if session is None:
        return 0
    with session:
        return session.scalar(select(func.count(Person.id)).where(Person.erased_at.is_not(None))) or 0


def _beside(settings: Settings, file: ErasuresFile) -> Iterator[Finding]:
    """Whether it is in a folder that is restored with the database or the attachments."""
    folders = dict[str, Path]()
    if settings.on_sqlite:
        folders["DATABASE_URL"] = Path(
            make_url(settings.database_url.get_secret_value()).database or ""
        ).parent
    location = read_store_url(settings.attachments_url)
    if isinstance(location, Path):
        folders["ATTACHMENTS_URL"] = location
    here = file.path.absolute().resolve().parent
    for name, folder in folders.items():
        if here.is_relative_to(folder.absolute().resolve()):
            yield wrong(
                f"ERASURES_FILE: {file.path} is in the folder of {name}, whose restored backup would replace "
                "it: move it to a folder of its own"
            )
