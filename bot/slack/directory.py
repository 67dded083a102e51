"""Who acts, and for which teams: Slack's people and channels, cached in the database.

A listener waits for Slack here, within its time budget.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from slack_sdk import WebClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.actor import Actor, actor_of, in_known_zone
from bot.db.session import Sessions
from bot.services.membership import channels_of, team_on_record
from bot.slack import budget
from bot.slack.client import AccessRefused
from bot.slack.identity import Identity
from bot.slack.people.approvers import ApproverReader
from bot.slack.people.channels import Channels
from bot.slack.people.members import Members
from bot.slack.people.mentions import Mentions
from bot.slack.people.presence import PresenceReader
from bot.slack.people.profiles import DirectoryDefaults, Profiles
from bot.timeouts import Timeouts
from models.catalogue import Team
from models.errors import SlackUnavailable
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket


class Directory:
    """People and channels."""

    def __init__(
        self,
        sessions: Sessions,
        client: WebClient,
        clock: Callable[[], datetime],
        *,
        defaults: DirectoryDefaults | None = None,
        identity: Identity | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._sessions = sessions
        self.client = client
        self._timeouts = timeouts or Timeouts()
        self.identity = identity or Identity(client)
        self.profiles = Profiles(sessions, client, clock, self.identity)
        self.profiles.defaults = defaults or DirectoryDefaults()
        self.channels = Channels(sessions, client, clock)
        self.members = Members(sessions, client, clock, self.channels)
        self.approvers = ApproverReader(sessions, client, clock, self.profiles)
        self.presence = PresenceReader(client)
        self.mentions = Mentions(sessions, client, clock, self.actor, self._timeouts.answer)

    def actor(self, slack_id: str) -> Actor:
        """Who this is. Raises `AccountNotSupported` for people of other workspaces and for unattended
        accounts, and what `Profiles.person` raises."""
        return in_known_zone(actor_of(self.profiles.person(slack_id)), self.profiles.defaults.time_zone)

    def with_team_of(self, actor: Actor, ticket_id: int) -> Actor:
        """The actor with this ticket's team, if they are in it now.

        When the card was posted in another channel, that channel's members may act as well.
        """
        with self._sessions() as session:
            known = team_on_record(session, ticket_id, actor.slack_id)
            if known is None:
                return actor
            if known.is_member and self.members.is_fresh(known.read_at):
                return replace(actor, teams=actor.teams | {known.team_id})
            ticket = session.get_one(Ticket, ticket_id)
            team, card = ticket.team, _channel_of_card(session, ticket)
            is_confidential = ticket.is_confidential
        return self._with_team(actor, team, card, is_confidential=is_confidential)

    def as_reader(self, actor: Actor, ticket_id: int) -> Actor:
        """The same for reading: requesters see their own ticket while Slack does not answer."""
        with self._sessions() as session:
            requester_id = session.scalar(select(Ticket.requester_id).where(Ticket.id == ticket_id))
        if requester_id != actor.id:
            return self.with_team_of(actor, ticket_id)
        try:
            with budget.reserve(self._timeouts.answer):
                return self.with_team_of(actor, ticket_id)
        except (SlackUnavailable, AccessRefused):
            return actor

    def with_team_of_outage(self, actor: Actor, outage_id: int) -> Actor:
        """The same for an outage."""
        with self._sessions() as session:
            outage = session.get(Outage, outage_id)
            if outage is None:
                return actor
            team, card = outage.team, outage.channel
        return self._with_team(actor, team, card)

    def with_teams(self, actor: Actor) -> Actor:
        """The actor with all teams that they are in. Raises `SlackUnavailable`."""
        return replace(actor, teams=actor.teams | self.members.teams(actor))

    def with_teams_if_known(self, actor: Actor) -> Actor:
        """The same, without teams while Slack does not answer."""
        try:
            with budget.reserve(self._timeouts.answer):
                return self.with_teams(actor)
        except (SlackUnavailable, AccessRefused):
            return actor

    def is_member(self, channel: str, slack_id: str) -> bool:
        """Whether they are in the channel."""
        return self.members.has(channel, slack_id)

    def find_again(self, channel: str) -> str | None:
        """The new id of a team's channel, if it has another; looked up at most once a minute."""
        return self.members.find_again(channel)

    def resolve_channels(self) -> list[str]:
        """Look up the catalogue's channels. Returns the names of those that the bot is not in."""
        return self.channels.read_all()

    def _with_team(
        self, actor: Actor, team: Team, card: str | None, *, is_confidential: bool = False
    ) -> Actor:
        with self._sessions() as session:
            channels = channels_of(session, team, card, is_confidential=is_confidential)
        if any(self.members.has(channel, actor.slack_id) for channel in channels):
            return replace(actor, teams=actor.teams | {team.id})
        return actor


def _channel_of_card(session: Session, ticket: Ticket) -> str | None:
    """The channel of the team's card, if it has been posted."""
    return session.scalar(
        select(MessageReference.channel).where(
            MessageReference.ticket_id == ticket.id,
            MessageReference.kind == DeliveryKind.TRIAGE_CARD,
            MessageReference.recipient == f"team:{ticket.team_id}",
        )
    )
