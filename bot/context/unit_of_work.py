"""What a use case is given: its transaction, who acts in it, when, and which settings apply."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from sqlalchemy.orm import Session

from bot.context.actor import Actor
from bot.context.settings import UseCaseSettings
from models.audit.entry import Deed
from models.person import Person


@dataclass(frozen=True)
class UnitOfWork:
    """One transaction: session, actor, settings, now, surface, and the living messages it has queued.

    Made anew at each attempt; arguments of use cases hold no rows. A use case never commits.
    """

    session: Session
    now: datetime
    by: Actor | None = None
    """Who acts; `None` for the help desk's own jobs."""
    settings: UseCaseSettings = UseCaseSettings()  # noqa: RUF009 (frozen)
    surface: str = ""
    """Where the actor acted, as the history keeps it: `form`, `triage`, `message`, `detail`, `thread`, …"""
    queued: set[object] = field(default_factory=set)
    """The living messages that this transaction has queued: one of each is enough."""
    readings: set[tuple[Deed, int | None]] = field(default_factory=set)
    """What the actor is shown of other people's tickets (`bot.services.audit.reading`): what they do, and the
    ticket's number."""

    @property
    def actor(self) -> Actor:
        """The actor. The help desk's own jobs have none."""
        assert self.by is not None
        return self.by

    @property
    def person(self) -> Person:
        """The actor's row."""
        return self.session.get_one(Person, self.actor.id)

    def at(self, surface: str) -> Self:
        """The same transaction, acted in from another surface."""
        return replace(self, surface=surface)
