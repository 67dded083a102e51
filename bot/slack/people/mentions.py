"""What the ids in people's words are called: asked of Slack once, all at a time, and remembered.

A person becomes a row, as everybody whom the help desk meets; groups and channels are kept for a while by
each process. Who cannot be named is none the less passed on, by a word of the reader's language.
"""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime, timedelta
from functools import partial

from slack_sdk import WebClient
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from blocks.i18n import Translator
from blocks.kit.mrkdwn import Mentioned, Names
from bot.db.session import Sessions
from bot.slack import budget
from bot.slack.client import UNANSWERED, error_code
from models.catalogue import Team
from models.errors import HelpDeskError
from models.person import Person

AT_ONCE = 5
ASKED_MAX = 20  # for one message: who writes waits for it
LIFE = timedelta(hours=1)
REFUSED = {"missing_scope", "not_allowed_token_type", "channel_not_found", "unknown_method"}

logger = logging.getLogger(__name__)


class Mentions:
    """The names behind ids. `meet` asks Slack who somebody is, and keeps it."""

    def __init__(
        self,
        sessions: Sessions,
        client: WebClient,
        clock: Callable[[], datetime],
        meet: Callable[[str], object],
        answer: float,
    ) -> None:
        """`answer`: seconds of a payload's time that are left for its answer."""
        self._sessions, self._client, self._clock, self._meet = sessions, client, clock, meet
        self._answer = answer
        self._groups: dict[str, str] = {}
        self._groups_read_at: datetime | None = None
        self._channel_names: dict[str, tuple[datetime, str]] = {}

    def names(self, wanted: Mentioned, _: Translator) -> Names:
        """What these are called. Slack is asked of those that are not known, all at once."""
        people, channels = self._people(wanted.people), self._channels(wanted.channels)
        jobs: list[Callable[[], object]] = [
            partial(self._meet, each) for each in sorted(wanted.people - people.keys())
        ]
        jobs += [partial(self._read_channel, each) for each in sorted(wanted.channels - channels.keys())]
        if wanted.groups and self._is_old(self._groups_read_at):
            jobs.insert(0, self._read_groups)
        if jobs:
            # What a payload has left of its time, and says of itself, is known in its own thread only.
            with budget.keep(self._answer), ThreadPoolExecutor(AT_ONCE) as pool:
                asked = [pool.submit(copy_context().run, _quietly, job) for job in jobs[:ASKED_MAX]]
                for each in asked:
                    each.result()
            people, channels = self._people(wanted.people), self._channels(wanted.channels)
        return Names(people, dict(self._groups), channels, _("someone"), _("group"), _("private channel"))

    def _people(self, slack_ids: Iterable[str]) -> dict[str, str]:
        if not slack_ids:
            return {}
        with self._sessions() as session:
            rows = session.execute(select(Person.slack_id, Person.name).where(Person.slack_id.in_(slack_ids)))
            return {row.slack_id: row.name for row in rows}

    def _channels(self, channels: Iterable[str]) -> dict[str, str]:
        """The teams' channels by the catalogue; others as Slack said lately, "" when it would not."""
        if not channels:
            return {}
        lately = {each: name for each, (at, name) in self._channel_names.items() if not self._is_old(at)}
        with self._sessions() as session:
            rows = session.execute(select(Team.channel_id, Team.channel).where(Team.channel_id.in_(channels)))
            named = {str(channel_id): channel.removeprefix("#") for channel_id, channel in rows}
        return {each: {**lately, **named}[each] for each in channels if each in lately or each in named}

    def _read_channel(self, channel: str) -> None:
        try:
            name = str(self._client.conversations_info(channel=channel)["channel"].get("name") or "")
        except UNANSWERED as error:
            if error_code(error) not in REFUSED:
                raise
            name = ""
        self._channel_names[channel] = (self._clock(), name)

    def _read_groups(self) -> None:
        """The handles of all groups. Without the optional scope `usergroups:read` there are none."""
        try:
            found = self._client.usergroups_list(include_disabled=True)["usergroups"]
        except UNANSWERED as error:
            if error_code(error) not in REFUSED:
                raise
            found = []
        self._groups = {each["id"]: each["handle"] for each in found if each.get("handle")}
        self._groups_read_at = self._clock()

    def _is_old(self, read_at: datetime | None) -> bool:
        return read_at is None or self._clock() - read_at > LIFE


def _quietly(job: Callable[[], object]) -> None:
    """Do it; a name that is not to be had now is no reason to refuse somebody's words."""
    try:
        job()
    except (*UNANSWERED, HelpDeskError, SQLAlchemyError) as error:
        logger.warning("a name was not found: %s", type(error).__name__)
