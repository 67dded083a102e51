"""Who is erased, and what stands in their place."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.services.membership import teams_on_record
from models.base import LocalizedText
from models.lifecycle import TRANSITIONS, Role
from models.person import Person
from models.personal_data.shell import SOMEBODY, TECHNICIAN, is_neutral, shell_id
from models.tickets.event import Event
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

_OF_TECHNICIANS = [action for action, line in TRANSITIONS.items() if line.roles == {Role.TECHNICIAN}]


@dataclass(frozen=True)
class Erased:
    """A person who is being erased, read anew in each transaction."""

    person: Person
    is_technician: bool
    former_names: Collection[str] = ()
    """Names that they had before: what Guichet wrote then has them."""

    @property
    def names(self) -> Collection[str]:
        """The names to look for, the longest first."""
        known = {self.person.name, *self.former_names}
        return sorted((each for each in known if each and not is_neutral(each)), key=len, reverse=True)

    @property
    def neutral(self) -> LocalizedText:
        """What is shown instead of a name."""
        return TECHNICIAN if self.is_technician else SOMEBODY

    @property
    def shell_id(self) -> str:
        """What stands in place of their Slack id."""
        return shell_id(self.person.id, is_technician=self.is_technician)


Step = Callable[[UnitOfWork, Erased, int], int | None]
"""Does a portion after the row `int` (0: from the beginning). Returns after which row to go on; `None` when
none is left."""


def read_erased(session: Session, person_id: int, former_names: Collection[str] = ()) -> Erased:
    """The person as they are now."""
    person = session.get_one(Person, person_id, populate_existing=True)
    return Erased(person, _is_technician(session, person), former_names)


def _is_technician(session: Session, person: Person) -> bool:
    """Whether they are a technician now, or did what only technicians do."""
    if teams_on_record(session, person.slack_id):
        return True
    did = exists().where(Event.actor_id == person.id, Event.action.in_(_OF_TECHNICIANS))
    had = exists().where(Ticket.assignee_id == person.id)
    of_outages = [Outage.declared_by_id, Outage.resolved_by_id, Outage.updated_by_id]
    told = exists().where(or_(*(column == person.id for column in of_outages)))
    return bool(session.scalar(select(or_(did, had, told))))
