"""Reads what the database has after each step, and at the end, as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.db.session import Sessions
from models.approvals.approval import CURRENT, Approval
from models.lifecycle import Status
from models.outbox.delivery import Delivery
from models.outbox.details import (
    AgreementDetails,
    AgreementLineDetails,
    ApproversDetails,
    Details,
    MailDetails,
    ReminderDetails,
    TargetDetails,
    UndeliveredDetails,
    UntakenDetails,
)
from models.outbox.kinds import UPDATE
from models.outbox.reasons import Undelivered
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.year.books import Asked, Books, Row, Seen, Step

if TYPE_CHECKING:
    from tests.year.run import Run


_COLUMNS = (
    *(Ticket.id, Ticket.event_count, Ticket.status, Ticket.priority, Ticket.team_id, Ticket.service_id),
    *(Ticket.is_outage_child, Ticket.assignee_id, Ticket.taken_due_at, Ticket.due_at),
)

_ABOUT_A_STEP = (AgreementDetails, AgreementLineDetails, ApproversDetails, MailDetails)


@dataclass
class Watch:
    sessions: Sessions
    seen: list[Seen] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    _last: int = 0
    _current: dict[int, Asked] = field(default_factory=dict)

    def look(self, now: datetime) -> Sequence[Event]:
        """Note what the tickets say that have new events. Returns the events."""
        with self.sessions() as session:
            events = session.scalars(select(Event).where(Event.id > self._last).order_by(Event.id)).all()
            if not events:
                return ()
            self._last = events[-1].id
            numbers = {event.ticket_id for event in events}
            rows = session.execute(select(*_COLUMNS).where(Ticket.id.in_(numbers))).all()
        self.seen += [_seen(row, now, is_refresh=False) for row in rows]
        return events

    def look_at_all(self, now: datetime) -> None:
        """Note what all open tickets say, after a change of the hours."""
        with self.sessions() as session:
            rows = session.execute(select(*_COLUMNS).where(Ticket.status != Status.CLOSED)).all()
        self.seen += [_seen(row, now, is_refresh=True) for row in rows]

    def look_at_steps(self, now: datetime) -> Sequence[Asked]:
        """Note the steps of agreements that have changed, among those that are asked or were."""
        with self.sessions() as session:
            is_watched = Approval.state.in_(CURRENT) | Approval.id.in_([*self._current])
            found = [_asked(each, now) for each in session.scalars(select(Approval).where(is_watched))]
        new = [each for each in found if not _is_same(each, self._current.get(each.approval))]
        self._current |= {each.approval: each for each in new}
        for each in new:
            if each.state not in CURRENT:
                del self._current[each.approval]
        self.asked += new
        return new


def _asked(row: Approval, now: datetime) -> Asked:
    people = frozenset(each.person_id for each in row.asked if each.is_open)
    return Asked(
        row.id, row.ticket_id, now, row.rule.name.fr, row.state, people, row.has_fallback, row.messages
    )


def _is_same(one: Asked, other: Asked | None) -> bool:
    return other is not None and replace(one, at=other.at) == other


def _seen(row: Any, now: datetime, *, is_refresh: bool) -> Seen:
    number, events, status, priority, team, service, is_child, assignee, taken, due = row
    return Seen(
        number, events, now, is_refresh, status, str(priority), team, service, is_child,
        assignee is not None, taken, due,
    )  # fmt: skip


def collect(run: "Run") -> Books:
    """The books of a run that is over."""
    with run.sessions() as session:
        events = session.scalars(select(Event).order_by(Event.ticket_id, Event.number)).all()
        rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        tickets = session.execute(select(Ticket.id, Ticket.requester_id, Ticket.filed_by_id)).all()
        requesters = {number: requester for number, requester, _filer in tickets}
    return Books(
        start=run.plan.start,
        end=run.now,
        changed_at=run.changed_at,
        rules=tuple(run.rules),
        steps=[_step(event, requesters) for event in events],
        seen=run.watch.seen,
        rows=[_row(each, each.details) for each in rows],
        posts=run.slack.posts,
        deleted=run.slack.deleted,
        mails=run.mail.mails,
        refused=run.slack.refusals,
        deaths=run.fate.deaths,
        resent=run.mail.resent,
        stopped=run.stopped,
        requesters=requesters,
        filers={number: filer for number, _requester, filer in tickets if filer is not None},
        asked=run.watch.asked,
        clicks=run.people.approvers.clicks,
        buttons=run.slack.with_buttons,
    )


def _step(event: Event, requesters: dict[int, int]) -> Step:
    return Step(
        event.ticket_id,
        event.number,
        event.at,
        event.action,
        event.to_status,
        is_by_requester=event.actor_id == requesters[event.ticket_id],
        reason=event.details.reason,
        has_date=event.details.until is not None,
        agreement=event.details.agreement,
    )


def _row(row: Delivery, details: Details) -> Row:
    return Row(
        row.key,
        row.kind,
        row.state,
        row.created_at,
        row.completed_at,
        row.ticket_id,
        row.person_id,
        row.team_id,
        row.reason,
        waits=details.waits if isinstance(details, ReminderDetails) else (),
        percent=details.percent if isinstance(details, TargetDetails) else 0,
        untaken=details.tickets if isinstance(details, UntakenDetails) else (),
        template=details.template if isinstance(details, MailDetails) else "",
        event=row.event_number,
        is_exhausted=isinstance(details, UndeliveredDetails) and details.why is Undelivered.MAILS_EXHAUSTED,
        approval=details.approval_id if isinstance(details, _ABOUT_A_STEP) else None,
        is_edit=row.method == UPDATE,
        is_uncertain=row.uncertain,
    )
