"""Reads the teams' channels from Slack: their ids, and whether they are fit for tickets."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.db.session import Sessions, transact
from bot.services import channels
from bot.services.announcements import channels as announcement_channels
from bot.services.channels import Conversation
from bot.slack.client import UNANSWERED, error_code
from models.catalogue import ChannelProblem, Team
from models.outbox.reasons import CHANNEL_GONE

PAGE = 999  # the most that Slack allows (docs.slack.dev, "users.conversations")
SEARCH_EVERY = timedelta(minutes=1)
KINDS = "private_channel,public_channel"


class Channels:
    """The channels that the bot is in. Raises what an unanswered call raises (`UNANSWERED`)."""

    def __init__(self, sessions: Sessions, client: WebClient, clock: Callable[[], datetime]) -> None:
        self._sessions, self._client, self._clock = sessions, client, clock
        self._searched: dict[str, datetime] = {}
        self._searched_lock = Lock()

    def read_all(self) -> list[str]:
        """Read them all. Returns the catalogue's names of the channels that the bot is not in."""
        seen = [conversation(channel) for channel in bot_channels(self._client)]
        now = self._clock()
        return transact(
            self._sessions,
            lambda session: [team.channel for team in channels.note_all(session, seen, now=now)],
        )

    def read(self, channel: str) -> None:
        """Read one; or all of them, when there is none with this id, or another channel has taken the name of
        a team's."""
        try:
            channel_object = self._client.conversations_info(channel=channel)["channel"]
        except UNANSWERED as error:
            if error_code(error) not in CHANNEL_GONE:
                raise
            self.read_all()
            return
        if not channel_object.get("is_member") or channel_object.get("is_archived"):
            transact(self._sessions, lambda session: announcement_channels.note_gone(session, channel))
        else:
            seen, now = conversation(channel_object), self._clock()
            with self._sessions() as session:
                takes_a_name = channels.takes_a_name(session, seen)
            if takes_a_name:
                self.read_all()
            else:
                transact(self._sessions, lambda session: channels.note(session, seen, now=now))

    def find_again(self, channel: str) -> str | None:
        """Read all channels to find the new id of a team's channel that Slack refused; `None` when there is
        none. At most one search a minute for each channel."""
        with self._sessions() as session:
            team = channels.team_in(session, channel)
        if team is None or not self._may_search(channel):
            return None
        self.read_all()
        with self._sessions() as session:
            current = session.get_one(Team, team.id).channel_id
        return None if current == channel else current

    def find(self, team_id: str) -> str | None:
        """Read all channels to find that of a team whose channel is unknown; `None` when the bot is not in
        it. At most one search a minute for each team."""
        if self._may_search(f"team:{team_id}"):
            self.read_all()
        with self._sessions() as session:
            return session.get_one(Team, team_id).channel_id

    def _may_search(self, what: str) -> bool:
        """Whether the last search for it is at least a minute ago; counts as a search."""
        with self._searched_lock:
            now = self._clock()
            idle = now - self._searched.get(what, datetime.min.replace(tzinfo=UTC)) >= SEARCH_EVERY
            if idle:
                self._searched[what] = now
            return idle

    def of_person(self, slack_id: str) -> set[str]:
        """The channels that somebody is in; only those private ones that the bot is in too."""
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


def conversation(channel: Mapping[str, Any]) -> Conversation:
    """A conversation object (docs.slack.dev, "Conversation object") as a `Conversation`."""
    name = str(channel.get("name", ""))
    return Conversation(str(channel["id"]), name, _problem(channel), _problem_of_announcing(channel))


def _problem(channel: Mapping[str, Any]) -> ChannelProblem | None:
    if not channel.get("is_private"):
        return ChannelProblem.PUBLIC
    if _is_shared(channel):
        return ChannelProblem.SHARED
    writable = not (channel.get("is_read_only") or channel.get("is_thread_only") or channel.get("is_frozen"))
    return None if writable else ChannelProblem.READ_ONLY


def _problem_of_announcing(channel: Mapping[str, Any]) -> ChannelProblem | None:
    """Where only some may write the bot may be one of them: a refusal shows it."""
    if _is_shared(channel):
        return ChannelProblem.SHARED
    return ChannelProblem.READ_ONLY if channel.get("is_frozen") else None


def _is_shared(channel: Mapping[str, Any]) -> bool:
    # Those who accept the pending invitation will read the earlier messages.
    return bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))


def next_cursor(page: SlackResponse) -> str:
    """The cursor of the next page; "" for the last page."""
    metadata = page.get("response_metadata") or {}
    return str(metadata.get("next_cursor") or "")
