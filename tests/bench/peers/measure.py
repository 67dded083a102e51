"""django-helpdesk's public form with its mail, on the same PostgreSQL, beside a submission of ours.

It is fetched from the package index only when asked for: `BENCH_PEERS=1`, or this part by its name.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg

from tests.bench.acknowledgement.load import Load, Request, at_once, steadily
from tests.bench.acknowledgement.measure import served
from tests.bench.acknowledgement.requests import submissions
from tests.bench.acknowledgement.rivals import OF_A_RUN, RUNS, WARM_UP
from tests.bench.environment import Databases, free_port, process, wait_for
from tests.bench.history import fill_in
from tests.bench.mail import taken
from tests.bench.report.goals import Goal
from tests.bench.report.table import Section, milliseconds, p50

PACKAGES = ("django-helpdesk==2.6.*", "django>=5.2,<6", "psycopg[binary]>=3.2", "granian>=2.5")
AT_ONCE, PROCESSES, THREADS, EMAILS = 800, 2, 16, 2
TITLE = "Beside another help desk"
COLUMNS = ("", "16 at once: requests/s", "p50", "p99", "50/s: p50", "50/s: p99")
WORDS = """Reported, and no goal. The public form of django-helpdesk 2.6, which writes the ticket and sends
two emails before it answers, and a submission to `guichet web`, which leaves messages and emails to the
worker: on the same PostgreSQL, with the same load, two processes each under Granian; django-helpdesk without
`DEBUG`, with 16 threads a process and connections that stay open. 50 a second: medians of five runs in
turns."""
GOALS: Mapping[str, Sequence[Goal]] = {TITLE: ()}
TOKEN = "x" * 32  # of the form, and of the cookie that it is compared with (Django, "CSRF protection")


class NotInstalled(Exception):
    """The package index did not have it."""


def run(databases: Databases) -> Sequence[Section]:
    """The table."""
    section = Section(TITLE, WORDS, COLUMNS, GOALS[TITLE])
    section.announce()
    with ExitStack() as stack:
        try:
            python = stack.enter_context(installed())
        except NotInstalled as error:
            section.add(f"django-helpdesk: not measured, it cannot be installed here: {error}")
            return [section]
        settings = databases.create("postgresql", "peer_of_django")
        fill_in(settings, 1000)
        ours = stack.enter_context(served(settings, "web"))
        theirs, mail = stack.enter_context(helpdesk(databases, python))
        makes: Mapping[str, tuple[int, Callable[[int], Sequence[Request]]]] = {
            "django-helpdesk 2.6, its public form": (theirs, forms),
            "guichet web, a submission": (ours, submissions),
        }
        most = {name: _at_once(port, make) for name, (port, make) in makes.items()}
        steady: dict[str, list[Load]] = {name: [] for name in makes}
        for _ in range(RUNS):
            for name, (port, make) in makes.items():
                steady[name].append(steadily(port, make(OF_A_RUN)))
        sent, wanted = taken(mail), EMAILS * (WARM_UP + AT_ONCE + RUNS * OF_A_RUN)
        if sent < wanted:  # it says nothing of those that fail
            raise RuntimeError(f"django-helpdesk sent {sent} emails, not {wanted}")
    for name in makes:
        _row(section, name, most[name], steady[name])
    return [section]


def _at_once(port: int, make: Callable[[int], Sequence[Request]]) -> Load:
    at_once(port, make(WARM_UP))
    return at_once(port, make(AT_ONCE))


def _row(section: Section, name: str, most: Load, steady: Sequence[Load]) -> None:
    middle, tail = p50([load.p50 for load in steady]), p50([load.p99 for load in steady])
    figures = (milliseconds(each) for each in (most.p50, most.p99, middle, tail))
    section.add(name, f"{most.rate:.0f}", *figures)


def forms(number: int) -> list[Request]:
    """The public form, by different people."""
    return [_form(f"p{each}@univ.example") for each in range(number)]


def _form(email: str) -> Request:
    body = {
        "csrfmiddlewaretoken": TOKEN,
        "queue": "1",
        "title": "Imprimante en panne",
        "body": "Depuis ce matin, plus rien n’en sort.",
        "priority": "3",
        "due_date": "",
        "submitter_email": email,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={TOKEN}"}
    return Request(urlencode(body).encode(), headers, "/tickets/submit/", 302)


@contextmanager
def installed() -> Iterator[Path]:
    """The Python of an environment that has it: a new one, or that of PEER_VENV. Raises `NotInstalled`."""
    if there := os.environ.get("PEER_VENV"):
        yield Path(there, "bin", "python")
        return
    with tempfile.TemporaryDirectory(prefix="guichet-peer-") as folder:
        python = Path(folder, "bin", "python")
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES]
            subprocess.run(command, check=True, capture_output=True, text=True)
        except subprocess.CalledProcessError as error:
            raise NotInstalled(str(error.stderr or error).strip().rpartition("\n")[2]) from None
        yield python


@contextmanager
def helpdesk(databases: Databases, python: Path) -> Iterator[tuple[int, int]]:
    """The ports of a django-helpdesk that serves its form, and of its mail server."""
    with psycopg.connect(databases.server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE peer")
    host = parse_qs(urlsplit(databases.server).query)["host"][0]
    port, mail = free_port(), free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parent),
        "DJANGO_SETTINGS_MODULE": "helpdesk_project",
        "PEER_DATABASE": json.dumps([host, "peer"]),
        "PEER_MAIL": str(mail),
        "PEER_FOLDER": str(databases.folder),
    }
    for command in (("django", "migrate", "-v0"), ("django", "loaddata", "-v0", "emailtemplate.json")):
        subprocess.run([str(python), "-m", *command], check=True, env=environment)
    subprocess.run([str(python), "-m", "helpdesk_app"], check=True, env=environment)
    serve = ("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws")
    size = ("--workers", str(PROCESSES), "--blocking-threads", str(THREADS), "helpdesk_app:application")
    with (
        process("tests.bench.mail", str(mail)),
        process(*serve, *size, environment=environment, python=python),
    ):
        wait_for(mail)
        wait_for(port)
        yield port, mail
