"""What a renderer is given: the session, the delivery, and the rows that it names."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session, joinedload

from blocks.i18n import Translator, translator
from bot.delivery.rendering.rendered import Rendered
from models.catalogue import Team
from models.outbox.delivery import Delivery
from models.person import Person
from models.tickets.event import Event
from models.tickets.ticket import Ticket

# With the ticket, whatever is drawn of it: one statement instead of six.
_DRAWN = tuple(
    joinedload(each)
    for each in (Ticket.requester, Ticket.assignee, Ticket.team, Ticket.site, Ticket.service, Ticket.outage)
)


@dataclass(frozen=True)
class RenderContext:
    """The rows of one delivery, read when they are asked for."""

    session: Session
    delivery: Delivery
    locale: str
    """The teams' language; people are written to in their own."""
    escalate: str | None = None
    """Whom an urgent ticket that nobody takes mentions: `here`, or the id of a user group."""

    @cached_property
    def ticket(self) -> Ticket:
        return self.session.get_one(Ticket, self.delivery.ticket_id, options=_DRAWN)

    @cached_property
    def event(self) -> Event:
        return self.session.get_one(Event, self.delivery.event_id)

    @cached_property
    def person(self) -> Person:
        return self.session.get_one(Person, self.delivery.person_id)

    @cached_property
    def team(self) -> Team:
        return self.session.get_one(Team, self.delivery.team_id)

    @property
    def is_personal(self) -> bool:
        """Whether it is for one person, not for a team."""
        return self.delivery.person_id is not None

    @property
    def translator(self) -> Translator:
        return translator(self.person.locale if self.is_personal else self.locale)

    @property
    def is_handed_over(self) -> bool:
        """Whether another team has the ticket than the one that the delivery is for."""
        return self.ticket.team_id != self.delivery.team_id


Renderer = Callable[[RenderContext], Rendered]
