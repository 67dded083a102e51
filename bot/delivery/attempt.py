"""One attempt to send a delivery: rendered, sent with no session open, completed."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot.context.settings import use_case_settings
from bot.context.unit_of_work import UnitOfWork
from bot.db.refusals import refusal
from bot.db.session import Sessions
from bot.delivery import message_references, outbox
from bot.delivery.errors import Defect, DeliveryError, NoAnswer, NotYet, Retryable, Superseded
from bot.delivery.failures.follow_up import follow_up
from bot.delivery.failures.undelivered import announce_skipped
from bot.delivery.handlers import approvers, departures
from bot.delivery.handlers.attachments import Attachments
from bot.delivery.handlers.portions import do_portion
from bot.delivery.handlers.readings import Readings
from bot.delivery.handover import lateness
from bot.delivery.lanes import CircuitBreaker
from bot.delivery.lease import LateMessages, Lease
from bot.delivery.own_data.archive import ArchiveWriter
from bot.delivery.own_data.posting import OwnDataPosting
from bot.delivery.removals.late import remove_forgotten
from bot.delivery.rendering.render import render
from bot.delivery.rendering.rendered import (
    FoundApprovers,
    Outcome,
    Presence,
    Rendered,
    RenderedEmail,
    RenderedMessage,
    Sent,
)
from bot.delivery.sending import Senders, Sending
from bot.notifications.mails import count_mail
from bot.notifications.maintenance.pauses import pause
from bot.observability import logs
from bot.observability.metrics import DELIVERIES
from bot.observability.reasons import describe
from bot.observability.service_level import Handover, record_handover
from bot.services.own_data.outcome import Posted, after_sending
from bot.views.own_data.my_data import notice_of
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState, Lane
from models.outbox.reasons import Cause, Reason

logger = logging.getLogger("guichet.deliveries")
T = TypeVar("T")
# Errors without a meaning of their own that pass. Other OSErrors do not: a missing template is one.
_PASSING = (PoolTimeout, StaleDataError, OperationalError, InterfaceError, ConnectionError, TimeoutError)


class Attempts:
    """Makes attempts, each in the thread that calls it."""

    def __init__(self, sessions: Sessions, senders: Senders, clock: Callable[[], datetime]) -> None:
        self._sessions, self._clock = sessions, clock
        self._locale = senders.settings.default_locale
        self._settings = senders.settings
        self._rules = use_case_settings(senders.settings)
        self._readings = Readings(sessions, senders.directory, senders.people)
        attachments = Attachments(sessions, senders.files, senders.store, clock)
        archives = ArchiveWriter(sessions, senders.store, notice_of(self._rules))
        posting = OwnDataPosting(sessions, senders.files, archives, clock)
        self._sending = Sending(sessions, senders, attachments, self._readings, posting)
        self.breakers: Mapping[Lane, CircuitBreaker] = {lane: CircuitBreaker() for lane in Lane}
        self.late_messages = LateMessages(sessions, senders.slack)

    def make(self, delivery: Delivery) -> None:
        """Send a claimed delivery, or do what follows when it could not be sent."""
        with logs.request(f"delivery-{delivery.id}"):
            start = perf_counter()
            state, cause = self._attempt(delivery)
            if state is not DeliveryState.PENDING or cause is not None:  # else nothing was tried
                _log(delivery, state, cause, perf_counter() - start)

    def _attempt(self, delivery: Delivery) -> tuple[DeliveryState, Cause | None]:
        """The delivery's state after this attempt, pending when it is to be tried again; and why."""
        try:
            state = self._handle(delivery)
        except DeliveryError as error:
            return self._follow_up(delivery, error)
        if state is DeliveryState.SENT and delivery.kind.description.lane is not None:
            self.breakers[_lane_of(delivery)].close()
        return state, None

    def _follow_up(self, delivery: Delivery, error: DeliveryError) -> tuple[DeliveryState, Cause]:
        """Do what follows for an error; when that fails unexpectedly, the attempt ends with that defect."""
        try:
            error = _checked(delivery, partial(self._readings.look_again, delivery, error), maybe_sent=True)
        except DeliveryError as another:
            error = another
        try:
            state = _checked(delivery, partial(self._save_error, delivery, error), maybe_sent=True)
        except Defect as defect:
            return self._save_error(delivery, defect), defect.cause
        return state, error.cause

    def _save_error(self, delivery: Delivery, error: DeliveryError) -> DeliveryState:
        now = self._clock()
        with self._sessions.begin() as session:
            state = follow_up(session, delivery, error, now=now)
            self._count_no_answer(session, delivery, error, now)
            late = lateness(session, delivery, now=now) if state is DeliveryState.DEAD else 0.0
        if state is DeliveryState.DEAD:
            record_handover(delivery.kind, Handover.DEAD, late)
        return state

    def _count_no_answer(
        self, session: Session, delivery: Delivery, error: DeliveryError, now: datetime
    ) -> None:
        """Pause a lane whose server does not answer."""
        lane = _lane_of(delivery)
        if not isinstance(error, Retryable | Defect):
            self.breakers[lane].close()
        if isinstance(error, NoAnswer) and (until := self.breakers[lane].count(now)):
            logger.error("sending by %s is paused for %d s: no answer", lane, (until - now).total_seconds())
            pause(session, lane, until=until, cause=Cause(Reason.NO_ANSWER))

    def _handle(self, delivery: Delivery) -> DeliveryState:
        if delivery.kind.description.lane is None:
            portion = partial(do_portion, self._sessions, delivery, now=self._clock(), settings=self._rules)
            return _checked(delivery, portion, maybe_sent=False)
        lease = Lease(self._sessions, delivery, self._clock)
        try:
            rendered = _checked(delivery, partial(self._render, delivery), maybe_sent=False)
            send = partial(self._sending.send, delivery, rendered, lease)
            sent = _checked(delivery, send, maybe_sent=True)
        except Superseded as superseded:
            _checked(delivery, partial(self._skip, delivery, superseded.cause), maybe_sent=False)
            return DeliveryState.SKIPPED
        except NotYet as later:
            _checked(delivery, partial(self._defer, delivery, later), maybe_sent=False)
            return DeliveryState.PENDING
        _checked(delivery, partial(self._complete, delivery, rendered, sent), maybe_sent=True)
        return DeliveryState.SENT

    def _render(self, delivery: Delivery) -> Rendered:
        self._readings.read_profile(delivery)
        self._readings.read_membership(delivery)
        with self._sessions() as session:
            return render(session, delivery, locale=self._locale, escalate=self._settings.escalate_p1)

    def _skip(self, delivery: Delivery, cause: Cause) -> None:
        now = self._clock()
        with self._sessions.begin() as session:
            if outbox.complete(session, delivery, DeliveryState.SKIPPED, now=now, cause=cause):
                announce_skipped(session, delivery, cause.reason, now=now)

    def _defer(self, delivery: Delivery, later: NotYet) -> None:
        with self._sessions.begin() as session:
            outbox.retry_later(
                session, delivery, due_at=later.until, cause=later.cause, awaited_since=later.until
            )

    def _complete(self, delivery: Delivery, rendered: Rendered, sent: Outcome) -> None:
        now = self._clock()
        with self._sessions.begin() as session:
            is_ours = outbox.complete(
                session, delivery, DeliveryState.SENT, now=now, remote_id=_remote_id(sent)
            )
            if is_ours:
                late = lateness(session, delivery, now=now)
                message_references.save(session, delivery, rendered, sent)
                if isinstance(rendered, RenderedEmail):
                    count_mail(session, delivery, now=now)
                if isinstance(sent, FoundApprovers):
                    approvers.name(session, delivery, sent, now=now, settings=self._rules)
            if is_ours and isinstance(sent, Posted):
                after_sending(UnitOfWork(session, now), delivery.id, sent)
            if is_ours and isinstance(sent, Presence):
                departures.confirm(session, delivery, sent, now=now)
            if not is_ours and remove_forgotten(session, delivery, rendered, sent, now=now):
                return
        if is_ours:
            record_handover(delivery.kind, Handover.ACCEPTED, late)
            return
        logger.warning("delivery %s was sent by an attempt that was too late", delivery.id)
        if isinstance(sent, Sent) and isinstance(rendered, RenderedMessage) and not rendered.edit_ts:
            self.late_messages.add(delivery, sent)


def _checked(delivery: Delivery, step: Callable[[], T], *, maybe_sent: bool) -> T:
    """A step's result. Raises `DeliveryError`, `NotYet` and `Superseded` as they are; for any other error
    `Retryable`, when it passes, or `Defect`."""
    try:
        return step()
    except (DeliveryError, NotYet, Superseded):
        raise
    except Exception as error:  # whatever it is, the row must not stay leased
        code = type(error).__name__
        if isinstance(error, _PASSING) or (isinstance(error, DBAPIError) and error.connection_invalidated):
            if isinstance(error, SQLAlchemyError):
                code = refusal(error).reason
            raise Retryable(Reason.TEMPORARY_ERROR, code=code, maybe_sent=maybe_sent) from error
        logger.exception("delivery %s failed", delivery.id)
        raise Defect(code, maybe_sent=maybe_sent) from error


def _remote_id(sent: Outcome) -> str | None:
    return sent.ts if isinstance(sent, Sent | Posted) else sent if isinstance(sent, str) else None


def _lane_of(delivery: Delivery) -> Lane:
    return delivery.kind.description.lane or Lane.SLACK


def _log(delivery: Delivery, state: DeliveryState, cause: Cause | None, seconds: float) -> None:
    """Count an attempt once it is committed, and log it in one line."""
    DELIVERIES.labels(delivery.kind, state).inc()
    fields = {
        "kind": delivery.kind,
        "ticket": delivery.ticket_id,
        "outcome": state,
        "attempt": delivery.attempt,
        "ms": round(seconds * 1000, 1),
    }
    logger.info(
        "%s%s %s%s at attempt %s in %.1f ms",
        delivery.kind,
        f" of ticket {delivery.ticket_id}" if delivery.ticket_id else "",
        state,
        f" ({describe(cause)})" if cause else "",
        delivery.attempt,
        fields["ms"],
        extra={"fields": fields},
    )
