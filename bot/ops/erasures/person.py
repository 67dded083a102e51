"""Whom `guichet person erase` is told of, and why it refuses."""

import re
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.ops.erasures.file import PERSON, ErasuresFile
from bot.settings import SettingsError
from models.lifecycle import Status
from models.person import NOBODY, Person
from models.personal_data.shell import is_shell
from models.tickets.ticket import Ticket

_NUMBER = re.compile(r"[0-9]{1,9}")


def find(session: Session, wanted: str, file: ErasuresFile) -> Person:
    """The person with this Slack id, e-mail address or number. Raises `SettingsError` unless there is
    exactly one, who can be erased."""
    wanted = wanted.strip()
    found = _matching(session, wanted)
    if len(found) > 1:
        ids = ", ".join(each.slack_id for each in found)
        raise SettingsError(f"{wanted}: several people have this address: give the Slack member ID: {ids}")
    if not found:
        raise SettingsError(_unknown(session, wanted, file))
    person = found[0]
    if person.erased_at is not None:
        raise SettingsError(f"{wanted}: was erased on {person.erased_at:%d %B %Y}")
    if person.is_bot or person.is_workflow or person.slack_id == NOBODY:
        raise SettingsError(f"{wanted}: is the account of an app, not a person's")
    return person


def _matching(session: Session, wanted: str) -> Sequence[Person]:
    if _NUMBER.fullmatch(wanted):
        is_it = Person.id == int(wanted)
    elif "@" in wanted:
        is_it = func.lower(Person.email) == wanted.lower()
    else:
        is_it = Person.slack_id == wanted.upper() if not is_shell(wanted) else Person.slack_id == wanted
    return session.scalars(select(Person).where(is_it).order_by(Person.id)).all()


def _unknown(session: Session, wanted: str, file: ErasuresFile) -> str:
    """Nobody is found: whether they were erased before."""
    entries, _fingerprint = file.read()
    teams = session.scalars(select(Person.team_id).where(Person.team_id != "").distinct()).all()
    digests = {file.digest(wanted.upper(), team) for team in teams}
    dates = [each.at for each in entries if each.kind == PERSON and each.digest in digests]
    if dates:
        return f"{wanted}: was erased on {max(dates):%d %B %Y}, and has not used Guichet since"
    return f"{wanted}: Guichet knows nobody with this Slack member ID, e-mail address or number"


def open_tickets(session: Session, person: Person) -> Sequence[int]:
    """The numbers of their open tickets."""
    own = select(Ticket.id).where(Ticket.requester_id == person.id, Ticket.status != Status.CLOSED)
    return session.scalars(own.order_by(Ticket.id)).all()
