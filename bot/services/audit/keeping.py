"""Deletes lines of the audit trail that are old enough."""

from datetime import timedelta

from sqlalchemy import delete

from bot.context.unit_of_work import UnitOfWork
from models.audit.append_only import SHORTEST
from models.audit.entry import AuditEntry
from models.base import utc_now
from models.calendar.months import months_before


def delete_old_lines(uow: UnitOfWork) -> None:
    """Delete lines older than AUDIT_MONTHS; none of those that the database would refuse
    to delete by its own clock."""
    a_day = timedelta(days=1)  # between the database's clock and this machine's
    before = min(
        months_before(uow.now, uow.settings.audit_months), utc_now() - timedelta(days=SHORTEST) - a_day
    )
    uow.session.execute(
        delete(AuditEntry).where(AuditEntry.at < before), execution_options={"synchronize_session": False}
    )
