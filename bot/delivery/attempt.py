"""One attempt to send a delivery: rendered, sent with no session open, completed."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot.db.session import Sessions
from bot.delivery import message_references, outbox
from bot.delivery.errors import Defect, DeliveryError, NoAnswer, Retryable
from bot.delivery.failures import retry_later
from bot.delivery.handlers.attachments import Attachments
from bot.delivery.handlers.outage_resolution import resolve_portion
from bot.delivery.handlers.readings import Readings
from bot.delivery.lanes import Silence
from bot.delivery.lease import LateMessages, Lease
from bot.delivery.outbox import Lane
from bot.delivery.rendering.render import render
from bot.delivery.rendering.rendered import (
    ChannelReading,
    FileRemoval,
    Rendered,
    RenderedEmail,
    RenderedFile,
    RenderedHome,
    RenderedMessage,
    Sent,
    Superseded,
)
from bot.delivery.senders.files import SlackFiles
from bot.delivery.senders.mail import Mailer, compose
from bot.delivery.senders.slack import SlackSender
from bot.delivery.undelivered import tell_of_closed_account
from bot.notifications.pauses import pause
from bot.observability import logs
from bot.observability.metrics import DELIVERIES
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.storage.base import Store
from models.outbox.delivery import Delivery
from models.outbox.kinds import RESOLVE_METHOD, DeliveryKind, DeliveryState

logger = logging.getLogger("guichet.deliveries")
T = TypeVar("T")
NO_ANSWER = "no answer"
# What passes of what nobody has given a meaning. No other OSError does: a template that is missing is one.
_PASSING = (PoolTimeout, StaleDataError, OperationalError, InterfaceError, ConnectionError, TimeoutError)


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
    """What Slack says of channels, asked as patiently as anything is sent."""
    people: Directory | None = None
    """What it says of people, asked as briefly as a listener may: an e-mail waits for it."""


class Attempts:
    """Makes attempts, each in the thread that asks for it."""

    def __init__(self, sessions: Sessions, senders: Senders, clock: Callable[[], datetime]) -> None:
        self._sessions, self._senders, self._clock = sessions, senders, clock
        self._readings = Readings(sessions, senders.directory, senders.people)
        self._attachments = Attachments(sessions, senders.files, senders.store, clock)
        self.silences: Mapping[Lane, Silence] = {lane: Silence() for lane in Lane}
        self.late_messages = LateMessages(sessions, senders.slack)

    def make(self, delivery: Delivery) -> None:
        """Send a claimed delivery, or say what follows when it could not be sent."""
        with logs.request(f"delivery-{delivery.id}"):
            start = perf_counter()
            state, reason = self._attempt(delivery)
            _note(delivery, state, reason, perf_counter() - start)

    def _attempt(self, delivery: Delivery) -> tuple[DeliveryState, str | None]:
        """How the delivery stands after this attempt, pending when it is to be tried again; and why."""
        try:
            state = self._handle(delivery)
        except DeliveryError as error:
            return self._follow_up(delivery, error)
        if state is DeliveryState.SENT and delivery.method != RESOLVE_METHOD:
            self.silences[_lane_of(delivery)].end()
        return state, None

    def _follow_up(self, delivery: Delivery, failure: DeliveryError) -> tuple[DeliveryState, str]:
        """See to what follows; when that fails for no known reason, the attempt is one that failed so."""
        try:
            outcome = _guarded(delivery, lambda: self._readings.look_again(delivery, failure), reached=True)
        except DeliveryError as error:
            outcome = error
        try:
            state = _guarded(delivery, lambda: self._retry_later(delivery, outcome), reached=True)
        except Defect as defect:
            outcome = defect
            state = self._retry_later(delivery, defect)
        return state, outcome.reason

    def _retry_later(self, delivery: Delivery, outcome: DeliveryError) -> DeliveryState:
        now = self._clock()
        with self._sessions.begin() as session:
            state = retry_later(session, delivery, outcome, now=now)
            self._note_silence(session, delivery, outcome, now)
        return state

    def _handle(self, delivery: Delivery) -> DeliveryState:
        if delivery.kind is DeliveryKind.OUTAGE_RESOLUTION:
            portion = partial(resolve_portion, self._sessions, delivery, now=self._clock())
            return _guarded(delivery, portion, reached=False)
        lease = Lease(self._sessions, delivery, self._clock)
        try:
            rendered = _guarded(delivery, lambda: self._render(delivery), reached=False)
            sent = _guarded(delivery, lambda: self._send(delivery, rendered, lease), reached=True)
        except Superseded as reason:
            _guarded(delivery, partial(self._skip, delivery, str(reason)), reached=False)
            return DeliveryState.SKIPPED
        _guarded(delivery, lambda: self._complete(delivery, rendered, sent), reached=True)
        return DeliveryState.SENT

    def _render(self, delivery: Delivery) -> Rendered:
        self._readings.read_profile(delivery)
        with self._sessions() as session:
            return render(session, delivery, locale=self._senders.settings.default_locale)

    def _skip(self, delivery: Delivery, reason: str) -> None:
        with self._sessions.begin() as session:
            if self._complete_row(session, delivery, DeliveryState.SKIPPED, reason=reason):
                tell_of_closed_account(session, delivery, reason, now=self._clock())

    def _complete(self, delivery: Delivery, rendered: Rendered, sent: Sent | str | None) -> None:
        with self._sessions.begin() as session:
            remote_id = sent.ts if isinstance(sent, Sent) else sent
            if self._complete_row(session, delivery, DeliveryState.SENT, remote_id=remote_id):
                message_references.save(session, delivery, rendered, sent)
                return
        logger.warning("delivery %s was sent by an attempt that was too late", delivery.id)
        if isinstance(sent, Sent) and isinstance(rendered, RenderedMessage) and not rendered.edit_ts:
            self.late_messages.add(delivery, sent)

    def _note_silence(
        self, session: Session, delivery: Delivery, outcome: DeliveryError, now: datetime
    ) -> None:
        """Let a lane rest whose far side does not answer, and say so."""
        lane = _lane_of(delivery)
        if not isinstance(outcome, Retryable | Defect):
            self.silences[lane].end()
        if isinstance(outcome, NoAnswer) and (until := self.silences[lane].note(now)):
            logger.error("sending by %s rests for %d s: no answer", lane, (until - now).total_seconds())
            pause(session, lane, until=until, reason=NO_ANSWER)

    def _send(self, delivery: Delivery, rendered: Rendered, lease: Lease) -> Sent | str | None:
        """Send one drawing; where it landed, or its Message-ID."""
        senders = self._senders
        match rendered:
            case RenderedMessage():
                since = delivery.created_at if delivery.uncertain else None
                return senders.slack.send(rendered, key=delivery.key, since=since, before_post=lease.hold)
            case RenderedHome():
                senders.slack.publish(rendered)
                return None
            case RenderedEmail():
                return self._send_mail(rendered, lease)
            case RenderedFile():
                return self._attachments.post(delivery, rendered)
            case FileRemoval():
                self._attachments.take_back(rendered)
                return None
            case ChannelReading(channel=channel):
                self._readings.read_channel(channel)
                return None

    def _send_mail(self, rendered: RenderedEmail, lease: Lease) -> str:
        message = compose(rendered, self._senders.settings, link=self._senders.link())
        number = str(message["Message-ID"])
        if rendered.ticket.mail_root is None:  # kept first, for an attempt whose answer is lost
            with self._sessions.begin() as session:
                message_references.begin_mail_thread(session, rendered.ticket.id, number)
        self._senders.mailer.send(message, before_data=lease.renew)
        return number

    def _complete_row(
        self,
        session: Session,
        delivery: Delivery,
        state: DeliveryState,
        *,
        remote_id: str | None = None,
        reason: str | None = None,
    ) -> bool:
        return outbox.complete(
            session, delivery, state, now=self._clock(), remote_id=remote_id, reason=reason
        )


def _guarded(delivery: Delivery, step: Callable[[], T], *, reached: bool) -> T:
    """A step's result. Raises what the step means to raise, and for any other error what kind of failure it
    is: the database's pass, those that nobody expected may come each time."""
    try:
        return step()
    except (DeliveryError, Superseded):
        raise
    except Exception as error:  # whatever it is, the row must not be left leased without a word
        if isinstance(error, _PASSING) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise Retryable(type(error).__name__, reached=reached) from error
        logger.exception("delivery %s failed", delivery.id)
        raise Defect(type(error).__name__, reached=reached) from error


def _lane_of(delivery: Delivery) -> Lane:
    return Lane.MAIL if delivery.method == Lane.MAIL else Lane.SLACK


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
