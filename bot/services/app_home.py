"""What is remembered of a person's App Home: that they opened it, and where they left it."""

from bot.context.unit_of_work import UnitOfWork


def save_home_state(uow: UnitOfWork, place: str) -> None:
    """Remember that the actor's Home was drawn now, at this place (as its `private_metadata` says it)."""
    person = uow.person
    person.home_opened_at, person.home_state = uow.now, place


def saved_home_state(uow: UnitOfWork) -> str | None:
    """Where the actor left their Home."""
    return uow.person.home_state
