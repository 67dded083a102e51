"""What every test may ask for: a Slack, a help desk connected to it, a database."""

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot import bootstrap as runtime
from bot.catalogue.file import read_catalogue
from bot.local_slack import workspace_for
from bot.settings import Settings
from bot.settings.secret_files import SECRETS
from bot.slack.manifest import manifest
from playground.state.people import MANAGER_FIELD
from playground.state.workspace import APP_TOKEN, BOT_TOKEN
from playground.testing import Playground
from tests.support.help_desk import TIMEOUT, Desk, Person

if TYPE_CHECKING:
    from tests.support.s3 import S3

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "catalogue.yaml"
# Tests that take 5 s and more each, or share what takes 20 s to make.
LONG = (
    "tests/year/",
    "tests/chaos/test_chaos.py",
    "tests/models/test_migrations_killed.py",
    "tests/services/test_mail_histories.py",
    "tests/ops/doctor/test_examination.py",
    "tests/journeys/test_leaving.py",
)
pytest_plugins = [
    "tests.support.browser",
    "tests.support.databases",
    "tests.support.library_shortcuts",
    "tests.support.postgres",
    "tests.upgrade.recorded_database",
]


def pytest_configure() -> None:
    """Read no secret from a file of this machine's."""
    for name in ["CREDENTIALS_DIRECTORY", *(f"{secret.upper()}_FILE" for secret in SECRETS)]:
        os.environ.pop(name, None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the long tests first, all by one process: at the end the others would wait for them. With
    `--dist worksteal` each process begins with a part of the list, and others take what is last in it."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Leave nothing to the second of pytest's last two garbage collections, which finds nothing more."""
    gc.freeze()


def pytest_collection_finish() -> None:
    """Leave out of each garbage collection what the imports made: it stays. Collect the oldest objects, which
    took a tenth of the time, fifty times less often."""
    gc.freeze()
    gc.set_threshold(5_000, 10, 70)


@pytest.fixture(scope="session")
def s3() -> Iterator["S3"]:
    """An S3 server: one a process, since moto has globals."""
    from tests.support.s3 import AWS, S3  # takes long to import, and few tests need it

    with pytest.MonkeyPatch.context() as environment:
        for name in AWS:
            environment.delenv(name, raising=False)
        server = S3()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def process_as_it_was() -> Iterator[None]:
    """A command that runs in a test blocks signals and sets the umask, which the processes of later tests
    would inherit."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    mask = os.umask(0o022)
    os.umask(mask)
    yield
    os.umask(mask)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


@pytest.fixture(scope="session")
def any_slack() -> Iterator[Playground]:
    """A local Slack whose app may do everything: for tests of the local Slack itself."""
    with Playground(ack_seconds=TIMEOUT) as playground:
        yield playground


@pytest.fixture
def playground(any_slack: Playground) -> Playground:
    """The same, new."""
    any_slack.reset()
    return any_slack


@pytest.fixture
def client(playground: Playground) -> WebClient:
    """An app's client that never tries again by itself."""
    return WebClient(token=BOT_TOKEN, base_url=playground.api_url, retry_handlers=[])


@pytest.fixture(scope="session")
def slack_server() -> Iterator[Playground]:
    """One local Slack for the whole run, as the demo has it."""
    workspace = workspace_for(read_catalogue(CATALOGUE))
    with Playground(manifest(), workspace, rate_limits=False, ack_seconds=TIMEOUT) as playground:
        playground.slack.trigger_seconds = TIMEOUT
        yield playground


@pytest.fixture(scope="session")
def connection(slack_server: Playground) -> Iterator[SocketModeHandler]:
    """One Socket Mode connection for the whole run: closing one takes slack_sdk seconds. Each desk lends it
    its own app."""
    app = App(token=BOT_TOKEN, token_verification_enabled=False, request_verification_enabled=False)
    client = WebClient(token=APP_TOKEN, base_url=slack_server.api_url)
    handler = SocketModeHandler(app, APP_TOKEN, web_client=client)
    handler.connect()
    yield handler
    handler.close()


@pytest.fixture
def slack(slack_server: Playground) -> Iterator[Playground]:
    """The local Slack, new; a rule of Slack that the bot broke fails the test."""
    slack_server.reset()
    yield slack_server
    assert slack_server.control.get("violations")["violations"] == []


@pytest.fixture
def settings(slack_server: Playground, database_url: str, attachments: Path) -> Settings:
    """The settings of a help desk whose Slack is the local one, on each database in turn."""
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_app_token=SecretStr(APP_TOKEN),
        slack_api_url=slack_server.api_url,
        smtp_url=SecretStr(slack_server.smtp_url),
        mail_from="Centre d’aide <centre-aide@univ.example>",
        database_url=database_url,
        attachments_url=str(attachments),
        catalogue=CATALOGUE,
        articles=ROOT / "articles",
        manager_field=MANAGER_FIELD,
        privacy_controller="Université d’Exemple",
        privacy_contact="dpo@univ.example",
        privacy_transfers=("clauses",),
        retention_files_months=12,
        retention_tickets_months=24,
    )


@pytest.fixture
def desk(
    slack: Playground, connection: SocketModeHandler, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """A help desk open for business; its worker works when the test says so."""
    from tests.support.databases import shared_engine

    monkeypatch.setattr(runtime, "create_db", shared_engine)
    with Desk(slack, settings, connection) as desk:
        yield desk


@pytest.fixture
def camille(desk: Desk) -> Person:
    """A requester."""
    return desk.person("camille")


@pytest.fixture
def oliver(desk: Desk) -> Person:
    """A requester who reads English."""
    return desk.person("oliver")


@pytest.fixture
def karim(desk: Desk) -> Person:
    """A technician of the default team."""
    return desk.person("karim")
