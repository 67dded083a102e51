"""Failures that a test asks for: too many requests, a broken server, silence, a cut line."""

from dataclasses import dataclass
from typing import Literal

from playground.state.workspace import Json

_HTTP = (429, 500, "timeout", "reset")
_SMTP = ("451", "reset")


@dataclass
class Fault:
    """The next `times` uses of a method go wrong in one way.

    `before`: nothing happened. `after`: the effect happened and the answer is lost.
    """

    target: str  # a Web API method's name, or "smtp"
    status: int | str
    times: int = 1
    when: Literal["before", "after"] = "before"
    retry_after: int = 1  # seconds, with a 429

    @property
    def http_status(self) -> int:
        """The status in the record of calls; 0 when the caller gets none."""
        return self.status if isinstance(self.status, int) else 0


class Faults:
    """Those asked for and not used up, in the order of asking."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def ask(self, wish: Json) -> None:
        """Add what the body of `POST /_control/faults` describes; `ValueError` says what is wrong with it."""
        target = "smtp" if "smtp" in wish else wish.get("method")
        status = wish.get("smtp", wish.get("status"))
        allowed: tuple[int | str, ...] = _SMTP if target == "smtp" else _HTTP
        if not isinstance(target, str) or status not in allowed:
            raise ValueError(f"a fault needs a method (or smtp) and one of {allowed}")
        if wish.get("when", "before") not in ("before", "after"):
            raise ValueError("when is before or after")
        numbers = {key: int(wish[key]) for key in ("times", "retry_after") if key in wish}
        self._waiting.append(Fault(target, status, when=wish.get("when", "before"), **numbers))

    def take(self, target: str) -> Fault | None:
        """The fault that befalls this use of `target`, if any; it counts once."""
        for fault in self._waiting:
            if fault.target == target:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Let everything work again."""
        self._waiting.clear()
