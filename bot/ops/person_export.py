"""`guichet person export`: all that is known of somebody, for the data-protection officer to review."""

import os
from pathlib import Path

from sqlalchemy import select

from bot.bootstrap import create_store
from bot.context.settings import use_case_settings
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.delivery.own_data.archive import ArchiveWriter, Wanted
from bot.ops.database import open_database
from bot.services.audit.record import operating_user, record
from bot.settings import Settings
from bot.views.own_data.my_data import notice_of
from models.audit.entry import Deed
from models.base import utc_now
from models.person import Person


class NoSuchPerson(Exception):
    """Guichet has not met anybody with this member ID."""


def export_person(settings: Settings, slack_id: str, path: Path) -> None:
    """Write the zip file, which its owner alone may read. Nothing is written that the audit trail does not
    have. Raises `NoSuchPerson`, `FileExistsError` and `StoreUnavailable`."""
    with open_database(settings) as engine:
        sessions = Sessions(engine)
        with sessions() as session:
            person_id = session.scalar(select(Person.id).where(Person.slack_id == slack_id))
        if person_id is None:
            raise NoSuchPerson
        writer = ArchiveWriter(sessions, create_store(settings), notice_of(use_case_settings(settings)))
        wanted = Wanted(person_id, utc_now(), officer=settings.default_locale)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                _record(sessions, wanted)
                writer.write(file, wanted)
        except BaseException:  # Ctrl-C too: no part of it stays
            path.unlink(missing_ok=True)
            raise


def _record(sessions: Sessions, wanted: Wanted) -> None:
    with sessions.begin() as session:
        uow = UnitOfWork(session, wanted.now)
        record(uow, Deed.EXPORT, person_id=wanted.person_id, operator=operating_user())
