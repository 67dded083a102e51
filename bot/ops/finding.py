"""What `guichet doctor` says of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The result of a check."""

    ok: bool
    text: str
    is_warning: bool = False
    """Something to do which keeps nothing from working."""

    @property
    def sign(self) -> str:
        """The word that its line begins with."""
        return "FAIL" if not self.ok else "warn" if self.is_warning else "ok"
