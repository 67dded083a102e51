"""Ordinary mistakes of an administrator: each is a line that names the setting, what is wrong and what to do,
and exit status 2. None is a traceback."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from bot.cli import main
from bot.db.mistakes import explain
from bot.settings import Settings
from tests.conftest import CATALOGUE, ROOT
from tests.support.databases import write_prepared
from tests.support.processes import STARTING

SERVERS = ("run", "web", "socket", "worker")
GOOD = "sqlite:///good.db"
BASE = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99baac0085a5",
    "SLACK_API_URL": "http://127.0.0.1:1/",
    "CATALOGUE": str(CATALOGUE),
    "ARTICLES": str(ROOT / "articles"),
    "DATABASE_URL": GOOD,
}
ARE_SWAPPED = "are SLACK_BOT_TOKEN and SLACK_APP_TOKEN swapped? (see .env.example)"
UNUSABLE = "DATABASE_URL: the database cannot be used: "


@dataclass(frozen=True)
class Mistake:
    """What is set, the commands that notice it, and what they say."""

    what: str
    given: dict[str, str]
    lines: tuple[str, ...]
    commands: tuple[str, ...] = field(default=("worker",))


SWAPPED = {"SLACK_BOT_TOKEN": "xapp-s3cret", "SLACK_APP_TOKEN": "xoxb-s3cret"}
MISTAKES = [
    Mistake(
        "swapped tokens",
        SWAPPED,
        (
            f"SLACK_BOT_TOKEN: this is an app token (xapp-…): {ARE_SWAPPED}",
            f"SLACK_APP_TOKEN: this is a bot token (xoxb-…): {ARE_SWAPPED}",
        ),
        (*SERVERS, "migrate", "deliveries list"),
    ),
    Mistake(
        "a folder as the database",
        {"DATABASE_URL": "sqlite:///folder"},
        (UNUSABLE + "unable to open database file: folder is a folder: name a file in it",),
        (*SERVERS, "migrate", "catalogue load", "deliveries list"),
    ),
    Mistake(
        "a database below a file",
        {"DATABASE_URL": "sqlite:///file/var/guichet.db"},
        (UNUSABLE + "unable to open database file: file is no folder: correct the path in DATABASE_URL",),
        (*SERVERS, "migrate"),
    ),
    Mistake(
        "a folder that cannot be made",
        {"DATABASE_URL": "sqlite:////proc/guichet/guichet.db"},
        (
            UNUSABLE + "unable to open database file: /proc cannot be written by this user: give it to this "
            "user, or name another folder",
        ),
    ),
    Mistake(
        "another file as the database",
        {"DATABASE_URL": "sqlite:///file"},
        (
            UNUSABLE + "file is not a database: name another file in DATABASE_URL, or put a backup in its "
            "place",
        ),
        (*SERVERS, "migrate", "deliveries list"),
    ),
    Mistake(
        "a damaged database",
        {"DATABASE_URL": "sqlite:///damaged.db"},
        (
            UNUSABLE + "database disk image is malformed: the file is damaged: put the newest backup in its "
            "place",
        ),
        (*SERVERS, "deliveries list"),
    ),
    Mistake(
        "a database that was never migrated",
        {"DATABASE_URL": "sqlite:///new.db"},
        ("DATABASE_URL: the database is empty: run `guichet migrate`",),
        ("web", "socket", "worker", "catalogue load", "deliveries list"),
    ),
    Mistake(
        "a server that is down",
        {"DATABASE_URL": "postgresql://guichet:s3cret@127.0.0.1:1/guichet"},
        (
            UNUSABLE + 'connection to server at "127.0.0.1", port 1 failed: Connection refused: start the '
            "server, or correct host and port in DATABASE_URL",
        ),
        (*SERVERS, "migrate", "catalogue load", "deliveries list"),
    ),
    Mistake(
        "an option that there is not",
        {"DATABASE_URL": "postgresql://guichet:s3cret@127.0.0.1:1/guichet?colour=red"},
        (
            UNUSABLE + 'invalid connection option "colour": correct what follows the question mark in '
            "DATABASE_URL",
        ),
    ),
    Mistake(
        "attachments below a file",
        {"ATTACHMENTS_URL": "file/attachments"},
        (
            "ATTACHMENTS_URL: file/attachments cannot be written by this user: not a directory: give the "
            "folder to this user, or name another one",
        ),
        ("run", "worker"),
    ),
    Mistake(
        "a catalogue that is not there",
        {"CATALOGUE": "nowhere.yaml"},
        (
            "nowhere.yaml: there is no such file — `guichet init` writes an example, "
            "or name yours in CATALOGUE",
        ),
        ("run", "catalogue load", "catalogue check", "demo"),
    ),
    Mistake(
        "a folder as the catalogue",
        {"CATALOGUE": "folder"},
        ("folder: cannot be read, Is a directory — check the setting CATALOGUE",),
        ("run", "catalogue load", "catalogue check"),
    ),
    Mistake(
        "a file as the articles' folder",
        {"ARTICLES": "file"},
        ("file: cannot be read, Not a directory — check the setting ARTICLES",),
        ("run", "catalogue load", "catalogue check"),
    ),
    Mistake(
        "PORT taken",
        {"PORT": "{taken}", "SLACK_APP_TOKEN": ""},
        ("PORT: another program listens on {taken}: stop that program, or choose another port",),
        ("run", "web"),
    ),
    Mistake(
        "METRICS_PORT taken",
        {"METRICS_PORT": "{taken}"},
        ("METRICS_PORT: another program listens on {taken}: stop that program, or choose another port",),
        ("socket", "worker"),
    ),
    *(
        Mistake(
            f"HOST={host}",
            {"HOST": host, "SLACK_APP_TOKEN": "", "METRICS_PORT": metrics},
            ("HOST: expected an address of this machine, such as 127.0.0.1; 0.0.0.0 stands for all of them",),
            commands,
        )
        for host in ("guichet.invalid", "203.0.113.5")
        for metrics, commands in (("", ("run", "web")), ("9100", ("worker",)))
    ),
]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a database that is as it should be."""
    path = tmp_path_factory.mktemp("migrated") / "good.db"
    write_prepared(path)
    return path.read_bytes()


@pytest.fixture
def folder(migrated: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with what is mistaken for something else, and no other settings."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("nothing that a program could use\n")
    (tmp_path / "good.db").write_bytes(migrated)
    damaged = migrated[:100] + bytes([255]) * (len(migrated) - 100)
    (tmp_path / "damaged.db").write_bytes(damaged)
    for name in map(str.upper, Settings.model_fields):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def taken() -> Iterator[str]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield str(listener.getsockname()[1])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("mistake", "command"),
    [
        pytest.param(mistake, command, id=f"{mistake.what}-{command}")
        for mistake in MISTAKES
        for command in mistake.commands
    ],
)
def test_a_mistake_is_said_in_its_lines_with_status_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    taken: str,
    mistake: Mistake,
    command: str,
) -> None:
    for name, value in (BASE | mistake.given).items():
        monkeypatch.setenv(name, value.replace("{taken}", taken))
    assert said(command, capsys) == [line.replace("{taken}", taken) for line in mistake.lines]


def said(command: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What a command that ends with status 2 says, apart from the log's lines."""
    with pytest.raises(SystemExit) as ended:
        main(command.split())
    lines = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2
    assert not [line for line in lines if re.search(r"Traceback|Error\b|Exception|s3cret", line)]
    return [line.removeprefix("guichet: ") for line in lines if not re.match(r"\d{4}-\d\d-\d\dT", line)]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, ".env: the file cannot be read: is a directory"),
        ("MAIL_FROM=Université <a@b.example>\n".encode("latin-1"), ".env: expected text in UTF-8"),
    ],
)
def test_an_env_file_that_cannot_be_read_is_a_line(
    capsys: pytest.CaptureFixture[str], content: bytes | None, line: str
) -> None:
    Path(".env").mkdir() if content is None else Path(".env").write_bytes(content)
    for command in (*SERVERS, "migrate", "catalogue load", "deliveries list", "demo"):
        assert said(command, capsys) == [line]


@pytest.mark.usefixtures("folder")
def test_an_env_file_of_another_user_is_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def deny(path: Path, *_arguments: object, **_more: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    Path(".env").touch()
    monkeypatch.setattr(Path, "read_text", deny)  # root reads everything
    assert said("worker", capsys) == [".env: the file cannot be read: permission denied"]


@pytest.mark.postgresql
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_database_that_the_server_does_not_have_is_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], postgresql_server: str, command: str
) -> None:
    url = make_url(postgresql_server).set(database="nowhere")
    for name, value in (BASE | {"DATABASE_URL": url.render_as_string(hide_password=False)}).items():
        monkeypatch.setenv(name, value)
    [line] = said(command, capsys)
    assert line.startswith(UNUSABLE)
    assert line.endswith(
        'database "nowhere" does not exist: create it on the server, or correct the name in DATABASE_URL'
    )


@pytest.mark.parametrize(
    ("said_by_it", "line"),
    [
        (
            'connection failed: connection to server at "10.0.0.1", port 5432 failed: FATAL:  password '
            'authentication failed for user "guichet"\n',
            'connection to server at "10.0.0.1", port 5432 failed: password authentication failed for user '
            '"guichet": correct the user or the password in DATABASE_URL',
        ),
        (
            "multiple connection attempts failed. All failures were:\n- host: 'db', port: None: connection "
            "failed: Connection refused",
            "host: 'db', port: None: connection failed: Connection refused: start the server, or correct "
            "host and port in DATABASE_URL",
        ),
        ("attempt to write a readonly database", "attempt to write a readonly database: this user must be "
         "allowed to write the file and its folder, on a disk that can be written"),
        # What SQLite also says when it cannot make its -shm.
        ("disk I/O error", "disk I/O error: the disk is full, or it fails: free some space, or see the "
         "system's log"),
        ("FATAL:  role \"guest\" is not permitted to log in", "role \"guest\" is not permitted to log in: "
         "give the user the right: ALTER ROLE … LOGIN"),
        ("FATAL:  too many connections for role \"g\"", "too many connections for role \"g\": raise the "
         "user's or the database's CONNECTION LIMIT"),
        ("canceling statement due to statement timeout", "canceling statement due to statement timeout: "
         "the server is slow, or another program holds a table: see pg_stat_activity"),
        ("received invalid response to SSL negotiation: H", "received invalid response to SSL negotiation: "
         "H: no PostgreSQL answers there: correct host and port in DATABASE_URL"),
        ("relation \"write_trial\" does not exist", "relation \"write_trial\" does not exist: a table is "
         "missing: restore a backup, or correct the name of the database in DATABASE_URL"),
        ("", "no reason is given"),
    ],
)  # fmt: skip
def test_what_a_database_says_is_followed_by_what_to_do(said_by_it: str, line: str) -> None:
    error = OperationalError("SELECT 's3cret'", {}, Exception(said_by_it))
    assert explain(error) == UNUSABLE + line


@pytest.mark.usefixtures("folder")
def test_a_process_of_the_server_lives_without_its_database_and_says_so() -> None:
    """It may vanish between the check of the parent and the start of a child."""
    said = "not ready: the database cannot be written to: "
    ended = child(DATABASE_URL="postgresql://guichet:s3cret@127.0.0.1:1/guichet", until=said)
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "s3cret" not in ended.stderr


@pytest.mark.usefixtures("folder")
def test_a_process_of_the_server_says_what_is_wrong_with_settings_that_changed() -> None:
    ended = child(SMTP_URL="s3cret", PORT="abc")
    assert ended.returncode == 2
    [first, second] = ended.stderr.splitlines()
    assert "ERROR bot.http.server: SMTP_URL: expected smtp://" in first
    assert "ERROR bot.http.server: PORT: " in second


def child(*, until: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Make the HTTP application as a process of the server does. It is killed once it has logged `until`."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    program = (
        "import asyncio, os, time; asyncio.set_event_loop(asyncio.new_event_loop())\n"
        "from bot.http.server import application; application()\n"
        f"time.sleep({STARTING}); os._exit(0)"
    )
    lines = list[str]()
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env=inherited | BASE | settings | {"PYTHONPATH": str(ROOT), "PROMETHEUS_MULTIPROC_DIR": "."},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            lines.append(line)
            if until and until in line:
                process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, stderr="".join(lines))


@pytest.mark.usefixtures("folder")
def test_ctrl_c_during_the_start_is_no_traceback() -> None:
    """While the program is still being imported."""
    program = (
        "import os, signal, sys; sys.argv = ['guichet', 'worker']\n"
        "class Importing:\n"
        "    def find_spec(self, name, *more):\n"
        "        if name == 'typer': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Importing())\n"
        "from bot.__main__ import main\n"
        "main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | BASE | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=STARTING,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (128 + signal.SIGINT, "")
