"""Logs: one line per record, with the request it belongs to; no text that people wrote, no address, no name,
no token.

Messages of other libraries may quote a payload: only their beginning is logged. Messages of exceptions may
quote a value: only the type and the traceback's places are logged.
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

if TYPE_CHECKING:  # every command imports this first, and pydantic is slow to import
    from bot.settings import LogFormat, LogLevel

ROOT = Path(__file__).parents[2]
OURS = frozenset({"bot", "blocks", "models", "guichet"})
_QUOTED = re.compile(r"[\[({<'\"\n].*", re.DOTALL)
# An address, a token of Slack's, a URL's password. Our own messages hold none; this is a safeguard. The
# lookbehind and the possessive quantifier keep the search linear.
_SECRET = re.compile(r"(?<![^\s@/])[^\s@/]++@[^\s@]+|x(ox[a-z]|app)-\S+")
_request: ContextVar[str | None] = ContextVar("request", default=None)


@contextmanager
def request(request_id: str | None = None) -> Iterator[None]:
    """Give the records logged within the block this request id, or a new one."""
    token = _request.set(request_id or secrets.token_hex(4))
    try:
        yield
    finally:
        _request.reset(token)


def configure(log_format: "LogFormat" = "text", log_level: "LogLevel" = "info") -> None:
    """Log to standard error from a level up. Libraries log from INFO up at the least: below that, they quote
    payloads, addresses and tokens."""
    level = logging.getLevelNamesMapping()[log_level.upper()]
    root = logging.getLogger()
    root.setLevel(max(level, logging.INFO))
    for name in OURS:
        logging.getLogger(name).setLevel(level if level < logging.INFO else logging.NOTSET)
    _stderr.setFormatter(JsonLines() if log_format == "json" else TextLines())
    if _stderr not in root.handlers:
        root.addHandler(_stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)


class _Stderr(logging.Handler):
    """Writes to the current `sys.stderr`, which a test may have replaced."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 (a failure to log must not fail the work)
            self.handleError(record)


_stderr = _Stderr()


class TextLines(logging.Formatter):
    """Text: time, level, logger, `[request]`, message, and an error's types and places."""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        request_id = f" [{facts['request']}]" if "request" in facts else ""
        error = f" | {facts['error']} at {' > '.join(facts['at'])}" if "error" in facts else ""
        line = f"{facts['time']} {facts['level']} {facts['logger']}{request_id}: {facts['message']}{error}"
        return " ".join(line.splitlines())


class JsonLines(logging.Formatter):
    """The same as a JSON object, with the record's `fields`."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(facts_of(record) | getattr(record, "fields", {}), ensure_ascii=False)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """The contents of a record's line."""
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    facts: dict[str, Any] = {
        "time": time.replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "message": _message(record),
    }
    if request_id := _request.get():
        facts["request"] = request_id
    if record.exc_info and record.exc_info[1]:
        error = record.exc_info[1]
        facts["error"], facts["at"] = _types(error), _frames(error)
    return facts


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    if record.name.partition(".")[0] not in OURS:
        message = _QUOTED.sub("…", message)
    return _SECRET.sub("…", message)


def _types(error: BaseException) -> str:
    """The types of an error and of its causes."""
    names = [type(error).__qualname__]
    while (cause := error.__cause__ or error.__context__) is not None and len(names) < 5:
        error = cause
        names.append(type(error).__qualname__)
    return " from ".join(names)


def _frames(error: BaseException) -> list[str]:
    """The frames of its traceback, outermost first."""
    return [
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__, limit=-20)
    ]


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return str(path.relative_to(ROOT))
    return "/".join(path.parts[-2:])
