"""What Slack says of the teams' channels: which they are, and whether they are fit for tickets."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.db.session import Sessions, transact
from bot.services import channels
from bot.services.channels import Conversation
from bot.slack.client import UNANSWERED, error_code
from models.catalogue import ChannelProblem, Team
from models.outbox.reasons import CHANNEL_GONE

PAGE = 999  # the most that Slack allows (docs.slack.dev, "users.conversations")
REST = timedelta(minutes=1)
KINDS = "private_channel,public_channel"


class Channels:
    """The channels that the bot is in. Raises what an unanswered call raises (`UNANSWERED`)."""

    def __init__(self, sessions: Sessions, client: WebClient, clock: Callable[[], datetime]) -> None:
        self._sessions, self._client, self._clock = sessions, client, clock
        self._sought: dict[str, datetime] = {}
        self._sought_lock = Lock()

    def read_all(self) -> list[str]:
        """Read them all. Returns the channels of the catalogue, as it names them, that the bot is not in."""
        seen = [conversation(channel) for channel in bot_channels(self._client)]
        now = self._clock()
        return transact(
            self._sessions,
            lambda session: [team.channel for team in channels.note_all(session, seen, now=now)],
        )

    def read(self, channel: str) -> None:
        """Read one; all of them when Slack knows none under this id, or when it has the name of a team's that
        is another."""
        try:
            said = self._client.conversations_info(channel=channel)["channel"]
        except UNANSWERED as error:
            if error_code(error) not in CHANNEL_GONE:
                raise
            self.read_all()
            return
        if said.get("is_member") and not said.get("is_archived"):
            seen, now = conversation(said), self._clock()
            with self._sessions() as session:
                takes_a_name = channels.takes_a_name(session, seen)
            if takes_a_name:
                self.read_all()
            else:
                transact(self._sessions, lambda session: channels.note(session, seen, now=now))

    def find_again(self, channel: str) -> str | None:
        """The other id of a team's channel that Slack refused, once all were read again; `None` when there
        is none. What is not found is not looked for again for a minute."""
        with self._sessions() as session:
            team = channels.team_in(session, channel)
        if team is None or not self._may_seek(channel):
            return None
        self.read_all()
        with self._sessions() as session:
            found = session.get_one(Team, team.id).channel_id
        return None if found == channel else found

    def find(self, team_id: str) -> str | None:
        """The channel of a team for which none was known, once all were read; `None` when it is not there. It
        is not looked for again for a minute."""
        if self._may_seek(f"team:{team_id}"):
            self.read_all()
        with self._sessions() as session:
            return session.get_one(Team, team_id).channel_id

    def _may_seek(self, what: str) -> bool:
        """Whether nobody has looked for it within the last minute; it is looked for from now on."""
        with self._sought_lock:
            now = self._clock()
            idle = now - self._sought.get(what, datetime.min.replace(tzinfo=UTC)) >= REST
            if idle:
                self._sought[what] = now
            return idle

    def of_person(self, slack_id: str) -> set[str]:
        """The channels that somebody is in; of private ones only those that the bot is in too."""
        return {channel["id"] for channel in _pages(self._client, user=slack_id)}


def bot_channels(client: WebClient) -> Iterator[Mapping[str, Any]]:
    """The conversation objects of the channels that the bot is in, archived ones left out."""
    yield from _pages(client)


def _pages(client: WebClient, **arguments: Any) -> Iterator[Mapping[str, Any]]:
    cursor = ""
    while True:
        page = client.users_conversations(
            **arguments, types=KINDS, exclude_archived=True, limit=PAGE, cursor=cursor
        )
        yield from page["channels"]
        cursor = next_cursor(page)
        if not cursor:
            return


def conversation(said: Mapping[str, Any]) -> Conversation:
    """A conversation object (docs.slack.dev, "Conversation object") as we need it."""
    return Conversation(str(said["id"]), str(said.get("name", "")), _problem(said))


def _problem(said: Mapping[str, Any]) -> ChannelProblem | None:
    if not said.get("is_private"):
        return ChannelProblem.PUBLIC
    # Once an invitation is accepted, those who came read what stood there before.
    if said.get("is_ext_shared") or said.get("is_pending_ext_shared"):
        return ChannelProblem.SHARED
    writable = not (said.get("is_read_only") or said.get("is_thread_only") or said.get("is_frozen"))
    return None if writable else ChannelProblem.READ_ONLY


def next_cursor(page: SlackResponse) -> str:
    """Where the next page begins; "" when this one is the last."""
    metadata = page.get("response_metadata") or {}
    return str(metadata.get("next_cursor") or "")
