"""The saved state of people's App Homes."""

from bot.context.unit_of_work import UnitOfWork


def save_home_state(uow: UnitOfWork, state: str) -> None:
    """Save that the actor's Home was opened now, and its view state (`private_metadata`)."""
    person = uow.person
    person.home_opened_at, person.home_state = uow.now, state


def saved_home_state(uow: UnitOfWork) -> str | None:
    """The view state of the actor's Home when it was last opened."""
    return uow.person.home_state
