"""What became of all that was acknowledged, by the database."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, text

from tests.bench.footprint.traffic import Ledger

_LAGS = """
SELECT extract(epoch FROM completed_at - created_at) FROM delivery
WHERE state = 'sent' AND due_at - created_at < interval '1 second' AND id > :base
"""
_OVERDUE = "SELECT count(*) FROM delivery WHERE state = 'pending' AND due_at < :now"


@dataclass(frozen=True)
class Account:
    """Counts; what is not 0 of the lost is lost."""

    lost: int
    """Submissions and actions that were acknowledged and are not in the database, deliveries that were given
    up or stand still."""
    tickets: int
    deliveries: int
    lags: Sequence[float]
    """Seconds from the commit to the end of each delivery that was due at once."""
    reminders: int
    closed: int
    """By silence."""


def reckon(engine: Engine, ledger: Ledger, base: tuple[int, int], now: object) -> Account:
    """`base`: the newest ticket and delivery before the week."""
    with engine.connect() as connection:
        kept = set(_all(connection, "SELECT submission FROM ticket WHERE id > :base", base=base[0]))
        rows = connection.execute(
            text("SELECT action, ticket_id FROM event WHERE ticket_id > :base"), {"base": base[0]}
        )
        noted = Counter((str(action), int(ticket)) for action, ticket in rows)
        missing = Counter(ledger.done) - noted
        states = Counter(_all(connection, "SELECT state FROM delivery WHERE id > :base", base=base[1]))
        kinds = Counter(
            _all(connection, "SELECT kind FROM delivery WHERE id > :base AND state = 'sent'", base=base[1])
        )
        overdue = connection.execute(text(_OVERDUE), {"now": now}).scalar_one()
        lags = [float(each) for each in _all(connection, _LAGS, base=base[1])]
    lost = len(set(ledger.submissions) - kept) + missing.total() + states["dead"] + int(overdue)
    reminders = sum(number for kind, number in kinds.items() if "reminder" in str(kind))
    closed = sum(number for (action, _ticket), number in noted.items() if action == "close")
    return Account(lost, len(kept), states["sent"], lags, reminders, closed)


def _all(connection: Connection, statement: str, **values: object) -> Sequence[object]:
    return connection.execute(text(statement), values).scalars().all()
