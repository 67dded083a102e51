"""The worker: claims a due delivery, sends it with no session open, settles it. Any number may run."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event as Flag
from time import perf_counter

from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.delivery import message_references, outbox, periodic
from bot.delivery.attachments import Attachments
from bot.delivery.errors import (
    NotSent,
    TryAgain,
)
from bot.delivery.failures import put_back
from bot.delivery.readings import Readings
from bot.delivery.rendering.render import draw
from bot.delivery.rendering.rendered import (
    ChannelReading,
    Drawing,
    FileDrawing,
    FileRemoval,
    HomeDrawing,
    MailDrawing,
    MessageDrawing,
    Overtaken,
    Sent,
)
from bot.delivery.senders.files import SlackFiles
from bot.delivery.senders.mail import Mailer, compose
from bot.delivery.senders.slack import SlackSender
from bot.delivery.wakeup import Wakeup
from bot.notifications.enqueue import announce_deactivated
from bot.observability import logs
from bot.observability.metrics import DELIVERIES
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.storage.base import Store
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.reasons import DEACTIVATED
from models.tickets.event import Event

logger = logging.getLogger("guichet.deliveries")
PERIODIC_LOOK = timedelta(minutes=1)
POLL = 1.0  # seconds; the net under the wake-up


@dataclass(frozen=True)
class Senders:
    """The outside world, as the worker needs it."""

    slack: SlackSender
    files: SlackFiles
    store: Store
    mailer: Mailer
    settings: Settings
    link: Callable[[], str]
    """The address that opens the help desk in Slack."""
    directory: Directory | None = None
    """What Slack says of people and channels, asked as patiently as anything is sent."""


class Worker:
    """Sends what the outbox holds."""

    def __init__(self, sessions: Sessions, senders: Senders, clock: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._senders = senders
        self._readings = Readings(sessions, senders.directory)
        self._clock = clock
        self._attachments = Attachments(sessions, senders.files, senders.store, clock)
        self._next_look = clock()

    def run(self, stop: Flag, wakeup: Wakeup) -> None:
        """Work until `stop` is set; what is in hand is finished."""
        while not stop.is_set():
            try:
                busy = self.send_one()
                if not busy:
                    self._run_periodic()
            except Exception:  # a database that is down for a while must not end the worker
                logger.exception("the worker could not work")
                busy = False
            if not busy:
                wakeup.wait(POLL)

    def _run_periodic(self) -> None:
        now = self._clock()
        if now >= self._next_look:
            self._next_look = now + PERIODIC_LOOK
            periodic.run_due(self._sessions, now=now)

    def drain(self) -> int:
        """Send all that is due now. Returns how many deliveries were handled."""
        count = 0
        while self.send_one():
            count += 1
        return count

    def send_one(self) -> bool:
        """Handle the next due delivery; False when there is none."""
        delivery = outbox.claim(self._sessions, now=self._clock())
        if delivery is None:
            return False
        with logs.request(f"delivery-{delivery.id}"):
            start = perf_counter()
            state, reason = self._attempt(delivery)
            _note(delivery, state, reason, perf_counter() - start)
        return True

    def _attempt(self, delivery: Delivery) -> tuple[DeliveryState, str | None]:
        """How the delivery stands after this attempt, pending when it is to be tried again; and why."""
        try:
            return self._handle(delivery), None
        except NotSent as error:
            outcome = self._readings.look_again(delivery, error)
        except Exception as error:  # a defect in one delivery must not stop the others
            logger.exception("delivery %s failed", delivery.id)
            outcome = TryAgain(type(error).__name__, reached=True)
        with self._sessions.begin() as session:
            state = put_back(session, delivery, outcome, now=self._clock())
        return state, outcome.reason

    def _handle(self, delivery: Delivery) -> DeliveryState:
        try:
            self._readings.read_profile(delivery)
            with self._sessions() as session:
                drawing = draw(session, delivery, locale=self._senders.settings.default_locale)
            sent = self._send(delivery, drawing)
        except Overtaken as reason:
            with self._sessions.begin() as session:
                if self._settle(session, delivery, DeliveryState.SKIPPED, reason=str(reason)):
                    self._tell_technician(session, delivery, reason)
            return DeliveryState.SKIPPED
        with self._sessions.begin() as session:
            remote_id = sent.ts if isinstance(sent, Sent) else sent
            if self._settle(session, delivery, DeliveryState.SENT, remote_id=remote_id):
                message_references.remember(session, delivery, drawing, sent)
        return DeliveryState.SENT

    def _tell_technician(self, session: Session, delivery: Delivery, reason: Overtaken) -> None:
        """Say under the team's card that its requester reads nothing any more, once a ticket."""
        if str(reason) != DEACTIVATED or delivery.event_id is None:
            return
        event = session.get_one(Event, delivery.event_id)
        if delivery.person_id == event.ticket.requester_id:
            announce_deactivated(UnitOfWork(session, self._clock()), event)

    def _send(self, delivery: Delivery, drawing: Drawing) -> Sent | str | None:
        """Send one drawing; where it landed, or its Message-ID."""
        senders = self._senders
        match drawing:
            case MessageDrawing():
                since = delivery.created_at if delivery.uncertain else None
                return senders.slack.send(drawing, key=delivery.key, since=since)
            case HomeDrawing():
                senders.slack.publish(drawing)
                return None
            case MailDrawing():
                message = compose(drawing, senders.settings, link=senders.link())
                senders.mailer.send(message)
                return str(message["Message-ID"])
            case FileDrawing():
                return self._attachments.post(delivery, drawing)
            case FileRemoval():
                self._attachments.take_back(drawing)
                return None
            case ChannelReading(channel=channel):
                self._readings.read_channel(channel)
                return None

    def _settle(
        self,
        session: Session,
        delivery: Delivery,
        state: DeliveryState,
        *,
        remote_id: str | None = None,
        reason: str | None = None,
    ) -> bool:
        return outbox.settle(session, delivery, state, now=self._clock(), remote_id=remote_id, reason=reason)


def _note(delivery: Delivery, state: DeliveryState, reason: str | None, seconds: float) -> None:
    """Count an attempt once it is committed, and say so in one line."""
    DELIVERIES.labels(delivery.kind, state).inc()
    fields = {
        "kind": delivery.kind,
        "ticket": delivery.ticket_id,
        "outcome": state,
        "attempt": delivery.attempt,
        "ms": round(seconds * 1000, 1),
    }
    because = f" ({reason})" if reason else ""
    words = "%s of ticket %s %s%s at attempt %s in %.1f ms"
    logger.info(
        words,
        delivery.kind,
        delivery.ticket_id,
        state,
        because,
        delivery.attempt,
        fields["ms"],
        extra={"fields": fields},
    )
