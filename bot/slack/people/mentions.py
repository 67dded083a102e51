"""Names for the ids in a message: people, user groups and channels.

People become rows, like everybody who uses the help desk; names of groups and channels are cached by each
process. An id without a name is replaced by a generic term in the reader's language.
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
from bot.db.refusals import refusal
from bot.db.session import Sessions
from bot.slack import budget
from bot.slack.client import UNANSWERED, error_code
from bot.slack.unanswered import explain
from models.catalogue import Team
from models.errors import HelpDeskError
from models.person import Person

THREADS = 5
LOOKUPS_MAX = 20  # for one message, whose author waits
CACHE_LIFE = timedelta(hours=1)
REFUSED = {"missing_scope", "not_allowed_token_type", "channel_not_found", "unknown_method"}

logger = logging.getLogger(__name__)


class Mentions:
    """Names of ids. `read_person` reads a person from Slack, and saves them."""

    def __init__(
        self,
        sessions: Sessions,
        client: WebClient,
        clock: Callable[[], datetime],
        read_person: Callable[[str], object],
        answer: float,
    ) -> None:
        """`answer`: seconds of a payload's time budget to leave for its response."""
        self._sessions, self._client, self._clock, self._read_person = sessions, client, clock, read_person
        self._answer = answer
        self._groups: dict[str, str] = {}
        self._groups_read_at: datetime | None = None
        self._channel_names: dict[str, tuple[datetime, str]] = {}

    def names(self, wanted: Mentioned, _: Translator) -> Names:
        """The names of these ids. Unknown ones are looked up in Slack in parallel."""
        people, channels = self._people(wanted.people), self._channels(wanted.channels)
        jobs: list[Callable[[], object]] = [
            partial(self._read_person, each) for each in sorted(wanted.people - people.keys())
        ]
        jobs += [partial(self._read_channel, each) for each in sorted(wanted.channels - channels.keys())]
        if wanted.groups and self._is_old(self._groups_read_at):
            jobs.insert(0, self._read_groups)
        if jobs:
            # The payload's time budget and identity are context variables, which threads do not inherit.
            with budget.reserve(self._answer), ThreadPoolExecutor(THREADS) as pool:
                lookups = [
                    pool.submit(copy_context().run, _run_logging_errors, job) for job in jobs[:LOOKUPS_MAX]
                ]
                for each in lookups:
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
        """Names of the teams' channels from the catalogue, of others from the cache; "" if Slack refused
        one."""
        if not channels:
            return {}
        cached = {each: name for each, (at, name) in self._channel_names.items() if not self._is_old(at)}
        with self._sessions() as session:
            rows = session.execute(select(Team.channel_id, Team.channel).where(Team.channel_id.in_(channels)))
            named = {str(channel_id): channel.removeprefix("#") for channel_id, channel in rows}
        return {each: {**cached, **named}[each] for each in channels if each in cached or each in named}

    def _read_channel(self, channel: str) -> None:
        try:
            name = str(self._client.conversations_info(channel=channel)["channel"].get("name") or "")
        except UNANSWERED as error:
            if error_code(error) not in REFUSED:
                raise
            name = ""
        self._channel_names[channel] = (self._clock(), name)

    def _read_groups(self) -> None:
        """Read the handles of all groups; without the optional scope `usergroups:read` there are none."""
        try:
            groups = self._client.usergroups_list(include_disabled=True)["usergroups"]
        except UNANSWERED as error:
            if error_code(error) not in REFUSED:
                raise
            groups = []
        self._groups = {each["id"]: each["handle"] for each in groups if each.get("handle")}
        self._groups_read_at = self._clock()

    def _is_old(self, read_at: datetime | None) -> bool:
        return read_at is None or self._clock() - read_at > CACHE_LIFE


def _run_logging_errors(job: Callable[[], object]) -> None:
    """Run a look-up. A name that cannot be read must not fail the message."""
    try:
        job()
    except (*UNANSWERED, HelpDeskError, SQLAlchemyError) as error:
        why = refusal(error) if isinstance(error, SQLAlchemyError) else explain(error)
        logger.warning("a name could not be read: %s", why)
