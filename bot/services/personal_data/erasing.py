"""Erases a person: their own tickets are forgotten, and where others' tickets name them nobody is named.

A portion at a time, each in its own transaction. The row keeps its Slack id to the end, so that an erasure
that was interrupted begins again and goes on with what is left.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache, partial

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import begin_writing
from bot.services.personal_data.erasure import own_rows, redrawing, shell, tickets
from bot.services.personal_data.erasure.erased import Step, read_erased
from bot.services.personal_data.erasure.names import rewriting_steps


@dataclass(frozen=True)
class Cursor:
    """How far an erasure is."""

    step: int = 0
    after: int = 0
    """The last row of the step's that was done."""


START = Cursor()
Portion = Callable[[UnitOfWork], Cursor | None]
Names = Collection[str]


@cache
def steps() -> Sequence[Step]:
    """What is done, in order."""
    return (
        tickets.forget_own,
        tickets.release_held,
        tickets.drop_from_agreements,
        *rewriting_steps(),
        shell.take_name,
        redrawing.redraw_tickets,
        redrawing.redraw_outages,
        own_rows.remove_messages,
        own_rows.delete_deliveries,
        own_rows.delete_rows,
        shell.empty_row,
    )


def erase_person(
    uow: UnitOfWork, person_id: int, at: Cursor = START, former_names: Names = ()
) -> Cursor | None:
    """Do the next portion. Returns where to go on; `None` once the person is erased."""
    begin_writing(uow.session)
    erased = read_erased(uow.session, person_id, former_names)
    if erased.person.erased_at is not None:
        return None
    step = steps()[at.step]
    if step is shell.empty_row and shell.has_begun_anew(uow, erased):
        return START
    after = step(uow, erased, at.after)
    if after is not None:
        return Cursor(at.step, after)
    return Cursor(at.step + 1) if at.step + 1 < len(steps()) else None


def erase_wholly(transact: Callable[[Portion], Cursor | None], person_id: int, names: Names = ()) -> None:
    """Do all portions. `transact` runs one in a transaction of its own."""
    at: Cursor | None = START
    while at is not None:
        at = transact(partial(erase_person, person_id=person_id, at=at, former_names=names))
