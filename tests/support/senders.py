"""The worker's senders, against a test's local Slack and mailbox."""

from dataclasses import replace
from typing import Any

from bot.bootstrap import create_store
from bot.delivery.senders.files import SlackFiles
from bot.delivery.senders.slack import SlackSender
from bot.delivery.senders.smtp.mailer import SmtpMailer
from bot.delivery.sending import Senders
from bot.slack.client import worker_client
from playground.state.workspace import BOT_TOKEN
from tests.support.help_desk import Desk


def make_senders(desk: Desk, token: str = BOT_TOKEN, timeout: int = 20, **more: Any) -> Senders:
    """Senders, some of one's choice."""
    client = worker_client(token, desk.settings.slack_api_url, timeout=timeout)
    senders = Senders(
        slack=SlackSender(client),
        files=SlackFiles(client),
        store=create_store(desk.settings),
        mailer=SmtpMailer(desk.slack.smtp_url),
        settings=desk.settings,
        link=lambda _message: "https://slack.example/",
    )
    return replace(senders, **more)
