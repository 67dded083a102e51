"""What is remembered of a person's App Home: that they opened it, and where they left it."""

from bot.context.unit_of_work import UnitOfWork


def keep_place(uow: UnitOfWork, place: str) -> None:
    """Remember that the actor's Home was drawn now, at this place (as its `private_metadata` says it)."""
    person = uow.person
    person.home_opened_at, person.home_place = uow.now, place


def kept_place(uow: UnitOfWork) -> str | None:
    """Where the actor left their Home."""
    return uow.person.home_place
