"""A small desk whose days pass: its periodic jobs run, and its worker sends."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil

from sqlalchemy import func, select

from blocks.kit.block_text import block_text
from bot.db.session import Sessions
from bot.delivery.worker import Worker
from bot.services.tickets.triage import resume_on_date
from bot.services.tickets.waits.reminders import remind
from bot.services.tickets.waits.silence import close_silent
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.tickets.ticket import Ticket
from tests.support.paper_senders import PaperMailer, PaperSlack, paper_worker
from tests.support.use_case_desk import NOW, SmallDesk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class PassingDays:
    """`reminders`: when each reminder message was posted, and what it says."""

    desk: SmallDesk
    now: datetime = NOW
    slack: PaperSlack = field(default_factory=PaperSlack)
    mailer: PaperMailer = field(default_factory=PaperMailer)
    reminders: list[tuple[datetime, str]] = field(default_factory=list)

    @cached_property
    def worker(self) -> Worker:
        return paper_worker(self.desk, self.mailer, lambda: self.now, self.slack)

    def until(self, at: datetime, *, step: timedelta = 6 * HOUR) -> None:
        """Let the time pass, in steps; those in which nothing is due are left out."""
        while self.now < at:
            idle = (next_due(self.desk.sessions) or at) - self.now
            self.now = min(self.now + step * max(ceil(idle / step), 1), at)
            self.work()

    def work(self) -> None:
        """What a worker does at a time: the jobs that are due, then what is to be sent."""
        for job in (resume_on_date, remind, close_silent):
            self.desk.do(job, now=self.now)
        self.worker.drain()
        for message in self.slack.posted:
            if text := reminder_text(message.blocks):
                self.reminders.append((self.now, text))
        self.slack.posted.clear()

    @property
    def standing(self) -> list[str]:
        """The reminders that stand in direct messages."""
        shown = (reminder_text(message.blocks) for message in self.slack.standing.values())
        return [text for text in shown if text]

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mailer.sent]


def next_due(sessions: Sessions) -> datetime | None:
    """When a date of a ticket's comes next, or a delivery is due; `None`: never."""
    pending = Delivery.state == DeliveryState.PENDING
    dates = [Ticket.wakes_at, Ticket.remind_requester_at, Ticket.close_at]
    moments = [select(func.min(date)).scalar_subquery() for date in dates]
    due = func.coalesce(Delivery.lease_until, Delivery.due_at)
    moments.append(select(func.min(due)).where(pending).scalar_subquery())
    with sessions() as session:
        return min(filter(None, session.execute(select(*moments)).one()), default=None)


def reminder_text(blocks: object) -> str:
    """The text of a reminder; "" of another message."""
    text = block_text(blocks)
    head = text.partition("\n")[0]
    return text if "attend votre" in head or "attendent votre" in head or "waiting for you" in head else ""
