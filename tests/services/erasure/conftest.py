"""The people of these tests, and their erasure."""

from collections.abc import Callable

import pytest

from bot.context.actor import Actor
from bot.services.personal_data.erasing import START, Cursor, erase_person, erase_wholly
from models.person import Person
from tests.support.use_case_desk import NOW, SmallDesk

Erase = Callable[..., None]


@pytest.fixture
def camille(small_desk: SmallDesk) -> Actor:
    return small_desk.actor("camille")


@pytest.fixture
def karim(small_desk: SmallDesk) -> Actor:
    """A technician."""
    return small_desk.actor("karim", "assistance")


@pytest.fixture
def erase(small_desk: SmallDesk) -> Erase:
    """Erase somebody, a portion in each transaction; with `portions` only so many."""

    def erase(actor: Actor, portions: int | None = None, names: tuple[str, ...] = ()) -> None:
        if portions is None:
            erase_wholly(lambda portion: small_desk.do(portion, now=NOW), actor.id, names)
            return
        at: Cursor | None = START
        for _portion in range(portions):
            assert at is not None
            here = at
            at = small_desk.do(lambda uow, here=here: erase_person(uow, actor.id, here, names), now=NOW)

    return erase


def person(desk: SmallDesk, actor: Actor) -> Person:
    with desk.sessions() as session:
        return session.get_one(Person, actor.id)
