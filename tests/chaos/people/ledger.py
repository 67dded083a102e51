"""What people did, and what they may rely on."""

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """Who wrote something, and under which message."""

    name: str
    channel: str
    thread_ts: str


@dataclass
class Ledger:
    """Kept by everybody together."""

    submitted: set[str] = field(default_factory=set)
    """The titles of the forms that were sent, whatever came back."""
    acknowledged: set[str] = field(default_factory=set)
    """Those whose form closed: the help desk has them."""
    said: dict[str, Said] = field(default_factory=dict)
    """What was written in threads, by its words."""
    replied: set[str] = field(default_factory=set)
    """The answers of technicians whose form closed."""
    files: dict[str, str] = field(default_factory=dict)
    """The files that must have come, by their names, which nobody uses twice; with the title or the words."""
    handed_over: int = 0
    """How many forms closed by which a ticket was handed to another team."""
    declared: set[str] = field(default_factory=set)
    """The titles of the outages whose form closed."""
    ended: int = 0
    """How many outages were ended by a form that closed."""
    followed: set[int] = field(default_factory=set)
    """The numbers of the tickets by which somebody was told that they follow an outage."""
    refused: int = 0
    """How often somebody was told, in words or by Slack, that it did not work."""
    crashed: list[str] = field(default_factory=list)
    """What went wrong with the people themselves."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count_refusal(self) -> None:
        """Somebody was told that it did not work."""
        with self.lock:
            self.refused += 1
