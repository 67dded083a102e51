"""What holds of reminders and of closing by silence whatever happens to tickets: random histories."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.catalogue.calendar.stored import calendar_of
from bot.context.actor import Actor
from bot.delivery.errors import DeliveryError, Permanent
from bot.delivery.rendering.rendered import RenderedMessage
from bot.services.tickets.comments import replies
from models.calendar.calendar import Calendar
from models.lifecycle import REQUESTER_WRITES, TEAM_ANSWERS, Action, Ending, HoldReason, Role
from models.outbox.delivery import Delivery
from models.outbox.details import ReminderDetails, UnheardDetails
from models.outbox.kinds import DeliveryState
from models.outbox.reasons import Reason
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from models.tickets.transitions import allowed
from tests.support.passing_days import DAY, HOUR, PassingDays, reminder_text
from tests.support.scenarios import again, hold, reply
from tests.support.use_case_desk import NOW, SmallDesk

PARIS = ZoneInfo("Europe/Paris")
PAUSES = [HOUR, 3 * HOUR, 9 * HOUR, DAY, 2 * DAY, 5 * DAY, 16 * DAY]
DONE: dict[Action, int] = {
    **{Action.ASK: 6, Action.RESOLVE: 6, Action.TAKE: 4, Action.REPLY: 2, Action.ASK_AGAIN: 3},
    **{Action.ANSWER: 1, Action.COMMENT: 2, Action.POSTPONE: 2, Action.REFUSE: 1, Action.REOPEN: 2},
    **{Action.HOLD: 1, Action.RESUME: 1},
}


@dataclass
class Run:
    """Tickets of two people, over some weeks; some reminders are lost."""

    days: PassingDays
    random: random.Random
    tickets: list[int] = field(default_factory=list)

    def go(self, steps: int) -> None:
        self.days.slack.refusal = self.refusal
        for _step in range(steps):
            if len(self.tickets) < 5:
                by = self.days.desk.actor(self.random.choice(["camille", "oliver"]))
                self.tickets.append(self.days.desk.open(by=by, now=self.days.now).id)
            self.act(self.random.choice(self.tickets))
            self.days.until(self.days.now + self.random.choice(PAUSES), step=12 * HOUR)
        self.days.until(self.days.now + 40 * DAY, step=12 * HOUR)

    def refusal(self, rendered: RenderedMessage) -> DeliveryError | None:
        is_lost = bool(reminder_text(rendered.blocks)) and self.random.random() < 0.15
        return Permanent(Reason.REFUSED, "chat.postMessage", "messages_tab_disabled") if is_lost else None

    def act(self, number: int) -> None:
        """Something that somebody may do now."""
        desk, now = self.days.desk, self.days.now
        with desk.sessions() as session:
            ticket = session.get_one(Ticket, number)
            name = ticket.requester.name.lower()
        people = {Role.REQUESTER: desk.actor(name), Role.TECHNICIAN: desk.actor("karim", "assistance")}
        possible = [
            (action, actor)
            for role, actor in people.items()
            for action in allowed(ticket, {role}, now=now, reopen_days=60)
            if action in DONE
        ]
        if possible:
            [(action, by)] = self.random.choices(possible, [DONE[action] for action, _by in possible])
            self.do(again(desk, ticket), action, by)

    def do(self, ticket: Ticket, action: Action, by: Actor) -> None:
        desk, now = self.days.desk, self.days.now
        match action:
            case Action.REPLY | Action.ASK:
                reply(desk, ticket, by, "Quelle salle ?", waits=action is Action.ASK, now=now)
            case Action.ANSWER | Action.COMMENT:
                form = f"{ticket.id}:{ticket.event_count}"
                desk.do(lambda uow: replies.add(uow, ticket.id, "B204.", files=(), submission=form), by, now)
            case Action.HOLD:
                hold(desk, ticket, by, self.random.choice([HoldReason.PART, HoldReason.REQUESTER]), now=now)
            case _:
                desk.act(ticket, action, by, "Voilà.", now)


def check(run: Run, calendar: Calendar) -> int:
    """What must hold. Returns how many tickets were closed by silence."""
    with run.days.desk.sessions() as session:
        events = session.scalars(select(Event).order_by(Event.ticket_id, Event.number)).all()
        rows = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        tickets = {each.id: each for each in session.scalars(select(Ticket))}
    sent = [row for row in rows if isinstance(row.details, ReminderDetails) and row.details.waits]
    sent = [row for row in sent if row.state is DeliveryState.SENT]
    _check_days(sent, calendar)
    lost = [row for row in rows if isinstance(row.details, UnheardDetails)]
    assert len({row.key for row in lost}) == len(lost)
    closed = [event for event in events if event.action is Action.CLOSE]
    for close in closed:
        before = [each for each in events if each.ticket_id == close.ticket_id and each.number < close.number]
        _check_closing(close, before, sent, calendar)
    assert all(each.ending is not Ending.SILENCE or each.closed_at for each in tickets.values())
    return len(closed)


def _check_days(sent: Sequence[Delivery], calendar: Calendar) -> None:
    """At most one message a day and person, in opening hours."""
    days = defaultdict[int | None, list[date]](list)
    for row in sent:
        assert row.started_at is not None
        assert calendar.is_open(row.started_at), "outside of the calendar"
        days[row.person_id].append(row.started_at.astimezone(PARIS).date())
    for some in days.values():
        assert len(some) == len(set(some)), "two reminders on a day"


def _check_closing(
    close: Event, before: Sequence[Event], sent: Sequence[Delivery], calendar: Calendar
) -> None:
    """The last word was the team's, and all its warnings had arrived."""
    assert calendar.is_open(close.at)
    words = [
        each
        for each in before
        if each.action in REQUESTER_WRITES | TEAM_ANSWERS or each.action is Action.HOLD
    ]
    asked = words[-1]
    assert asked.action not in REQUESTER_WRITES, "the last word is the requester's"
    warnings = [
        row for row in sent if (close.ticket_id, asked.number) in row.details_as(ReminderDetails).waits
    ]
    assert len(warnings) >= (2 if close.from_status == "resolved" else 3)
    assert all(row.completed_at and row.completed_at < close.at - timedelta(hours=20) for row in warnings)


def run(desk: SmallDesk, seed: int, steps: int) -> Run:
    done = Run(PassingDays(desk, NOW), random.Random(seed))
    done.go(steps)
    return done


@pytest.mark.parametrize("seed", range(4))
def test_reminders_and_closings_of_random_histories_keep_the_rules(small_desk: SmallDesk, seed: int) -> None:
    is_quick = small_desk.sessions.kw["bind"].dialect.name == "sqlite"
    with small_desk.sessions() as session:
        calendar = calendar_of(session)
    assert check(run(small_desk, seed, steps=30 if is_quick else 10), calendar) > 0
