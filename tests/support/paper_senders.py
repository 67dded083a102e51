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
    """Posts and edits every message."""

    numbers: Any = field(default_factory=lambda: count(1))

    def send(self, rendered: RenderedMessage, *, before_post: Callable[[], None], **_more: Any) -> Sent:
        before_post()
        channel = rendered.channel or f"D{rendered.slack_id}"
        return Sent(channel, rendered.edit_ts or f"{next(self.numbers)}.000")

    def delete(self, sent: Sent) -> None:
        """Delete a message."""

    def publish(self, rendered: object) -> None:
        """Show an App Home."""


@dataclass
class PaperMailer:
    """Keeps the e-mails that it was given."""

    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage, *, before_data: Callable[[], object] = lambda: None) -> None:
        before_data()
        self.sent.append(message)


def paper_worker(desk: SmallDesk, mailer: PaperMailer, clock: Callable[[], datetime]) -> Worker:
    """A worker of a small desk."""
    senders = Senders(
        slack=cast(Any, PaperSlack()),
        files=cast(Any, None),
        store=cast(Any, None),
        mailer=mailer,
        settings=Settings(_env_file=None, mail_from="aide@univ.example"),
        link=lambda message: f"https://slack.example/{message.ts if message else 'app'}",
    )
    return Worker(desk.sessions, senders, clock)
