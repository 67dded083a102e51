"""The errors of sending. Renderers and senders raise them; `bot.delivery.failures` does what follows."""

from datetime import datetime

from bot.observability.reasons import describe
from models.outbox.reasons import Cause, Reason


class DeliveryError(Exception):
    """Something was not sent. `cause` holds no personal data; as text it is a sentence for administrators."""

    def __init__(self, reason: Reason, call: str | None = None, code: str | None = None) -> None:
        super().__init__(reason)
        self.cause = Cause(reason, call, code)

    def __str__(self) -> str:
        return describe(self.cause)


class Permanent(DeliveryError):
    """It never will be: the delivery is dead."""


class ChannelUnreachable(Permanent):
    """The channel is gone, archived, unfit for tickets, or the bot is not in it or may not post there."""


class AddressMalformed(Permanent):
    """What is stored as the address of an e-mail is not one."""


class AddressRefused(Permanent):
    """The mail server takes nothing for this address."""


class CommentNotSent(Permanent):
    """The message that a file came with was not sent: the file has no thread to stand in."""


class ChannelMoved(DeliveryError):
    """The channel has another id now, under which it can be sent."""


class AccountClosed(DeliveryError):
    """The account that it is for was deactivated."""


class CardGone(DeliveryError):
    """The message to edit is no longer there, or can no longer be edited."""


class SenderPaused(DeliveryError):
    """Credentials or scopes are wrong: this sender can send nothing until an administrator changes that."""


class MethodPaused(DeliveryError):
    """A scope is missing for `method`, which fails until the app is installed anew."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(Reason.ACCESS_REFUSED, method, code)
        self.method = method


class RateLimited(DeliveryError):
    """Slack asked not to call `method` for `seconds`; a post, in the `channel` that it was for."""

    def __init__(self, method: str, seconds: float, channel: str | None = None) -> None:
        super().__init__(Reason.RATE_LIMITED, method)
        self.method, self.seconds, self.channel = method, seconds, channel


class Retryable(DeliveryError):
    """A passing failure. `maybe_sent`: it may have been sent all the same."""

    def __init__(
        self, reason: Reason, call: str | None = None, code: str | None = None, *, maybe_sent: bool = False
    ) -> None:
        super().__init__(reason, call, code)
        self.maybe_sent = maybe_sent


class NoAnswer(Retryable):
    """Slack or the mail server did not answer at all: a time-out, or no connection."""


class LeaseLost(DeliveryError):
    """A later attempt has taken the delivery over; this one sends nothing."""

    def __init__(self) -> None:
        super().__init__(Reason.LEASE_LOST)


class Defect(DeliveryError):
    """An unexpected error: `code` is its type. `maybe_sent`: it may have been sent all the same."""

    def __init__(self, code: str, *, maybe_sent: bool = False) -> None:
        super().__init__(Reason.UNEXPECTED_ERROR, code=code)
        self.maybe_sent = maybe_sent


class NotYet(Exception):
    """It is to be sent later, though nothing failed: the delivery is due again at `until`."""

    def __init__(self, until: datetime, reason: Reason) -> None:
        super().__init__(reason)
        self.until, self.cause = until, Cause(reason)


class Superseded(Exception):
    """There is nothing left to send: the delivery is skipped."""

    def __init__(self, reason: Reason, code: str | None = None) -> None:
        super().__init__(reason)
        self.cause = Cause(reason, code=code)
