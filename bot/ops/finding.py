"""What `guichet doctor` says of one thing, as a line and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The result of a check."""

    ok: bool
    text: str
    """One line: what is wrong, and what to do."""
    is_warning: bool = False
    """Something to do which keeps nothing from working."""
    check: str = ""
    """The check's name, for `--json`."""

    @property
    def sign(self) -> str:
        """The word that its line begins with."""
        return "FAIL" if not self.ok else "warn" if self.is_warning else "ok"


def well(text: str) -> Finding:
    """Nothing to do."""
    return Finding(True, text)


def warning(text: str) -> Finding:
    """Something to do which keeps nothing from working."""
    return Finding(True, text, is_warning=True)


def wrong(text: str) -> Finding:
    """Something that keeps people, or messages, waiting."""
    return Finding(False, text)


STATUS = {"ok": "ok", "warn": "warning", "FAIL": "failure"}


def as_json(findings: Sequence[Finding]) -> str:
    """`{"ok": true, "findings": [{"check": "database", "status": "ok", "text": "…"}]}`, for monitoring.
    Status: `ok`, `warning` or `failure`."""
    listed = [{"check": each.check, "status": STATUS[each.sign], "text": each.text} for each in findings]
    report = {"ok": all(each.ok for each in findings), "findings": listed}
    return json.dumps(report, ensure_ascii=False, indent=2)
