"""Injected faults: errors, rate limits, server errors, time-outs, latency."""

import re
from dataclasses import dataclass, field
from typing import Literal

from playground.state.workspace import Json

_HTTP = (429, 500, 503, "timeout", "reset", "truncated", "empty", "html")
_SMTP_REPLY = re.compile(r"[45]\d\d( .+)?")
SMTP_STAGES = ("greeting", "ehlo", "mail", "rcpt", "data")


@dataclass
class Fault:
    """A fault in the next `times` uses of a target; 0: until `clear`.

    `before`: the call has no effect. `after`: it has its effect, and the answer is lost or an error.
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
    latency: float = 0.0  # seconds before the answer; without another field nothing fails
    stage: str = "data"  # of the SMTP dialogue
    where: Json = field(default_factory=dict)  # only calls with these arguments

    @property
    def http_status(self) -> int:
        """The status in the record of calls; 0 when the caller gets none."""
        return self.status if isinstance(self.status, int) else 200 if self.error or self.body_only else 0

    @property
    def body_only(self) -> bool:
        """Whether there is a response without a usable body."""
        return self.status in ("truncated", "empty", "html")

    @property
    def fails(self) -> bool:
        """Whether the use fails, and is not only slow."""
        is_delivery = self.target.startswith(("event ", "ack "))
        return bool(self.status or self.error or self.location) or is_delivery


class Faults:
    """The faults that are not used up, in the order of `add`."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, request: Json) -> None:
        """Add what the body of `POST /_control/faults` describes; raises `ValueError` for an invalid one."""
        fault = _read(request)
        if fault.target == "smtp":
            _check_smtp(fault)
        elif fault.status and fault.status not in _HTTP:
            raise ValueError(f"status is one of {_HTTP}")
        elif not fault.fails and not fault.latency:
            raise ValueError("a fault needs a status, an error, a redirect or a latency")
        if fault.when not in ("before", "after"):
            raise ValueError("when is before or after")
        self._waiting.append(fault)

    def take(self, target: str, stage: str = "data", arguments: Json | None = None) -> Fault | None:
        """The fault that applies to this use of `target`, if any; counted as used."""
        failing = (fault for fault in self._waiting if fault.fails)
        fault = next((f for f in failing if _applies(f, target, arguments) and f.stage == stage), None)
        return None if fault is None else self._count(fault)

    def latency(self, target: str, arguments: Json | None = None) -> float:
        """Seconds of latency of this use of `target`; counted as used."""
        slow = [fault for fault in self._waiting if not fault.fails and _applies(fault, target, arguments)]
        return sum(self._count(fault).latency for fault in slow)

    def clear(self) -> None:
        """Remove every fault."""
        self._waiting.clear()

    def _count(self, fault: Fault) -> Fault:
        if fault.times == 1:
            self._waiting.remove(fault)
        fault.times -= fault.times > 0
        return fault


def _applies(fault: Fault, target: str, arguments: Json | None) -> bool:
    any_method = fault.target == "*" and "." in target
    given = arguments or {}
    return (any_method or fault.target == target) and all(given.get(k) == v for k, v in fault.where.items())


def _read(request: Json) -> Fault:
    target = next((name for name in ("smtp", "download", "upload") if name in request), request.get("method"))
    for kind in ("event", "ack"):
        if kind in request:
            target = f"{kind} {request[kind]}"
    if not isinstance(target, str):
        raise ValueError("a fault needs a method, smtp, download, upload, an event or an ack")
    fault = Fault(
        target, status=request.get("smtp") or request.get("status") or "", times=int(request.get("times", 1))
    )
    fault.when, fault.retry_after = request.get("when", "before"), int(request.get("retry_after", 1))
    fault.error, fault.location = str(request.get("error", "")), str(request.get("redirect", ""))
    fault.latency, fault.stage = float(request.get("latency", 0)), str(request.get("stage", "data"))
    fault.where = dict(request.get("where") or {})
    if fault.latency and not fault.fails and "times" not in request:
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
