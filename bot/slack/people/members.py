"""Members of the teams' channels, cached for a minute."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from slack_sdk import WebClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.context.actor import Actor
from bot.db.session import Sessions, transact
from bot.services.membership import add_member, remove_member, team_channels, teams_on_record
from bot.slack.client import CREDENTIALS, SCOPE_MISSING, UNANSWERED, AccessRefused, error_code
from bot.slack.people.channels import Channels, next_cursor
from models.errors import SlackUnavailable
from models.outbox.reasons import CHANNEL_GONE
from models.person import ChannelMember, ChannelReading, Person

MEMBERSHIP_LIFE = timedelta(seconds=60)


class Members:
    """Raises `SlackUnavailable` when Slack does not answer, and `AccessRefused` when it refuses."""

    def __init__(
        self, sessions: Sessions, client: WebClient, clock: Callable[[], datetime], channels: Channels
    ) -> None:
        self._sessions, self._client, self._clock = sessions, client, clock
        self._channels = channels

    def teams(self, actor: Actor) -> frozenset[str]:
        """All teams that they are in."""
        with self._sessions() as session:
            read_at = session.get_one(Person, actor.id).channels_read_at
            teams = teams_on_record(session, actor.slack_id)
        return teams if self.is_fresh(read_at) else self._read_teams(actor)

    def has(self, channel: str, slack_id: str) -> bool:
        """Whether they are in the channel."""
        with self._sessions() as session:
            reading = session.get(ChannelReading, channel)
            member = session.get(ChannelMember, (channel, slack_id))
        if reading is not None and self.is_fresh(reading.read_at):
            return member is not None
        return slack_id in self._read(channel)

    def joined(self, channel: str, slack_id: str) -> None:
        """Handle `member_joined_channel`."""

        def add(session: Session) -> None:
            if session.get(ChannelReading, channel) or channel in team_channels(session).values():
                add_member(session, channel, slack_id)

        transact(self._sessions, add)

    def left(self, channel: str, slack_id: str) -> None:
        """Handle `member_left_channel`."""
        with self._sessions.begin() as session:
            remove_member(session, channel, slack_id)

    def is_fresh(self, read_at: datetime | None) -> bool:
        """Whether what was read then still counts."""
        return read_at is not None and self._clock() - read_at <= MEMBERSHIP_LIFE

    def _read_teams(self, actor: Actor) -> frozenset[str]:
        """Read the teams whose channel they are in, with one call."""
        try:
            channels = self._channels.of_person(actor.slack_id)
        except UNANSWERED as error:
            raise unanswered("users.conversations", error) from None

        def write(session: Session) -> frozenset[str]:
            for channel in set(team_channels(session).values()):
                if channel in channels:
                    add_member(session, channel, actor.slack_id)
                else:
                    remove_member(session, channel, actor.slack_id)
            session.get_one(Person, actor.id).channels_read_at = self._clock()
            session.flush()
            return teams_on_record(session, actor.slack_id)

        return transact(self._sessions, write)

    def _read(self, channel: str) -> set[str]:
        try:
            members = set(self._members(channel))
        except UNANSWERED as error:
            if error_code(error) not in CHANNEL_GONE:
                raise unanswered("conversations.members", error) from None
            moved_to = self.find_again(channel)
            # The members of a channel that the bot cannot see are unknown.
            return self._read(moved_to) if moved_to else set()

        def write(session: Session) -> None:
            session.execute(delete(ChannelMember).where(ChannelMember.channel == channel))
            session.merge(ChannelReading(channel=channel, read_at=self._clock()))
            session.flush()
            session.add_all(ChannelMember(channel=channel, slack_id=member) for member in members)

        transact(self._sessions, write)
        return members

    def find_again(self, channel: str) -> str | None:
        """The new id of a team's channel, if it has another."""
        try:
            return self._channels.find_again(channel)
        except UNANSWERED as error:
            raise unanswered("users.conversations", error) from None

    def _members(self, channel: str) -> Iterator[str]:
        cursor = ""
        while True:
            page = self._client.conversations_members(channel=channel, limit=200, cursor=cursor)
            yield from page["members"]
            cursor = next_cursor(page)
            if not cursor:
                return


def unanswered(method: str, error: Exception) -> Exception:
    """The error for a call that Slack refused or did not answer."""
    code = error_code(error)
    return AccessRefused(method, code) if code in CREDENTIALS | SCOPE_MISSING else SlackUnavailable()
