"""`guichet health`: whether each process of a machine or container answers, and whether its loops turn."""

import os
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.observability.liveness.heartbeat import HEARTBEAT, PREFIX, Heartbeat, registered
from bot.observability.liveness.report import HUNG_AFTER, report
from tests.ops.test_processes import environment
from tests.support.processes import STARTING, free_port, wait_until


@pytest.fixture(autouse=True)
def folder_of_temporary_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """TMPDIR, empty, for this process and those that it starts."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def worker() -> Iterator[Path]:
    """The folder of heartbeats of a worker, which this process is."""
    with registered("worker", "127.0.0.1", None):
        yield Path(os.environ["HEARTBEAT_FOLDER"])


def age(folder: Path, loop: str, seconds: float) -> None:
    """The loop's last heartbeat was so long ago."""
    for path in folder.glob(f"{loop}.*"):
        path.write_text(f"{time.monotonic() - seconds:.3f}", encoding="ascii")


def is_well(command: str | None = None) -> bool:
    return all(each.ok for each in report(command))


def test_no_process_is_unhealthy() -> None:
    assert [(each.ok, each.text.partition(" (")[0]) for each in report()] == [
        (False, "no process of Guichet of this user runs here")
    ]


def test_a_process_of_another_kind_does_not_stand_for_the_one_asked_for(worker: Path) -> None:
    Heartbeat().beat("worker")
    assert is_well("worker")
    assert not is_well("web")


def test_a_worker_that_has_not_begun_is_not_healthy_yet(worker: Path) -> None:
    assert [each.text.partition(") ")[2] for each in report()] == ["is starting: it has no heartbeat yet"]


def test_one_loop_that_hangs_is_named_whatever_the_others_do(worker: Path) -> None:
    heartbeat = Heartbeat()
    for loop in ("worker", "sending-slack"):
        heartbeat.beat(loop)
    assert is_well()
    age(worker, "sending-slack", HUNG_AFTER + 1)
    assert [each.text.partition(") ")[2] for each in report()] == [
        f"hangs: no heartbeat of sending-slack for {HUNG_AFTER + 1:.0f} s"
    ]


def test_a_child_that_was_replaced_does_not_count(worker: Path) -> None:
    Heartbeat().beat("watch")
    ended = os.fork()
    if not ended:
        os._exit(0)
    os.waitpid(ended, 0)
    (worker / f"watch.{ended}").write_text("1.0", encoding="ascii")
    assert is_well()


def test_nothing_stays_once_the_process_has_ended(folder_of_temporary_files: Path) -> None:
    with registered("worker", "127.0.0.1", None):
        assert list(folder_of_temporary_files.glob(f"{PREFIX}*"))
    HEARTBEAT.beat("worker")
    assert list(folder_of_temporary_files.iterdir()) == []


def test_a_port_that_accepts_and_never_answers_is_unhealthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.observability.liveness.report.ANSWER_WITHIN", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with registered("web", "0.0.0.0", port):
            assert [each.text.partition(") ")[2] for each in report("web")] == [
                f"does not answer on port {port}: nothing within 0 s"
            ]


def test_of_two_workers_on_one_machine_the_one_that_is_stopped_is_named(tmp_path: Path, worker: Path) -> None:
    """This process, and a real one without METRICS_PORT, which SIGSTOP stops."""
    Heartbeat().beat("worker")
    with environment(tmp_path, port=free_port()) as opened:
        other = opened.start("worker", answers_people=False)
        wait_until(lambda: len(report()) == 2 and is_well(), STARTING, other.output())
        os.kill(other.pid, signal.SIGSTOP)
        for folder in tmp_path.glob(f"{PREFIX}*"):
            if folder != worker:
                age(folder, "*", HUNG_AFTER + 1)
        assert [f"(process {other.pid}) hangs" in each.text for each in report() if not each.ok] == [True]
        os.kill(other.pid, signal.SIGCONT)
        wait_until(is_well, STARTING, "it does not turn again")
        other.kill()
        assert len(report("worker")) == 1


def test_a_number_that_a_process_of_another_user_has_now_is_of_no_child(
    worker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Heartbeat().beat("worker")
    (worker / "watch.1").write_text("0", encoding="ascii")

    def kill(pid: int, _signal: int) -> None:
        if pid == 1:
            raise PermissionError

    monkeypatch.setattr(os, "kill", kill)
    assert is_well("worker")
