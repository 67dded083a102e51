"""What people did, and what was acknowledged."""

import threading
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Comment:
    """The author of a comment, and the message under which it is."""

    name: str
    channel: str
    thread_ts: str


@dataclass
class Ledger:
    """Shared by all people."""

    submitted: set[str] = field(default_factory=set)
    """The titles of all submitted forms."""
    acknowledged: set[str] = field(default_factory=set)
    """The titles of forms that closed."""
    comments: dict[str, Comment] = field(default_factory=dict)
    """Messages in threads, by text."""
    replied: set[str] = field(default_factory=set)
    """Replies of technicians whose form closed."""
    files: dict[str, str] = field(default_factory=dict)
    """Files that must be stored, by their unique names, with the title or text of their form or message."""
    about_agreements: set[str] = field(default_factory=set)
    """What approvers and requesters wrote about an agreement, in forms that closed."""
    handed_over: int = 0
    """Transfers to another team whose form closed."""
    attached: int = 0
    """Forms that attached a ticket to another, or to an outage, and closed."""
    detached: int = 0
    """Presses of "Détacher" that were acknowledged."""
    declared: set[str] = field(default_factory=set)
    """Titles of declared outages whose form closed."""
    ended: int = 0
    """Resolved outages whose form closed."""
    followed: set[int] = field(default_factory=set)
    """Numbers of the tickets that follow an outage, as shown to their requesters."""
    refused: int = 0
    """Actions refused by the bot or by Slack."""
    crashed: list[str] = field(default_factory=list)
    """Exceptions in the people's threads."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count_refusal(self) -> None:
        """Count a refused action."""
        with self.lock:
            self.refused += 1
