"""Writes lines of the audit trail."""

import getpass
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.db.refusals import refusal
from bot.db.session import Sessions, insert_into
from models.audit.entry import HOURLY, OPERATOR_MAX, AuditEntry, Deed
from models.characters import storable

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """A line that is to be written, as the columns of `AuditEntry` have it."""

    deed: Deed
    at: datetime
    actor_id: int | None = None
    operator: str | None = None
    ticket_id: int | None = None
    person_id: int | None = None
    count: int | None = None

    @property
    def hour(self) -> datetime | None:
        """The hour of which it is the only such line; `None` when each one is written."""
        return self.at.replace(minute=0, second=0, microsecond=0) if self.deed in HOURLY else None


def record(
    uow: UnitOfWork,
    deed: Deed,
    *,
    ticket_id: int | None = None,
    person_id: int | None = None,
    count: int | None = None,
    operator: str | None = None,
) -> None:
    """Write that the actor did this, in the same transaction: what fails with it is not done.

    `person_id`: whose data; `count`: how many tickets, deliveries or entries; `operator`: who ran a command
    (`operating_user`).
    """
    actor_id = uow.by.id if uow.by else None
    write(uow.session, [Line(deed, uow.now, actor_id, operator, ticket_id, person_id, count)])


def record_if_possible(sessions: Sessions, deed: Deed, now: datetime, operator: str, count: int) -> None:
    """Write that a command did this, in a transaction of its own: it is done, and stays so if this fails."""
    line = Line(deed, now, operator=operator, count=count)
    try:
        with sessions.begin() as session:
            write(session, [line])
    except SQLAlchemyError as error:
        logger.warning("a command could not be written to the audit trail: %s", refusal(error))


def write(session: Session, lines: Sequence[Line]) -> None:
    """Write these, but for those that were written in the same hour."""
    rows = [
        {
            "deed": line.deed,
            "at": line.at,
            "hour": line.hour,
            "actor_id": line.actor_id,
            "operator": line.operator,
            "ticket_id": line.ticket_id,
            "person_id": line.person_id,
            "count": line.count,
        }
        for line in lines
    ]
    table = AuditEntry.__table__
    assert isinstance(table, Table)
    session.execute(insert_into(session, table).on_conflict_do_nothing(), rows)


def operating_user() -> str:
    """Who runs this command, by their account on the machine; behind `sudo`, who called it. The environment
    says so, and can be changed by who runs the command."""
    try:
        name = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        name = f"uid {os.getuid()}"
    return storable(name)[:OPERATOR_MAX]
