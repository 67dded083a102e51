"""Logs: one line a record, with the request that it belongs to; nothing that people wrote, nobody's address
or name, no token.

What other libraries say of a payload, and what an exception says of a value, may hold all of these: of the
first only the beginning is kept, of the second its type and where it was raised.
"""

import json
import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # every command imports this first, and the settings take a while
    from bot.settings import LogFormat

ROOT = Path(__file__).parents[2]
OURS = frozenset({"bot", "blocks", "models", "guichet"})
_QUOTED = re.compile(r"[\[({<'\"\n].*", re.DOTALL)
# An address, a token of Slack's, a URL's password: nothing of ours says one; the net under that. What stands
# before an "@" is read from its beginning only, and not again from each of its letters.
_SECRET = re.compile(r"(?<![^\s@/])[^\s@/]++@[^\s@]+|x(ox[a-z]|app)-\S+")
_request: ContextVar[str | None] = ContextVar("request", default=None)


@contextmanager
def request(request_id: str | None = None) -> Iterator[None]:
    """What is logged inside belongs to this request, or to a new one."""
    token = _request.set(request_id or secrets.token_hex(4))
    try:
        yield
    finally:
        _request.reset(token)


def configure(log_format: "LogFormat" = "text") -> None:
    """Write the logs of this process to standard error, those of its libraries included, from INFO up."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    _stderr.setFormatter(JsonLines() if log_format == "json" else TextLines())
    if _stderr not in root.handlers:
        root.addHandler(_stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)


class _Stderr(logging.Handler):
    """What standard error is at the moment: a test may have put another in its place."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 (a line that cannot be written must not stop the work)
            self.handleError(record)


_stderr = _Stderr()


class TextLines(logging.Formatter):
    """A line for people: time, level, logger, `[request]`, message, and where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        request_id = f" [{facts['request']}]" if "request" in facts else ""
        error = f" | {facts['error']} at {' > '.join(facts['at'])}" if "error" in facts else ""
        line = f"{facts['time']} {facts['level']} {facts['logger']}{request_id}: {facts['message']}{error}"
        return " ".join(line.splitlines())


class JsonLines(logging.Formatter):
    """A line for machines: the same as a JSON object, and what the record carries in `fields`."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(facts_of(record) | getattr(record, "fields", {}), ensure_ascii=False)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What a line says of a record."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    facts: dict[str, Any] = {
        "time": at.replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "message": _message(record),
    }
    if request_id := _request.get():
        facts["request"] = request_id
    if record.exc_info and record.exc_info[1]:
        error = record.exc_info[1]
        facts["error"], facts["at"] = _types(error), _places(error)
    return facts


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    if record.name.partition(".")[0] not in OURS:
        message = _QUOTED.sub("…", message)
    return _SECRET.sub("…", message)


def _types(error: BaseException) -> str:
    """The type of an error, and of what led to it."""
    names = [type(error).__qualname__]
    while (cause := error.__cause__ or error.__context__) is not None and len(names) < 5:
        error = cause
        names.append(type(error).__qualname__)
    return " from ".join(names)


def _places(error: BaseException) -> list[str]:
    """Where it went through, outermost first."""
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__, limit=-20)
    ]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return str(path.relative_to(ROOT))
    return "/".join(path.parts[-2:])
