"""The processes, started as an administrator starts them: each ends cleanly on SIGTERM."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from bot.observability.liveness.report import report
from bot.ops.release import prepare
from bot.settings import Settings
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from playground.testing import Playground
from tests.support.databases import write_prepared
from tests.support.help_desk import FORM
from tests.support.processes import (
    CATALOGUE,
    STARTING,
    Process,
    answers,
    free_port,
    local_slack,
    running,
    variables,
    wait_until,
)

pytest_plugins = ["tests.support.postgres"]


@dataclass
class Environment:
    """A local Slack, a database, and the processes that a test starts."""

    slack: Playground
    database_url: str
    folder: Path
    port: int | None
    open: ExitStack

    def start(self, command: str, *, answers_people: bool = True) -> Process:
        """A process that has started; until people can reach it."""
        settings = variables(self.slack, self.database_url, self.folder, self.port)
        process = self.open.enter_context(running(command, settings, self.folder / f"{command}.log"))
        if answers_people:
            wait_until(self._is_reached, STARTING, f"{command} does not answer:\n{process.output()}")
        return process

    def file_ticket(self, title: str) -> None:
        """Try again as a person would: on a busy machine the bot may tell her that it came too late."""
        wait_until(lambda: self._filed(title), STARTING, f"{title} was not filed")

    def _filed(self, title: str) -> bool:
        post = self.slack.control.post
        assert post("command", user="camille", command="/ticket", text=title)["ok"]
        answer = post("submit", user="camille", values=FORM)
        return bool(answer["ok"] and not answer["errors"])

    def deliveries(self, *, claimed: bool = False) -> int:
        """How many wait, or are in a worker's hands."""
        query = select(func.count()).where(Delivery.state == DeliveryState.PENDING)
        if claimed:
            query = query.where(Delivery.lease_until.is_not(None))
        engine = create_engine(self.database_url)
        with engine.connect() as connection:
            count = connection.scalar(query)
        engine.dispose()
        return count or 0

    def messages(self) -> int:
        """How many messages of the bot have arrived."""
        calls = self.slack.control.get("calls")["calls"]
        return sum(call["method"] == "chat.postMessage" and call["status"] == 200 for call in calls)

    def _is_reached(self) -> bool:
        if self.port:
            return answers(self.port)
        return bool(self.slack.control.get("connected", timeout=0.1)["connected"])


@contextmanager
def environment(folder: Path, *, port: int | None = None, database_url: str = "") -> Iterator[Environment]:
    if database_url:
        prepare(Settings(_env_file=None, database_url=database_url, catalogue=CATALOGUE))
    else:
        write_prepared(folder / "guichet.db")
        database_url = f"sqlite:///{folder / 'guichet.db'}"
    with local_slack(port, ack_seconds=STARTING) as slack, ExitStack() as stack:
        yield Environment(slack, database_url, folder, port, stack)


@pytest.fixture(params=["HTTP", "Socket Mode"])
def either_environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Environment]:
    """A house whose bot answers over the one or the other."""
    with environment(tmp_path, port=free_port() if request.param == "HTTP" else None) as opened:
        yield opened


def assert_healthy(process: Process) -> None:
    """`guichet health` says so. Others share its folder of temporary files."""
    said = [each for each in report(process.command) if f"(process {process.pid})" in each.text]
    assert [each.ok for each in said] == [True], said


def assert_clean(process: Process) -> None:
    """It ends by itself, says no traceback and leaves no process behind."""
    children = process.children()
    status = process.stop()
    assert status == 0, process.output()
    assert "Traceback" not in process.output()
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_web_and_socket_finish_their_work_in_progress(either_environment: Environment) -> None:
    process = either_environment.start("web" if either_environment.port else "socket")
    either_environment.file_ticket("Souris cassée")  # from here on the bot knows who she is
    assert_healthy(process)
    before = calls(either_environment, "views.open")
    either_environment.slack.control.post("faults", method="views.open", status="timeout")  # a second's work
    with ThreadPoolExecutor(1) as camille:
        post = either_environment.slack.control.post
        typed = camille.submit(post, "command", user="camille", command="/ticket", text="Écran noir")
        wait_until(
            lambda: calls(either_environment, "views.open") > before, STARTING, "the form was not asked for"
        )
        assert_clean(process)
        assert typed.result()["ok"]


def calls(environment: Environment, method: str) -> int:
    return sum(call["method"] == method for call in environment.slack.control.get("calls")["calls"])


def test_run_finishes_the_workers_work_in_progress(either_environment: Environment) -> None:
    process = either_environment.start("run")
    for number in range(5):
        either_environment.file_ticket(f"Panne {number}")
    assert_healthy(process)
    assert_clean(process)
    assert either_environment.deliveries(claimed=True) == 0
    assert either_environment.messages()


def test_a_worker_finishes_its_work_in_progress(tmp_path: Path) -> None:
    with environment(tmp_path, port=free_port()) as opened:
        check_worker(opened)


@pytest.mark.postgresql
def test_a_worker_on_postgresql_finishes_its_work_in_progress(
    empty_postgresql_url: str, tmp_path: Path
) -> None:
    with environment(tmp_path, port=free_port(), database_url=empty_postgresql_url) as opened:
        check_worker(opened)


def check_worker(opened: Environment) -> None:
    opened.start("web")
    for number in range(15):
        opened.file_ticket(f"Panne {number}")
    worker = opened.start("worker", answers_people=False)
    wait_until(lambda: opened.messages() > 0, STARTING, "nothing was sent")
    assert_healthy(worker)
    assert_clean(worker)
    assert opened.deliveries(claimed=True) == 0


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def web_environment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Environment]:
    """A house that is reached over HTTP, on the one database or the other."""
    on_postgresql = request.param == "postgresql"
    url = request.getfixturevalue("empty_postgresql_url") if on_postgresql else ""
    with environment(tmp_path, port=free_port(), database_url=url) as opened:
        yield opened


def test_the_children_stop_once_the_parent_was_killed(web_environment: Environment) -> None:
    process = web_environment.start("web")
    children = process.children()
    assert len(children) == (1 if web_environment.database_url.startswith("sqlite") else 2)
    process.kill()
    wait_until(lambda: not any(alive(pid) for pid in children), STARTING, "its children live on")
    assert web_environment.port
    assert not answers(web_environment.port)


def test_a_killed_child_is_replaced(web_environment: Environment) -> None:
    process = web_environment.start("web")
    first = process.children()
    os.kill(first[0], signal.SIGKILL)
    wait_until(lambda: len(set(process.children()) - {first[0]}) == len(first), STARTING, process.output())
    port = web_environment.port
    assert port
    wait_until(lambda: answers(port), STARTING, process.output())
    assert_clean(process)


def test_a_child_that_is_just_starting_ends_too(web_environment: Environment) -> None:
    process = web_environment.start("web")
    first = process.children()
    os.kill(first[0], signal.SIGKILL)
    while set(process.children()) <= set(first):
        pass  # The moment counts: no sleep.
    assert_clean(process)


def test_ctrl_c_ends_it_too(web_environment: Environment) -> None:
    process = web_environment.start("web")
    children = process.children()
    # It answers once one of them has started; another, not yet ready for signals, would end by itself.
    started = "Started worker-"
    wait_until(lambda: process.output().count(started) == len(children), STARTING, process.output())
    for pid in (process.pid, *children):  # a terminal tells each process of the group
        os.kill(pid, signal.SIGINT)
    assert_clean(process)


def alive(pid: int) -> bool:
    """Whether it runs; a zombie that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
