"""The actor, and their roles."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.errors import AccountNotSupported, AccountUnattended, TechniciansOnly
from models.lifecycle import Role
from models.person import Person
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Actor:
    """The person who acts, for one interaction."""

    id: int
    slack_id: str
    name: str
    locale: str
    time_zone: str
    teams: frozenset[str] = field(default_factory=frozenset)
    """The teams that they are in now; only those that were looked up."""

    def roles(self, ticket: Ticket) -> frozenset[Role]:
        """Their roles for this ticket: none, requester, technician, or both."""
        roles = set()
        if ticket.requester_id == self.id:
            roles.add(Role.REQUESTER)
        if ticket.team_id in self.teams:
            roles.add(Role.TECHNICIAN)
        return frozenset(roles)


def actor_of(person: Person, teams: frozenset[str] = frozenset()) -> Actor:
    """The actor that this row is. Raises `AccountNotSupported` for somebody of another workspace,
    `AccountUnattended` for an account without a person."""
    if person.is_unattended:
        raise AccountUnattended
    if person.is_stranger:
        raise AccountNotSupported
    return Actor(person.id, person.slack_id, person.name, person.locale, person.time_zone, teams)


def in_known_zone(actor: Actor, default: str) -> Actor:
    """The actor, in the time zone `default` when theirs is not in this machine's database."""
    return replace(actor, time_zone=known_zone(actor.time_zone, default))


def known_zone(name: str, default: str) -> str:
    """The time zone with this name, or `default` when it is not in this machine's database."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return default
    return name


# Built once: every request runs it.
_BY_SLACK_ID = select(Person).where(Person.slack_id == bindparam("slack_id"))


def person_by_slack_id(session: Session, slack_id: str) -> Person | None:
    """The person with this Slack id, if they are known."""
    return session.scalars(_BY_SLACK_ID, {"slack_id": slack_id}).one_or_none()


def technician(actor: Actor) -> Actor:
    """The actor, whose teams were looked up. Raises `TechniciansOnly` when they are in none."""
    if not actor.teams:
        raise TechniciansOnly
    return actor
