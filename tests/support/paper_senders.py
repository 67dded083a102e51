"""The worker's senders without Slack and without a mail server: they take everything, and keep e-mails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from itertools import count
from typing import Any, cast

from bot.delivery.rendering.rendered import RenderedMessage, Sent
from bot.delivery.sending import Senders
from bot.delivery.worker import Worker
from bot.settings import Settings
from tests.support.use_case_desk import SmallDesk


@dataclass
class PaperSlack:
    """Posts and edits every message, keeps what stands in direct messages, refuses what `refusal` says."""

    numbers: Any = field(default_factory=lambda: count(1))
    standing: dict[str, RenderedMessage] = field(default_factory=dict)
    posted: list[RenderedMessage] = field(default_factory=list)
    refusal: Callable[[RenderedMessage], Exception | None] = lambda _rendered: None

    def send(self, rendered: RenderedMessage, *, before_post: Callable[[], None], **_more: Any) -> Sent:
        if (refusal := self.refusal(rendered)) is not None:
            raise refusal
        before_post()
        channel, ts = rendered.channel or f"D{rendered.slack_id}", rendered.edit_ts
        if ts is None:
            ts = f"{next(self.numbers)}.001"
            self.posted.append(rendered)
        if rendered.replaces:
            self.delete(rendered.replaces)
        if rendered.slack_id:
            self.standing[ts] = rendered
        return Sent(channel, ts)

    def delete(self, sent: Sent) -> None:
        """Delete a message."""
        self.standing.pop(sent.ts, None)

    def publish(self, rendered: object) -> None:
        """Show an App Home."""


@dataclass
class PaperMailer:
    """Keeps the e-mails that it was given."""

    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage, *, before_data: Callable[[], object] = lambda: None) -> None:
        before_data()
        self.sent.append(message)


def paper_worker(
    desk: SmallDesk, mailer: PaperMailer, clock: Callable[[], datetime], slack: PaperSlack | None = None
) -> Worker:
    """A worker of a small desk."""
    senders = Senders(
        slack=cast(Any, slack or PaperSlack()),
        files=cast(Any, None),
        store=cast(Any, None),
        mailer=mailer,
        settings=Settings(_env_file=None, mail_from="aide@univ.example"),
        link=lambda message: f"https://slack.example/{message.ts if message else 'app'}",
    )
    return Worker(desk.sessions, senders, clock)
