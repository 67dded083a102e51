"""The bot's real processes, as an administrator starts them, against a local Slack."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from slack_sdk.signature import SignatureVerifier

from bot.catalogue.file import read_catalogue
from bot.local_slack import workspace_for
from bot.slack.manifest import manifest
from playground.state.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from playground.testing import Playground

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "catalogue.yaml"
STARTING = 120.0  # seconds: no test fails because the machine has much else to do
STOPPING = 25.0  # less than the 30 s after which the server kills a child that does not end


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def local_slack(
    port: int | None, people: list[dict[str, Any]] | None = None, **options: Any
) -> Iterator[Playground]:
    """A local Slack that delivers to this port, or over Socket Mode; `people` come on top of its own, and
    `options` are `Playground`'s."""
    workspace = workspace_for(read_catalogue(CATALOGUE))
    workspace["people"] = [*workspace["people"], *(people or [])]
    address = f"http://127.0.0.1:{port}/slack/events" if port else None
    with Playground(
        manifest(request_url=address), workspace, request_url=address, rate_limits=False, **options
    ) as playground:
        yield playground


def variables(slack: Playground, database_url: str, folder: Path, port: int | None = None) -> dict[str, str]:
    """The settings of a process: over HTTP on `port`, or over Socket Mode without one."""
    transport = (
        {"SLACK_SIGNING_SECRET": SIGNING_SECRET, "PORT": str(port)}
        if port
        else {"SLACK_APP_TOKEN": APP_TOKEN}
    )
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {
        **inherited,
        **transport,
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": slack.api_url,
        "SMTP_URL": slack.smtp_url,
        "MAIL_FROM": "Centre d’aide <centre-aide@univ.example>",
        "DATABASE_URL": database_url,
        "ATTACHMENTS_URL": str(folder / "attachments"),
        "CATALOGUE": str(CATALOGUE),
        "ARTICLES": str(ROOT / "articles"),
        # A few people send what a university does.
        "TICKETS_PER_DAY": "0",
        "COMMENTS_PER_DAY": "0",
    }


class Process:
    """One `guichet` command, its output in a file."""

    def __init__(self, command: str, settings: Mapping[str, str], log: Path, *, module: str = "bot") -> None:
        self.command, self.log = command, log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [sys.executable, "-m", module, command],
                env=dict(settings),
                cwd=log.parent,  # no `.env` of ours is read
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def is_running(self) -> bool:
        return self._popen.poll() is None

    def children(self) -> list[int]:
        """The processes that it started itself (proc(5))."""
        try:
            return [
                int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            ]
        except FileNotFoundError:
            return []

    def awaits(self, number: int) -> bool:
        """Whether a signal no longer ends it without a word: it is blocked, and a thread waits for it
        (proc(5), `SigBlk`)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
        return bool(blocked >> (number - 1) & 1)

    def stop(self, timeout: float = STOPPING) -> int:
        """Tell it to stop, and wait; its exit status."""
        self._popen.send_signal(signal.SIGTERM)
        return self.wait(timeout)

    def wait(self, timeout: float = STOPPING) -> int:
        """Its exit status, once it has one."""
        return self._popen.wait(timeout)

    def kill(self) -> None:
        """End it without a word."""
        self._popen.kill()
        self._popen.wait()

    def output(self) -> str:
        """What it has said so far."""
        return self.log.read_text(encoding="utf-8")


@contextmanager
def running(command: str, settings: Mapping[str, str], log: Path) -> Iterator[Process]:
    """A process for the length of a block."""
    process = Process(command, settings, log)
    try:
        yield process
    finally:
        process.kill()


def wait_until(fact: Callable[[], bool], timeout: float, what: str) -> None:
    """Look until `fact` is so. Raises `TimeoutError` naming `what` did not come."""
    end = time.monotonic() + timeout
    while not fact():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)


def answers(port: int) -> bool:
    """Whether the bot answers on this port."""
    return probe(port, "/healthz", timeout=1)[0] == 200


def probe(port: int, path: str, *, post: str | None = None, timeout: float = 10) -> tuple[int, Any]:
    """The status and the JSON of a GET, or of a signed POST of `post`; status 0 while nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST" if post else "GET", path, post, _signature(post) if post else {})
        response = connection.getresponse()
        content = response.read()
        return response.status, json.loads(content or "{}")
    except (OSError, HTTPException):
        return 0, {}
    finally:
        connection.close()


def _signature(body: str) -> Mapping[str, str]:
    verifier, now = SignatureVerifier(SIGNING_SECRET), str(int(time.time()))
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": verifier.generate_signature(timestamp=now, body=body) or "",
    }
