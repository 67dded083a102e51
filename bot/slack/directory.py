"""What Slack says of people and channels, kept in the database for a while.

A listener waits for Slack here, briefly: when Slack does not answer, the person is told so.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.context.actor import Actor, actor_of, in_known_zone, person_by_slack_id
from bot.db.session import Sessions, transact
from bot.notifications import requeue
from bot.services.membership import add_member, remove_member, team_channels, teams_on_record
from bot.slack.client import UNANSWERED, error_code
from bot.slack.mentions import Mentions
from models.catalogue import Team
from models.errors import SlackUnavailable
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import Post
from models.outbox.reasons import CHANNEL_GONE
from models.person import ChannelMember, ChannelReading, Person
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

PATIENCE = 0.7  # seconds
PROFILE_LIFE = timedelta(hours=24)
MEMBERSHIP_LIFE = timedelta(seconds=60)


class Directory:
    """People and channels."""

    def __init__(
        self,
        sessions: Sessions,
        client: WebClient,
        clock: Callable[[], datetime],
        *,
        locale: str = "fr",
        time_zone: str = "Europe/Paris",
    ) -> None:
        """`locale` and `time_zone` are for people whose profile has none. A listener's `client` gives up
        after `PATIENCE`."""
        self._sessions = sessions
        self._client = client
        self._clock = clock
        self._locale, self._time_zone = locale, time_zone
        self._workspace: str | None = None
        self.mentions = Mentions(sessions, client, clock, self.actor)

    def actor(self, slack_id: str) -> Actor:
        """Who this is. Raises `NotServed` for strangers and bots, `SlackUnavailable` for somebody unknown
        while Slack does not answer."""
        with self._sessions() as session:
            person = person_by_slack_id(session, slack_id)
        if person is None or self._clock() - person.profile_read_at > PROFILE_LIFE:
            person = self._read_profile(slack_id, person)
        return in_known_zone(actor_of(person), self._time_zone)

    def with_team_of(self, actor: Actor, ticket_id: int) -> Actor:
        """The actor, knowing whether they are in this ticket's team now.

        Where the card had to go to another channel, the members of that one may act as well.
        """
        with self._sessions() as session:
            ticket = session.get(Ticket, ticket_id)
            if ticket is None:
                return actor
            channels = dict.fromkeys([ticket.team.channel_id, _channel_of_card(session, ticket)])
        return self._with_team(actor, ticket.team_id, channels)

    def as_reader(self, actor: Actor, ticket_id: int) -> Actor:
        """The same for reading: somebody's own ticket is worth showing while Slack does not answer."""
        try:
            return self.with_team_of(actor, ticket_id)
        except SlackUnavailable:
            with self._sessions() as session:
                ticket = session.get(Ticket, ticket_id)
            if ticket is None or ticket.requester_id != actor.id:
                raise
            return actor

    def with_team_of_outage(self, actor: Actor, outage_id: int) -> Actor:
        """The same for an outage."""
        with self._sessions() as session:
            outage = session.get(Outage, outage_id)
            if outage is None:
                return actor
            channels = dict.fromkeys([outage.team.channel_id, outage.channel])
        return self._with_team(actor, outage.team_id, channels)

    def with_teams(self, actor: Actor) -> Actor:
        """The actor, knowing all the teams that they are in, as read at most `MEMBERSHIP_LIFE` ago.

        Raises `SlackUnavailable`.
        """
        with self._sessions() as session:
            read_at = session.get_one(Person, actor.id).channels_read_at
            teams = teams_on_record(session, actor.slack_id)
        if read_at is None or self._clock() - read_at > MEMBERSHIP_LIFE:
            teams = self._read_teams(actor)
        return replace(actor, teams=actor.teams | teams)

    def with_teams_if_known(self, actor: Actor) -> Actor:
        """The same for a page that is worth having without: no team while Slack does not answer."""
        try:
            return self.with_teams(actor)
        except SlackUnavailable:
            return actor

    def is_member(self, channel: str, slack_id: str) -> bool:
        """Whether they are in the channel, as read at most `MEMBERSHIP_LIFE` ago."""
        with self._sessions() as session:
            reading = session.get(ChannelReading, channel)
            member = session.get(ChannelMember, (channel, slack_id))
        if reading is not None and self._clock() - reading.read_at <= MEMBERSHIP_LIFE:
            return member is not None
        return slack_id in self._read_members(channel)

    def joined(self, channel: str, slack_id: str) -> None:
        """Slack said that somebody joined a channel."""

        def note(session: Session) -> None:
            if session.get(ChannelReading, channel) or channel in team_channels(session).values():
                add_member(session, channel, slack_id)

        transact(self._sessions, note)

    def left(self, channel: str, slack_id: str) -> None:
        """Slack said that somebody left a channel."""
        with self._sessions.begin() as session:
            remove_member(session, channel, slack_id)

    def resolve_channels(self) -> list[str]:
        """Find the channels that the catalogue names. Returns those that the bot is not in, as named.

        What was given up because a channel could not be reached is queued again once it can be.
        """
        known = {channel["name"]: channel for channel in self._channels()}
        by_id = {channel["id"]: channel for channel in known.values()}
        missing, reached = list[str](), list[str]()
        with self._sessions.begin() as session:
            for team in session.scalars(select(Team).where(~Team.archived)):
                channel = by_id.get(team.channel) or known.get(team.channel.removeprefix("#"))
                if channel is not None:
                    team.channel_id = channel["id"]
                if channel is None or not channel.get("is_member"):
                    missing.append(team.channel)
                else:
                    reached.append(team.id)
            requeue.requeue_dead(session, now=self._clock(), teams=reached)
        return missing

    def _channels(self) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = self._client.conversations_list(
                types="public_channel,private_channel", exclude_archived=True, limit=200, cursor=cursor
            )
            yield from page["channels"]
            cursor = _next_cursor(page)
            if not cursor:
                return

    def _read_profile(self, slack_id: str, known: Person | None) -> Person:
        try:
            user = self._client.users_info(user=slack_id, include_locale=True)["user"]
            workspace = self._workspace or str(self._client.auth_test()["team_id"])
        except UNANSWERED:
            if known is not None:
                return known  # yesterday's profile is better than no help
            raise SlackUnavailable from None
        self._workspace = workspace
        return transact(self._sessions, lambda session: self._write_profile(session, user, workspace))

    def _write_profile(self, session: Session, user: dict[str, Any], workspace: str) -> Person:
        person = person_by_slack_id(session, user["id"]) or Person(slack_id=user["id"])
        profile = user.get("profile", {})
        person.team_id = user.get("team_id") or workspace
        person.name = profile.get("real_name") or user.get("real_name") or user.get("name") or user["id"]
        person.email = profile.get("email")
        person.locale = user.get("locale") or self._locale
        person.time_zone = user.get("tz") or self._time_zone
        person.is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
        person.is_bot = bool(user.get("is_bot"))
        person.is_stranger = bool(user.get("is_stranger")) or person.team_id != workspace
        person.profile_read_at = self._clock()
        session.add(person)
        return person

    def _with_team(self, actor: Actor, team_id: str, channels: Iterable[str | None]) -> Actor:
        if any(self.is_member(channel, actor.slack_id) for channel in channels if channel):
            return replace(actor, teams=actor.teams | {team_id})
        return actor

    def _read_teams(self, actor: Actor) -> frozenset[str]:
        """The teams whose channel Slack says they are in: one call, whether they are in none or in all."""
        try:
            channels = set(self._channels_of(actor.slack_id))
        except UNANSWERED:
            raise SlackUnavailable from None

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

    def _channels_of(self, slack_id: str) -> Iterator[str]:
        """The channels that somebody is in; of private ones only those that the bot is in too."""
        cursor = ""
        while True:
            page = self._client.users_conversations(
                user=slack_id,
                types="private_channel,public_channel",
                exclude_archived=True,
                limit=999,  # the most that Slack allows (docs.slack.dev, users.conversations)
                cursor=cursor,
            )
            yield from (channel["id"] for channel in page["channels"])
            cursor = _next_cursor(page)
            if not cursor:
                return

    def _read_members(self, channel: str) -> set[str]:
        try:
            members = set(self._members(channel))
        except UNANSWERED as error:
            if error_code(error) not in CHANNEL_GONE:
                raise SlackUnavailable from None
            return set()  # nobody is known to be in a channel that the bot cannot see

        def write(session: Session) -> None:
            session.execute(delete(ChannelMember).where(ChannelMember.channel == channel))
            session.merge(ChannelReading(channel=channel, read_at=self._clock()))
            session.flush()
            session.add_all(ChannelMember(channel=channel, slack_id=member) for member in members)

        transact(self._sessions, write)
        return members

    def _members(self, channel: str) -> Iterator[str]:
        cursor = ""
        while True:
            page = self._client.conversations_members(channel=channel, limit=200, cursor=cursor)
            yield from page["members"]
            cursor = _next_cursor(page)
            if not cursor:
                return


def _channel_of_card(session: Session, ticket: Ticket) -> str | None:
    """Where the team's card stands, if it has been posted."""
    return session.scalar(
        select(Post.channel).where(
            Post.ticket_id == ticket.id,
            Post.kind == DeliveryKind.TRIAGE_CARD,
            Post.recipient == f"team:{ticket.team_id}",
        )
    )


def _next_cursor(page: SlackResponse) -> str:
    metadata = page.get("response_metadata") or {}
    return str(metadata.get("next_cursor") or "")
