"""The lease that gives an attempt exclusive use of a delivery, and what it posted after that ended."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from bot.db.session import Sessions
from bot.delivery import outbox
from bot.delivery.errors import DeliveryError, LeaseLost
from bot.delivery.rendering.rendered import Sent
from bot.delivery.senders.slack import SlackSender
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState

logger = logging.getLogger("guichet.deliveries")
RENEWED_EVERY = timedelta(seconds=15)  # while bytes flow
NEEDED = timedelta(seconds=20)  # longer than one call to Slack or to the mail server may take
RETRY_AFTER = 60.0  # seconds, after Slack did not delete a message


@dataclass(frozen=True)
class Lease:
    """A claimed delivery's lease."""

    sessions: Sessions
    delivery: Delivery
    clock: Callable[[], datetime]

    def hold(self) -> None:
        """Have at least `NEEDED` of it left: the process may have been suspended since the claim. Raises
        `LeaseLost`."""
        self._renew_below(NEEDED)

    def keep(self) -> None:
        """Renew it when that was not done for `RENEWED_EVERY`: for each piece of what takes long. Raises
        `LeaseLost`."""
        self._renew_below(outbox.LEASE - RENEWED_EVERY)

    def renew(self) -> None:
        """Hold the delivery for `outbox.LEASE` from now on. Raises `LeaseLost` when a later attempt has taken
        it over."""
        if not outbox.renew(self.sessions, self.delivery, now=self.clock()):
            raise LeaseLost

    def _renew_below(self, needed: timedelta) -> None:
        until = self.delivery.lease_until
        # A longer one was written by a clock that was ahead.
        if until is None or not needed <= until - self.clock() <= outbox.LEASE:
            self.renew()


class LateMessages:
    """Messages that this process posted although another attempt had taken their delivery over.

    The other attempt finds such a message by its key, unless it had looked before; then there are two. The
    list ends with the process.
    """

    def __init__(self, sessions: Sessions, slack: SlackSender) -> None:
        self._sessions, self._slack = sessions, slack
        self._lock = Lock()
        self._messages: list[tuple[int, Sent]] = []
        self._refused_at = -RETRY_AFTER

    def add(self, delivery: Delivery, sent: Sent) -> None:
        """Add a message whose delivery another attempt has."""
        with self._lock:
            self._messages.append((delivery.id, sent))

    def clear(self) -> None:
        """Delete those that the other attempt did not adopt, once it has ended. What Slack does not
        delete is tried again after `RETRY_AFTER`."""
        with self._lock:
            messages = list(self._messages)
        for message in messages:
            if self._is_done(*message):
                with self._lock:
                    self._messages.remove(message)

    def _is_done(self, delivery_id: int, sent: Sent) -> bool:
        with self._sessions() as session:
            delivery = session.get(Delivery, delivery_id)
        if delivery is not None and delivery.state is DeliveryState.PENDING:
            return False
        if delivery is not None and delivery.remote_id == sent.ts:
            logger.info("delivery %s: a late attempt's message was adopted", delivery_id)
            return True
        return self._is_deleted(delivery_id, sent)

    def _is_deleted(self, delivery_id: int, sent: Sent) -> bool:
        if monotonic() - self._refused_at < RETRY_AFTER:
            return False
        try:
            self._slack.delete(sent)
        except DeliveryError as error:
            self._refused_at = monotonic()
            logger.warning("delivery %s: a second message was not deleted: %s", delivery_id, error)
            return False
        logger.warning("delivery %s: a late attempt's second message was deleted", delivery_id)
        return True
