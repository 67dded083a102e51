"""Whom only Slack knows to be an approver: the members of a user group or a channel, and managers."""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.context.actor import person_by_slack_id
from bot.db.session import Sessions, transact
from bot.services.approvals.managers import known_manager
from bot.slack.client import FOR_GOOD, SCOPE_MISSING, UNANSWERED, error_code
from bot.slack.people.channels import bot_channels, conversation, next_cursor
from bot.slack.people.profiles import Profiles
from models.approval_rule import Approvers, Source
from models.catalogue import ChannelProblem
from models.errors import AccountUnattended
from models.outbox.reasons import CHANNEL_GONE

MOST = 50
"""So many members of a group or a channel are asked; the agreement of more than that means nothing."""
REFUSED = FOR_GOOD | SCOPE_MISSING | CHANNEL_GONE | {"no_such_subteam", "plan_upgrade_required"}
"""The codes with which nobody is found, until somebody changes the catalogue, Slack or the app's scopes."""
PAGE = 200
_USER = re.compile(r"[UW][A-Z0-9]{2,}")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """Whom Slack names, in its order, each once; each has a row."""

    slack_ids: Sequence[str]
    is_complete: bool = True
    """Whoever is not among them is not a member: Slack refused nothing, and no more than `MOST` are."""


def read_channel(client: WebClient, name: str) -> str | None:
    """The id of a private channel of one workspace that the bot is in, by its id or its name with “#”; `None`
    for others. Whoever wants to may join a public one."""
    for channel in bot_channels(client):
        seen = conversation(channel)
        if name in {seen.id, f"#{seen.name}"}:
            is_open = seen.problem in {ChannelProblem.PUBLIC, ChannelProblem.SHARED}
            return None if is_open else seen.id
    return None


class ApproverReader:
    """Reads approvers from Slack, for the worker."""

    def __init__(
        self, sessions: Sessions, client: WebClient, clock: Callable[[], datetime], profiles: Profiles
    ) -> None:
        self._sessions, self._client, self._clock, self._profiles = sessions, client, clock, profiles

    def find(self, who: Approvers, *, requester: str, keep: Callable[[], None] = lambda: None) -> Found:
        """They, bots and unfit people among them, with profiles of the last day. At most `MOST`.
        `requester`: whose manager is asked. `keep` is called before each person is read.

        Raises one of `UNANSWERED`, and what `Profiles.person` raises. Whom Slack refuses is nobody.
        """
        try:
            found = list(islice(dict.fromkeys(self._ids(who, requester)), MOST + 1))
        except UNANSWERED as error:
            if (code := error_code(error)) not in REFUSED:
                raise
            logger.warning("approvers could not be read: %s %s: %s", who.source, ",".join(who.names), code)
            return Found((), is_complete=False)
        if len(found) > MOST:
            named = ",".join(who.names)
            logger.warning("%s %s has more than %d members: only %d are asked", who.source, named, MOST, MOST)
        known = [each for each in found[:MOST] if self._is_known(each, keep)]
        return Found(known, is_complete=len(found) <= MOST)

    def _ids(self, who: Approvers, requester: str) -> Iterator[str]:
        match who.source:
            case Source.PEOPLE:
                yield from who.names
            case Source.GROUP:
                yield from self._client.usergroups_users_list(usergroup=who.names[0])["users"]
            case Source.CHANNEL:
                yield from self._members(who.names[0])
            case Source.MANAGER:
                yield from self._manager(requester)

    def _members(self, name: str) -> Iterator[str]:
        channel = read_channel(self._client, name)
        if channel is None:
            logger.warning("approvers could not be read: the bot is in no private channel %s", name)
            return
        cursor = ""
        while True:
            page = self._client.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
            yield from page["members"]
            if not (cursor := next_cursor(page)):
                return

    def _manager(self, requester: str) -> Iterator[str]:
        """As the requester's profile named them within the last day, or names them now."""
        with self._sessions() as session:
            person = person_by_slack_id(session, requester)
            known = known_manager(session, person, self._clock()) if person else None
        if known is not None:
            yield known.slack_id
        elif (found := self._in_profile(requester)) and self._is_known(found):
            transact(self._sessions, lambda session: self._save_manager(session, requester, found))
            yield found

    def _in_profile(self, requester: str) -> str | None:
        field = self._profiles.defaults.manager_field
        if field is None:
            logger.warning("no manager is known: MANAGER_FIELD is not set")
            return None
        fields = self._client.users_profile_get(user=requester)["profile"].get("fields") or {}
        value = _USER.search(str((fields.get(field) or {}).get("value") or ""))
        return value.group() if value else None

    def _save_manager(self, session: Session, requester: str, manager: str) -> None:
        person, found = person_by_slack_id(session, requester), person_by_slack_id(session, manager)
        if person is not None and found is not None:
            person.manager_id, person.manager_read_at = found.id, self._clock()

    def _is_known(self, slack_id: str, keep: Callable[[], None] = lambda: None) -> bool:
        """Whether there is such an account, which then has a row."""
        keep()
        try:
            self._profiles.person(slack_id)
        except AccountUnattended:
            return False
        return True
