"""What the worker reads from Slack: profiles, and the teams' channels."""

import logging
from threading import Lock
from time import monotonic

from bot.context.actor import actor_of
from bot.db.session import Sessions
from bot.delivery import message_references
from bot.delivery.errors import ChannelMoved, ChannelUnreachable, DeliveryError, MethodPaused, Retryable
from bot.delivery.failures.slack_errors import fail
from bot.delivery.rendering.lookup import destination_team
from bot.notifications.maintenance.readings import READ_ALL, READ_ONE
from bot.services.membership import teams_on_record
from bot.slack.client import UNANSWERED, AccessRefused
from bot.slack.directory import Directory
from models.catalogue import Team
from models.errors import HelpDeskError
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, Lane
from models.outbox.reasons import CHANNEL_GONE, Reason
from models.person import Person

logger = logging.getLogger("guichet.deliveries")
RETRY_AFTER = 60.0  # seconds, after Slack did not answer for a profile


class Readings:
    """Reads channels with the time-outs of a sender, people with those of a listener."""

    def __init__(self, sessions: Sessions, directory: Directory | None, people: Directory | None) -> None:
        self._sessions, self._directory, self._people = sessions, directory, people
        self._unanswered_at = -RETRY_AFTER
        self._looking = Lock()

    def read_profile(self, delivery: Delivery) -> None:
        """Read a profile that is older than a day before an e-mail is sent: the address may have changed, the
        account may be closed. While Slack does not answer, the known address is used, and Slack is asked once
        a minute."""
        if delivery.kind.description.lane is not Lane.MAIL or self._people is None:
            return
        if monotonic() - self._unanswered_at < RETRY_AFTER:
            return
        with self._sessions() as session:
            person = session.get_one(Person, delivery.person_id)
        if self._people.profiles.is_old(person):
            try:
                self._people.profiles.person(person.slack_id)
            except HelpDeskError:
                self._unanswered_at = monotonic()
                logger.info("a profile was not read again: Slack does not answer")

    def read_membership(self, delivery: Delivery) -> None:
        """Read the teams of a technician, at most once a minute, before their App Home is drawn. Without an
        answer the Home is drawn by what was read before, unless that is old."""
        if delivery.kind is not DeliveryKind.HOME or self._directory is None:
            return
        with self._sessions() as session:
            person = session.get_one(Person, delivery.person_id)
            if person.is_unattended or not teams_on_record(session, person.slack_id):
                return
        try:
            self._directory.members.teams(actor_of(person))
        except (HelpDeskError, AccessRefused):
            logger.info("the teams of a technician were not read again: Slack does not answer")

    def read_channel(self, channel: str | None) -> None:
        """Read one channel, or all that the bot is in. Raises what `fail` does."""
        assert self._directory is not None
        try:
            if channel is None:
                self._directory.channels.read_all()
            else:
                self._directory.channels.read(channel)
        except UNANSWERED as error:
            fail(READ_ALL if channel is None else READ_ONE, error)

    def look_again(self, delivery: Delivery, error: DeliveryError) -> DeliveryError:
        """The error after a team's channel was looked for that is unknown, or that Slack refused: it may have
        another id (docs.slack.dev, "channel_id_changed").

        A card that has no other channel to go to waits for one that is unknown: it becomes known when the bot
        is invited there.
        """
        if not isinstance(error, ChannelUnreachable) or delivery.team_id is None:
            return error
        cause = error.cause
        is_unknown = cause.reason is Reason.UNKNOWN_CHANNEL
        if not is_unknown and cause.code not in CHANNEL_GONE:
            return error
        try:
            if self._is_found(delivery, is_unknown=is_unknown):
                return ChannelMoved(Reason.CHANNEL_FOUND)
        except UNANSWERED as unanswered:
            meaning = _meaning(unanswered)
            if not (is_unknown and isinstance(meaning, MethodPaused)):
                return meaning
        with self._sessions() as session:
            waits = is_unknown and not message_references.can_fall_back(session, delivery)
        return Retryable(cause.reason) if waits else error

    def _is_found(self, delivery: Delivery, *, is_unknown: bool) -> bool:
        """Whether the channel is known under an id that this attempt did not have. A second thread waits for
        what the first one finds."""
        if self._directory is None:
            return False
        with self._looking:
            with self._sessions() as session:
                team = destination_team(session, delivery)
                channel = message_references.channel_of(session, delivery)
            if channel is None:
                return self._directory.channels.find(team.id) is not None
            if is_unknown or _was_read_since(team, delivery):
                return True
            return self._directory.channels.find_again(channel) is not None


def _was_read_since(team: Team, delivery: Delivery) -> bool:
    """Whether a team's channel was read from Slack since this attempt began."""
    read_at, started_at = team.channel_read_at, delivery.started_at
    return read_at is not None and started_at is not None and read_at > started_at


def _meaning(unanswered: Exception) -> DeliveryError:
    try:
        fail(READ_ALL, unanswered)
    except DeliveryError as error:
        return error
