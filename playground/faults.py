"""Failures that a test asks for: refusals, too many requests, a broken server, silence, slowness."""

import re
from dataclasses import dataclass, field
from typing import Literal

from playground.state.workspace import Json

_HTTP = (429, 500, 503, "timeout", "reset", "truncated", "empty", "html")
_SMTP_REPLY = re.compile(r"[45]\d\d( .+)?")
SMTP_STAGES = ("greeting", "ehlo", "mail", "rcpt", "data")


@dataclass
class Fault:
    """The next `times` uses of a target go wrong in one way; 0 is for ever.

    `before`: nothing happened. `after`: the effect happened and the answer is lost, or says no.
    """

    target: (
        str  # a method, "*" for all of them, "download", "upload", "smtp", "event …", "ack view_submission"
    )
    status: int | str = ""
    times: int = 1
    when: Literal["before", "after"] = "before"
    retry_after: int = 1  # seconds, with a 429
    error: str = ""  # what Slack answers: `{"ok": false, "error": …}`
    location: str = ""  # where a download is redirected to
    latency: float = 0.0  # seconds that the answer takes longer; alone it spoils nothing
    stage: str = "data"  # of the mail server's dialogue
    where: Json = field(default_factory=dict)  # only calls with these arguments

    @property
    def http_status(self) -> int:
        """The status in the record of calls; 0 when the caller gets none."""
        return self.status if isinstance(self.status, int) else 200 if self.error or self.body_only else 0

    @property
    def body_only(self) -> bool:
        """Whether the answer comes, but is none."""
        return self.status in ("truncated", "empty", "html")

    @property
    def spoils(self) -> bool:
        """Whether something goes wrong, and is not only slow."""
        travels = self.target.startswith(("event ", "ack "))
        return bool(self.status or self.error or self.location) or travels


class Faults:
    """Those asked for and not used up, in the order of asking."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def ask(self, wish: Json) -> None:
        """Add what the body of `POST /_control/faults` describes; `ValueError` says what is wrong with it."""
        fault = _read(wish)
        if fault.target == "smtp":
            _check_smtp(fault)
        elif fault.status and fault.status not in _HTTP:
            raise ValueError(f"status is one of {_HTTP}")
        elif not fault.spoils and not fault.latency:
            raise ValueError("a fault needs a status, an error, a redirect or a latency")
        if fault.when not in ("before", "after"):
            raise ValueError("when is before or after")
        self._waiting.append(fault)

    def take(self, target: str, stage: str = "data", arguments: Json | None = None) -> Fault | None:
        """The fault that befalls this use of `target`, if any; it counts once."""
        spoiling = (fault for fault in self._waiting if fault.spoils)
        fault = next((f for f in spoiling if _applies(f, target, arguments) and f.stage == stage), None)
        return None if fault is None else self._count(fault)

    def latency(self, target: str, arguments: Json | None = None) -> float:
        """How many seconds longer this use of `target` takes."""
        slow = [fault for fault in self._waiting if not fault.spoils and _applies(fault, target, arguments)]
        return sum(self._count(fault).latency for fault in slow)

    def clear(self) -> None:
        """Let everything work again."""
        self._waiting.clear()

    def _count(self, fault: Fault) -> Fault:
        if fault.times == 1:
            self._waiting.remove(fault)
        fault.times -= fault.times > 0
        return fault


def _applies(fault: Fault, target: str, arguments: Json | None) -> bool:
    every = fault.target == "*" and "." in target  # a method
    given = arguments or {}
    return (every or fault.target == target) and all(given.get(k) == v for k, v in fault.where.items())


def _read(wish: Json) -> Fault:
    target = next((name for name in ("smtp", "download", "upload") if name in wish), wish.get("method"))
    for travels in ("event", "ack"):
        if travels in wish:
            target = f"{travels} {wish[travels]}"
    if not isinstance(target, str):
        raise ValueError("a fault needs a method, smtp, download, upload, an event or an ack")
    fault = Fault(
        target, status=wish.get("smtp") or wish.get("status") or "", times=int(wish.get("times", 1))
    )
    fault.when, fault.retry_after = wish.get("when", "before"), int(wish.get("retry_after", 1))
    fault.error, fault.location = str(wish.get("error", "")), str(wish.get("redirect", ""))
    fault.latency, fault.stage = float(wish.get("latency", 0)), str(wish.get("stage", "data"))
    fault.where = dict(wish.get("where") or {})
    if fault.latency and not fault.spoils and "times" not in wish:
        fault.times = 0
    return fault


def _check_smtp(fault: Fault) -> None:
    known = fault.status == "reset" or (fault.status == "no_smtputf8" and fault.stage == "ehlo")
    if not known and not _SMTP_REPLY.fullmatch(str(fault.status)):
        raise ValueError(
            'smtp is a refusal such as "451" or "550 5.7.60 …", "reset", or "no_smtputf8" at ehlo'
        )
    if fault.stage not in SMTP_STAGES:
        raise ValueError(f"stage is one of {SMTP_STAGES}")
