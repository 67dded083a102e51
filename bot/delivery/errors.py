"""How sending can end otherwise than well. The two senders raise these; the worker decides what follows."""

from dataclasses import dataclass


class DeliveryError(Exception):
    """Something was not sent; `reason` is a short code without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Permanent(DeliveryError):
    """It never will be: the delivery is dead."""


class ChannelUnreachable(Permanent):
    """The channel is gone, archived, unfit for tickets, or the bot is not in it or may not post there."""


class AddressMalformed(Permanent):
    """What is kept as the address of an e-mail is none."""


class AddressRefused(Permanent):
    """The mail server takes nothing for this address."""


class WordsMissing(Permanent):
    """The message that a file came with was not sent: the file has no thread to stand in."""


class ChannelMoved(DeliveryError):
    """The channel has another id now, under which it can be sent."""


class AccountClosed(DeliveryError):
    """The account that it is for was deactivated."""


class CardGone(DeliveryError):
    """The message to edit is no longer there, or can no longer be edited."""


class SenderPaused(DeliveryError):
    """Credentials or scopes are wrong: nothing of this sender can leave until somebody mends it."""


@dataclass
class MethodPaused(DeliveryError):
    """A scope is missing for `method`: nothing that needs it can leave until the app is installed anew."""

    method: str
    code: str

    def __post_init__(self) -> None:
        super().__init__(f"{self.method}: {self.code}")


@dataclass
class RateLimited(DeliveryError):
    """The far side asked for a rest: `seconds`, for `method`; for a post, with the `channel` it was for."""

    method: str
    seconds: float
    channel: str | None = None

    def __post_init__(self) -> None:
        super().__init__(f"ratelimited: {self.method}")


@dataclass
class Retryable(DeliveryError):
    """A passing failure. `reached`: the far side may have had it all the same."""

    why: str
    reached: bool

    def __post_init__(self) -> None:
        super().__init__(self.why)


class NoAnswer(Retryable):
    """The far side did not answer at all: a time-out, or no connection."""


class LeaseLost(DeliveryError):
    """A later attempt has taken the delivery over; this one sends nothing."""


@dataclass
class Defect(DeliveryError):
    """An error that nobody expected. `reached`: the far side may have had it all the same."""

    why: str
    reached: bool

    def __post_init__(self) -> None:
        super().__init__(self.why)
