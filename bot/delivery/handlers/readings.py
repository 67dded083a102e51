"""What the worker asks Slack beside sending: profiles, and the teams' channels."""

import logging
from time import monotonic

from bot.db.session import Sessions
from bot.delivery import message_references
from bot.delivery.errors import ChannelMoved, ChannelUnreachable, NotSent
from bot.delivery.failures import fail
from bot.slack.client import UNANSWERED
from bot.slack.directory import Directory
from models.errors import HelpDeskError
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import CHANNEL_GONE
from models.person import Person

logger = logging.getLogger("guichet.deliveries")


REST = 60.0  # seconds


class Readings:
    """Looks at channels, by a patient directory; at people, by a brief one."""

    def __init__(self, sessions: Sessions, directory: Directory | None, people: Directory | None) -> None:
        self._sessions, self._directory, self._people = sessions, directory, people
        self._asked_in_vain = -REST

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

    def look_again(self, delivery: Delivery, outcome: NotSent) -> NotSent:
        """What the outcome is once a team's channel was looked for that Slack refused: it may have another id
        (docs.slack.dev, "channel_id_changed")."""
        gone = isinstance(outcome, ChannelUnreachable) and outcome.reason.rpartition(": ")[2] in CHANNEL_GONE
        if not gone or delivery.team_id is None or self._directory is None:
            return outcome
        with self._sessions() as session:
            channel = message_references.channel_of(session, delivery)
        try:
            found = channel and self._directory.channels.find_again(channel)
        except UNANSWERED as error:
            return _meaning(error)
        return ChannelMoved(f"{outcome.reason}; it has another id") if found else outcome


def _meaning(error: Exception) -> NotSent:
    try:
        fail("users.conversations", error)
    except NotSent as outcome:
        return outcome
