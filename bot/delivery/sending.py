"""Hands what was rendered to its sender. No session is open while anything is sent."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.db.session import Sessions
from bot.delivery import message_references
from bot.delivery.handlers import approvers, departures
from bot.delivery.handlers.attachments import Attachments
from bot.delivery.handlers.readings import Readings
from bot.delivery.lease import Lease
from bot.delivery.own_data.posting import OwnDataPosting
from bot.delivery.rendering.rendered import (
    ApproverReading,
    ChannelReading,
    DepartureReading,
    FileRemoval,
    MessageRemoval,
    Outcome,
    Rendered,
    RenderedEmail,
    RenderedFile,
    RenderedHome,
    RenderedMessage,
    RenderedOwnData,
    Sent,
)
from bot.delivery.senders.files import SlackFiles
from bot.delivery.senders.mail import Mailer, compose
from bot.delivery.senders.slack import SlackSender
from bot.services.own_data.outcome import Posted
from bot.settings import Settings
from bot.slack.directory import Directory
from bot.storage.base import Store
from models.outbox.delivery import Delivery


@dataclass(frozen=True)
class Senders:
    """Slack, the mail server and the store, as the worker uses them."""

    slack: SlackSender
    files: SlackFiles
    store: Store
    mailer: Mailer
    settings: Settings
    link: Callable[[Sent | None], str]
    """The address that opens a message in Slack, or the help desk."""
    directory: Directory | None = None
    """Channels in Slack, with the time-out of a sender."""
    people: Directory | None = None
    """People in Slack, with the time-out of a listener: an e-mail waits for it."""


@dataclass(frozen=True)
class Sending:
    """Sends what was rendered for a delivery."""

    sessions: Sessions
    senders: Senders
    attachments: Attachments
    readings: Readings
    own_data: OwnDataPosting

    def send(self, delivery: Delivery, rendered: Rendered, lease: Lease) -> Outcome:
        """Send it. Raises `DeliveryError`."""
        match rendered:
            case RenderedMessage():
                since = delivery.created_at if delivery.uncertain else None
                return self.senders.slack.send(
                    rendered, key=delivery.key, since=since, before_post=lease.hold
                )
            case MessageRemoval(message):
                self.senders.slack.delete(message)
            case RenderedHome():
                self.senders.slack.publish(rendered)
            case RenderedEmail():
                return self._send_mail(rendered, lease)
            case RenderedFile():
                return self.attachments.post(delivery, rendered)
            case RenderedOwnData():
                message = self.own_data.post(delivery, rendered)
                return Posted(message.channel, message.ts, self.senders.link(message))
            case FileRemoval():
                self.attachments.remove(rendered)
            case ChannelReading(channel=channel):
                self.readings.read_channel(channel)
            case ApproverReading():
                return approvers.read(self.senders.directory, rendered, keep=lease.keep)
            case DepartureReading():
                return departures.read(self.senders.directory, rendered, keep=lease.keep)
        return None

    def _send_mail(self, rendered: RenderedEmail, lease: Lease) -> str:
        message = compose(rendered, self.senders.settings, link=self.senders.link(rendered.message))
        message_id = str(message["Message-ID"])
        is_root = rendered.ticket.mail_root is None and rendered.asked_for is None
        if is_root:  # saved first: the answer to sending it may be lost
            with self.sessions.begin() as session:
                message_references.begin_mail_thread(session, rendered.ticket.id, message_id)
        self.senders.mailer.send(message, before_data=lease.renew)
        return message_id
