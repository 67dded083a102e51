"""How sending can end otherwise than well. The two senders raise these; the worker decides what follows."""

from dataclasses import dataclass


class NotSent(Exception):
    """Something was not sent; `reason` is a short code without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undeliverable(NotSent):
    """It never will be: the delivery is dead."""


class ChannelUnreachable(Undeliverable):
    """The channel is gone, archived, unfit for tickets, or the bot is not in it or may not post there."""


class AddressMalformed(Undeliverable):
    """What is kept as the address of an e-mail is none."""


class AddressRefused(Undeliverable):
    """The mail server takes nothing for this address."""


class WordsMissing(Undeliverable):
    """The message that a file came with was not sent: the file has no thread to stand in."""


class ChannelMoved(NotSent):
    """The channel has another id now, under which it can be sent."""


class AccountClosed(NotSent):
    """The account that it is for was deactivated."""


class CardGone(NotSent):
    """The message to edit is no longer there, or can no longer be edited."""


class SenderStopped(NotSent):
    """Credentials or scopes are wrong: nothing of this sender can leave until somebody mends it."""


@dataclass
class MethodStopped(NotSent):
    """A scope is missing for `method`: nothing that needs it can leave until the app is installed anew."""

    method: str
    code: str

    def __post_init__(self) -> None:
        super().__init__(f"{self.method}: {self.code}")


@dataclass
class RateLimited(NotSent):
    """The far side asked for a rest: `seconds`, for `method`; for a post, with the `channel` it was for."""

    method: str
    seconds: float
    channel: str | None = None

    def __post_init__(self) -> None:
        super().__init__(f"ratelimited: {self.method}")


@dataclass
class TryAgain(NotSent):
    """A passing failure. `reached`: the far side may have had it all the same."""

    why: str
    reached: bool

    def __post_init__(self) -> None:
        super().__init__(self.why)


class NoAnswer(TryAgain):
    """The far side did not answer at all: a time-out, or no connection."""


class LeaseLost(NotSent):
    """A later attempt has taken the delivery over; this one sends nothing."""


@dataclass
class Defect(NotSent):
    """An error that nobody expected. `reached`: the far side may have had it all the same."""

    why: str
    reached: bool

    def __post_init__(self) -> None:
        super().__init__(self.why)
