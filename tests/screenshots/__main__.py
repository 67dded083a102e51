"""Take the documents' screenshots again: `make screenshots`.

The same journeys in French and in English, played in a local Slack with the help desk behind it; what people
see on the way is photographed into `docs/images/`.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, sync_playwright
from pydantic import SecretStr
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.catalogue.file import read_catalogue
from bot.local_slack import workspace_for
from bot.ops.release import prepare
from bot.settings import Settings
from bot.slack.manifest import manifest
from playground.state.workspace import APP_TOKEN, BOT_TOKEN
from playground.testing import Playground
from tests.screenshots import agreements, hours
from tests.screenshots import requesters as screenshots_requesters
from tests.screenshots import technicians as screenshots_technicians
from tests.screenshots.camera import IMAGES, Camera
from tests.support.browser import executable
from tests.support.help_desk import Desk

CATALOGUE = Path(__file__).parents[2] / "catalogue.yaml"
ENGLAND = "en-GB"

Language = Literal["fr", "en"]


@contextmanager
def open_desk(language: Language = "fr", *, everybody: str | None = None) -> Iterator[Desk]:
    """A help desk whose channels speak a language, in a local Slack, on a database that is gone afterwards.

    `everybody`: the Slack locale of all its people, instead of each their own."""
    workspace: dict[str, Any] = workspace_for(read_catalogue(CATALOGUE))
    if everybody:
        workspace["people"] = [{**person, "locale": everybody} for person in workspace["people"]]
    with tempfile.TemporaryDirectory() as folder, Playground(manifest(), workspace) as slack:
        settings = Settings(
            _env_file=None,
            slack_bot_token=SecretStr(BOT_TOKEN),
            slack_app_token=SecretStr(APP_TOKEN),
            slack_api_url=slack.api_url,
            smtp_url=SecretStr(slack.smtp_url),
            mail_from="Centre d’aide <centre-aide@univ.example>",
            database_url=f"sqlite:///{folder}/guichet.db",
            attachments_url=f"{folder}/attachments",
            catalogue=CATALOGUE,
            articles=CATALOGUE.parent / "articles",
            default_locale=language,
        )
        prepare(settings)
        app = App(token=BOT_TOKEN, token_verification_enabled=False, request_verification_enabled=False)
        client = WebClient(token=APP_TOKEN, base_url=slack.api_url)
        connection = SocketModeHandler(app, APP_TOKEN, web_client=client)
        with Desk(slack, settings, connection) as desk:
            connection.connect()
            yield desk
            connection.close()


def photograph(browser: Browser) -> list[Any]:
    """Take every picture. Returns the rules of Slack that were broken on the way."""
    broken = []
    with open_desk() as desk:
        for script, silent in (
            (screenshots_requesters.FRENCH, hours.FRENCH),
            (screenshots_requesters.ENGLISH, hours.ENGLISH),
        ):
            camera = Camera(browser, desk.slack, script.language)
            hours.go_to_open_hours(desk)
            screenshots_requesters.journey(desk, camera, script)
            hours.journey(desk, camera, script, silent)
            agreement = agreements.FRENCH if script.language == "fr" else agreements.ENGLISH
            hours.go_to_open_hours(desk)
            agreements.journey(desk, camera, agreement)
        broken += desk.slack.control.get("violations")["violations"]
    with open_desk() as desk:
        hours.go_to_open_hours(desk)
        screenshots_technicians.journey(
            desk, Camera(browser, desk.slack, "fr"), screenshots_technicians.FRENCH
        )
        broken += desk.slack.control.get("violations")["violations"]
    with open_desk("en", everybody=ENGLAND) as desk:
        hours.go_to_open_hours(desk)
        screenshots_technicians.journey(
            desk, Camera(browser, desk.slack, "en"), screenshots_technicians.ENGLISH
        )
        broken += desk.slack.control.get("violations")["violations"]
    return broken


def main() -> None:
    chromium = executable()
    if chromium is None:
        sys.exit("screenshots need Chromium: apt-get install chromium-headless-shell")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        violations = photograph(browser)
        browser.close()
    for violation in violations:
        sys.stdout.write(f"{violation}\n")
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
