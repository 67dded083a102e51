"""What the worker asks Slack beside sending: profiles, and the teams' channels."""

import logging
from threading import Lock
from time import monotonic

from bot.db.session import Sessions
from bot.delivery import message_references
from bot.delivery.errors import ChannelMoved, ChannelUnreachable, DeliveryError, MethodPaused, Retryable
from bot.delivery.failures import fail
from bot.delivery.rendering.lookup import destination_team
from bot.slack.client import UNANSWERED
from bot.slack.directory import Directory
from models.catalogue import Team
from models.errors import HelpDeskError
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import CHANNEL_GONE, UNKNOWN_CHANNEL
from models.person import Person

logger = logging.getLogger("guichet.deliveries")
REST = 60.0  # seconds


class Readings:
    """Looks at channels, by a patient directory; at people, by a brief one."""

    def __init__(self, sessions: Sessions, directory: Directory | None, people: Directory | None) -> None:
        self._sessions, self._directory, self._people = sessions, directory, people
        self._asked_in_vain = -REST
        self._looking = Lock()

    def read_profile(self, delivery: Delivery) -> None:
        """Read a profile that is older than a day before an e-mail leaves: the address may be another, the
        account closed. While Slack does not answer, what is known serves, and it is asked once a minute."""
        if delivery.kind is not DeliveryKind.MAIL or self._people is None:
            return
        if monotonic() - self._asked_in_vain < REST:
            return
        with self._sessions() as session:
            person = session.get_one(Person, delivery.person_id)
        if self._people.profiles.is_old(person):
            try:
                self._people.profiles.person(person.slack_id)
            except HelpDeskError as error:
                self._asked_in_vain = monotonic()
                logger.info("a profile was not read again: %s", type(error).__name__)

    def read_channel(self, channel: str | None) -> None:
        """Read one channel, or all that the bot is in. Raises what an unanswered call means."""
        assert self._directory is not None
        try:
            if channel is None:
                self._directory.channels.read_all()
            else:
                self._directory.channels.read(channel)
        except UNANSWERED as error:
            fail("users.conversations" if channel is None else "conversations.info", error)

    def look_again(self, delivery: Delivery, outcome: DeliveryError) -> DeliveryError:
        """What the outcome is once a team's channel was looked for that is unknown, or that Slack refused: it
        may have another id (docs.slack.dev, "channel_id_changed").

        A card that has no other channel to go to waits for one that is unknown: whoever invites the bot there
        makes it known.
        """
        if not isinstance(outcome, ChannelUnreachable) or delivery.team_id is None:
            return outcome
        is_unknown = outcome.reason == UNKNOWN_CHANNEL
        if not is_unknown and outcome.reason.rpartition(": ")[2] not in CHANNEL_GONE:
            return outcome
        try:
            if self._is_found(delivery, is_unknown=is_unknown):
                return ChannelMoved(f"{outcome.reason}; it is known now")
        except UNANSWERED as error:
            meaning = _meaning(error)
            if not (is_unknown and isinstance(meaning, MethodPaused)):
                return meaning
        with self._sessions() as session:
            waits = is_unknown and not message_references.can_fall_back(session, delivery)
        return Retryable(outcome.reason, reached=False) if waits else outcome

    def _is_found(self, delivery: Delivery, *, is_unknown: bool) -> bool:
        """Whether the channel is known under an id that this attempt did not have. Who comes while another
        thread looks waits for what it finds."""
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
    """Whether Slack has said of a team's channel what it is while this attempt was under way."""
    read_at, started_at = team.channel_read_at, delivery.started_at
    return read_at is not None and started_at is not None and read_at > started_at


def _meaning(error: Exception) -> DeliveryError:
    try:
        fail("users.conversations", error)
    except DeliveryError as outcome:
        return outcome
