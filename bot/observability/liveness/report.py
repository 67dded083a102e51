"""What `guichet health` says of the processes in this TMPDIR."""

import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from bot.observability.liveness.heartbeat import PREFIX, RECORD
from bot.temporary import folders_in_use

HUNG_AFTER = 120.0
"""Seconds without a heartbeat. A turn waits 15 s for a statement, and 20 s for the portions of a job."""
ANSWER_WITHIN = 5.0  # seconds
ALL_ADDRESSES = {"0.0.0.0": "127.0.0.1", "::": "::1"}

# PermissionError: the process ended, and one of another user has its number now.
GONE = (ProcessLookupError, PermissionError, FileNotFoundError, ValueError)


@dataclass(frozen=True)
class Health:
    """What is known of one process, or that there is none."""

    ok: bool
    text: str
    """A sentence for administrators."""


def report(command: str | None = None) -> list[Health]:
    """A line for each process of this user that runs `command`, or for each of any; one that fails when there
    is none."""
    found = [
        health_of(folder, process)
        for folder, process in _processes()
        if command is None or process["command"] == command
    ]
    wanted = f"guichet {command}" if command else "process of Guichet"
    return found or [Health(False, f"no {wanted} of this user runs here (TMPDIR {tempfile.gettempdir()})")]


def health_of(folder: Path, process: Mapping[str, Any]) -> Health:
    """Whether a process answers on its port, if it has one, and whether each of its loops turns."""
    name = f"{process['command']} (process {process['pid']})"
    host, port = process["host"], process["port"]
    if port and (problem := _no_answer(ALL_ADDRESSES.get(host, host), port)):
        return Health(False, f"{name} does not answer on port {port}: {problem}")
    beats = dict(_beats(folder, process["pid"]))
    hung = [f"{loop} for {age:.0f} s" for loop, age in sorted(beats.items()) if age > HUNG_AFTER]
    if hung:
        return Health(False, f"{name} hangs: no heartbeat of {', '.join(hung)}")
    if not beats and not port:
        return Health(False, f"{name} is starting: it has no heartbeat yet")
    signs = [f"answers on port {port}"] if port else []
    signs += [f"its loops turn, the last {max(beats.values()):.0f} s ago"] if beats else []
    return Health(True, f"{name}: {', '.join(signs)}")


def _processes() -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for folder in folders_in_use(PREFIX):
        try:
            process = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            os.kill(process["pid"], 0)
        except GONE:  # it is just starting, or ending
            continue
        yield folder, process


def _beats(folder: Path, parent: int) -> Iterator[tuple[str, float]]:
    """The loops of the processes that live, each with the seconds since its last heartbeat."""
    now = time.monotonic()
    for path in folder.glob("*.*"):
        loop, _dot, pid = path.name.rpartition(".")
        try:
            os.kill(int(pid), 0)
            name = loop if int(pid) == parent else f"{loop} in its child {pid}"
            yield name, max(0.0, now - float(path.read_text(encoding="ascii")))
        except GONE:  # a child that was replaced
            continue


def _no_answer(host: str, port: int) -> str | None:
    """Why `/healthz` does not answer there, if so."""
    connection = HTTPConnection(host, port, timeout=ANSWER_WITHIN)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except TimeoutError:
        return f"nothing within {ANSWER_WITHIN:.0f} s"
    except (OSError, HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()
    return None if status == 200 else f"HTTP {status}"
