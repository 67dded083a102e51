"""People's Slack profiles, cached in the database for a day."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from sqlalchemy.orm import Session

from blocks.kit.values import Payload
from bot.context.actor import person_by_slack_id
from bot.db.session import Sessions, transact
from bot.slack.client import CREDENTIALS, NOBODY, SCOPE_MISSING, UNANSWERED, AccessRefused, error_code
from bot.slack.identity import Identity, Installation
from models.characters import is_blank
from models.errors import AccountUnattended, SlackUnavailable
from models.person import Person

PROFILE_LIFE = timedelta(hours=24)
# The lengths of the columns.
NAME_MAX, EMAIL_MAX, ZONE_MAX = 255, 320, 64
SLACKBOT = "USLACKBOT"  # its `is_bot` is false
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class DirectoryDefaults:
    """Whom the help desk serves, the locale and time zone of profiles that have none, the field of the
    manager."""

    locale: str = "fr"
    time_zone: str = "Europe/Paris"
    organisation: bool = False
    """Serve all workspaces of the Enterprise Grid, and not only ours."""
    manager_field: str | None = None
    """The id of the profile field that names a person's manager."""


class Profiles:
    """Reads and caches people's profiles."""

    def __init__(
        self, sessions: Sessions, client: WebClient, clock: Callable[[], datetime], identity: Identity
    ) -> None:
        self._sessions, self._client, self._clock = sessions, client, clock
        self._identity = identity
        self.defaults = DirectoryDefaults()

    def person(self, slack_id: str) -> Person:
        """This person, as read at most `PROFILE_LIFE` ago; while Slack does not answer, as read before.

        Raises, for somebody not known yet, `AccountUnattended` when there is no such account,
        `SlackUnavailable` when Slack does not answer, and `AccessRefused` when it refuses.
        """
        with self._sessions() as session:
            known = person_by_slack_id(session, slack_id)
        # A deactivated account that acts or is chosen again may have been reactivated.
        if known is None or known.is_deactivated or self.is_old(known):
            return self._read(slack_id, known)
        return known

    def is_old(self, person: Person) -> bool:
        """Whether the profile has to be read again."""
        return self._clock() - person.profile_read_at > PROFILE_LIFE

    def changed(self, user: Mapping[str, Any]) -> bool:
        """Handle `user_change`: one query, and a write if a known person's stored data changed.

        Returns whether a deactivated account is active again."""
        with self._sessions() as session:
            person = person_by_slack_id(session, user["id"])
        if person is None:
            return False
        facts = _facts(user, person)
        if any(getattr(person, name) != value for name, value in facts.items()):
            transact(self._sessions, lambda session: self._update(session, user))
        return person.is_deactivated and not facts["is_deactivated"]

    def _update(self, session: Session, user: Mapping[str, Any]) -> None:
        person = person_by_slack_id(session, user["id"])
        assert person is not None
        for name, value in _facts(user, person).items():
            setattr(person, name, value)

    def _read(self, slack_id: str, known: Person | None) -> Person:
        try:
            user = self._client.users_info(user=slack_id, include_locale=True)["user"]
            where = self._identity.installation()
        except UNANSWERED as error:
            return self._handle_unanswered(error, known)
        return transact(self._sessions, lambda session: self._write(session, user, where))

    def _handle_unanswered(self, error: Exception, known: Person | None) -> Person:
        code = error_code(error)
        if code in NOBODY and known is None:
            raise AccountUnattended from None
        if code in NOBODY and known is not None:
            logger.info("an account no longer exists: %s", code)
            return transact(self._sessions, lambda session: _deactivate(session, known.id, self._clock()))
        if known is not None:
            return known
        if code in CREDENTIALS | SCOPE_MISSING:
            raise AccessRefused("users.info", code) from None
        raise SlackUnavailable from None

    def _write(self, session: Session, user: Mapping[str, Any], where: Installation) -> Person:
        person = person_by_slack_id(session, user["id"]) or self._new(user["id"])
        person.team_id = user.get("team_id") or where.team_id
        for name, value in _facts(user, person).items():
            setattr(person, name, value)
        person.name = person.name or user["id"]
        person.locale = user.get("locale") or person.locale or self.defaults.locale
        person.time_zone = person.time_zone or self.defaults.time_zone
        person.is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
        person.is_bot = bool(user.get("is_bot")) or user["id"] == SLACKBOT
        person.is_workflow = bool(user.get("is_workflow_bot"))
        person.is_stranger = not self._serves(user, person, where)
        person.profile_read_at = self._clock()
        session.add(person)
        return person

    def _new(self, slack_id: str) -> Person:
        return Person(slack_id=slack_id, met_at=self._clock())

    def _serves(self, user: Mapping[str, Any], person: Person, where: Installation) -> bool:
        """Whether the help desk serves this person. People of an Enterprise Grid may have the `team_id` of
        another workspace or of the organisation; `enterprise_user.teams` are their workspaces
        (docs.slack.dev, "User object")."""
        of_grid = user.get("enterprise_user") or {}
        if where.team_id in (of_grid.get("teams") or ()):
            return True
        # An app installed for the organisation may have no workspace of its own: then it serves all.
        organisation = self.defaults.organisation or where.team_id == where.enterprise_id
        if organisation and where.enterprise_id and of_grid.get("enterprise_id") == where.enterprise_id:
            return True
        return person.team_id == where.team_id and not user.get("is_stranger")


def _facts(user: Mapping[str, Any], person: Person) -> Payload:
    """The changeable columns of a person from a user object. That of a deactivated account lacks much, which
    stays unchanged."""
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
