"""The year of `make year`, shorter: three months with holidays, a closure and a change of hour."""

from datetime import date
from time import process_time

from sqlalchemy import Engine

from tests.year.account import reckon
from tests.year.run import Plan, Run

SHORT = Plan(
    tickets=28,
    seed=11,
    people=14,
    deaths=0.02,
    first=date(2026, 10, 19),
    last=date(2027, 1, 8),
    opened_until=date(2026, 12, 2),
    changed=date(2026, 11, 24),
    no_closing=date(2026, 11, 26),
    agreements=0.4,
)


def test_a_quarter_keeps_every_promise(empty: Engine) -> None:
    started = process_time()
    account = reckon(Run(empty, SHORT).go())
    account.print(f"{empty.dialect.name}, {process_time() - started:.0f} s")
    assert account.wrong == []
    assert account.rows["tickets closed by silence"]
    assert account.rows["waits whose warnings were lost"]
    assert account.rows["reminders to approvers"]
    assert account.rows["steps that asked the fallback"]
