"""What Slack says of people, kept in the database for a day."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.context.actor import person_by_slack_id
from bot.db.session import Sessions, transact
from bot.slack.client import CREDENTIALS, NOBODY, SCOPE_MISSING, UNANSWERED, AccessRefused, error_code
from bot.slack.identity import Identity, Installation
from models.characters import is_blank
from models.errors import ReadByNobody, SlackUnavailable
from models.person import Person

PROFILE_LIFE = timedelta(hours=24)
# As much as the columns hold.
NAME_MAX, EMAIL_MAX, ZONE_MAX = 255, 320, 64
SLACKBOT = "USLACKBOT"  # says of itself that it is no bot
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served:
    """Whom the help desk serves, and how it speaks to those whose profile does not say."""

    locale: str = "fr"
    time_zone: str = "Europe/Paris"
    organisation: bool = False
    """All workspaces of the Enterprise Grid, and not only ours."""


class Profiles:
    """People, as Slack last said."""

    def __init__(
        self, sessions: Sessions, client: WebClient, clock: Callable[[], datetime], identity: Identity
    ) -> None:
        self._sessions, self._client, self._clock = sessions, client, clock
        self._identity = identity
        self.served = Served()

    def person(self, slack_id: str) -> Person:
        """Who this is, as read at most `PROFILE_LIFE` ago. Yesterday's profile serves while Slack fails.

        Raises `ReadByNobody` when there is no such account, `SlackUnavailable` when Slack does not say who an
        unknown one is, and `AccessRefused` when it will not.
        """
        with self._sessions() as session:
            known = person_by_slack_id(session, slack_id)
        # Who was deactivated and acts, or is chosen again, may have come back.
        if known is None or known.is_deactivated or self.is_old(known):
            return self._read(slack_id, known)
        return known

    def is_old(self, person: Person) -> bool:
        """Whether it is time to ask again."""
        return self._clock() - person.profile_read_at > PROFILE_LIFE

    def changed(self, user: Mapping[str, Any]) -> None:
        """Slack said that a profile changed: one look-up, and a write for somebody known of whom something
        that we keep is new."""
        with self._sessions() as session:
            person = person_by_slack_id(session, user["id"])
        if person is None:
            return
        said = _facts(user, person)
        if any(getattr(person, name) != value for name, value in said.items()):
            transact(self._sessions, lambda session: self._note(session, user))

    def _note(self, session: Session, user: Mapping[str, Any]) -> None:
        person = person_by_slack_id(session, user["id"])
        assert person is not None
        for name, value in _facts(user, person).items():
            setattr(person, name, value)

    def _read(self, slack_id: str, known: Person | None) -> Person:
        try:
            user = self._client.users_info(user=slack_id, include_locale=True)["user"]
            where = self._identity.installation()
        except UNANSWERED as error:
            return self._unread(error, known)
        return transact(self._sessions, lambda session: self._write(session, user, where))

    def _unread(self, error: Exception, known: Person | None) -> Person:
        code = error_code(error)
        if code in NOBODY and known is None:
            raise ReadByNobody from None
        if code in NOBODY and known is not None:
            logger.info("an account is there no longer: %s", code)
            return transact(self._sessions, lambda session: _deactivate(session, known.id, self._clock()))
        if known is not None:
            return known
        if code in CREDENTIALS | SCOPE_MISSING:
            raise AccessRefused("users.info", code) from None
        raise SlackUnavailable from None

    def _write(self, session: Session, user: Mapping[str, Any], where: Installation) -> Person:
        person = person_by_slack_id(session, user["id"]) or Person(slack_id=user["id"])
        person.team_id = user.get("team_id") or where.team_id
        for name, value in _facts(user, person).items():
            setattr(person, name, value)
        person.name = person.name or user["id"]
        person.locale = user.get("locale") or person.locale or self.served.locale
        person.time_zone = person.time_zone or self.served.time_zone
        person.is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
        person.is_bot = bool(user.get("is_bot")) or user["id"] == SLACKBOT
        person.is_workflow = bool(user.get("is_workflow_bot"))
        person.is_stranger = not self._serves(user, person, where)
        person.profile_read_at = self._clock()
        session.add(person)
        return person

    def _serves(self, user: Mapping[str, Any], person: Person, where: Installation) -> bool:
        """A colleague of the Enterprise Grid has another workspace's `team_id`, or the organisation's; which
        workspaces they are in stands in `enterprise_user.teams` (docs.slack.dev, "User object")."""
        of_grid = user.get("enterprise_user") or {}
        if where.team_id in (of_grid.get("teams") or ()):
            return True
        # An organisation's app may be told of no workspace of its own: then all are.
        organisation = self.served.organisation or where.team_id == where.enterprise_id
        if organisation and where.enterprise_id and of_grid.get("enterprise_id") == where.enterprise_id:
            return True
        return person.team_id == where.team_id and not user.get("is_stranger")


def _facts(user: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """What a user object says that changes, by the names of our columns. Of an account that was deactivated
    it leaves out much, which then stays as it was."""
    profile = user.get("profile") or {}
    deleted = bool(user.get("deleted"))
    address = profile.get("email") or (person.email if deleted else None)
    names = (profile.get("real_name"), user.get("real_name"), person.name, user.get("name"))
    return {
        "name": next((name[:NAME_MAX] for name in names if name and not is_blank(name)), None),
        "email": address if address and len(address) <= EMAIL_MAX else None,
        "time_zone": (user.get("tz") or person.time_zone or "")[:ZONE_MAX] or None,
        "is_deactivated": deleted,
    }


def _deactivate(session: Session, person_id: int, now: datetime) -> Person:
    person = session.get_one(Person, person_id)
    person.is_deactivated = True
    person.profile_read_at = now
    return person
