"""The help desk as people see it: the local Slack's page in a browser, and the path of Chromium."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.support.help_desk import DIRECT, Desk

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
TIMEOUT = 60_000  # milliseconds, enough for a busy machine


def executable() -> str | None:
    """The path of the system's Chromium, if it has one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; without any, the tests that need it are skipped."""
    chromium = executable()
    if chromium is None:
        pytest.skip("needs Chromium: apt-get install chromium-headless-shell")
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"], timeout=TIMEOUT)
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, base_url: str) -> Iterator[Page]:
    """A new page; an error in its scripts fails the test."""
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    page.set_default_timeout(TIMEOUT)
    errors: list[Any] = []
    page.on("pageerror", lambda error: errors.append(error))
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def slack_page(browser: Browser, desk: Desk) -> Iterator["SlackPage"]:
    """The help desk in a browser."""
    with open_page(browser, desk.slack.base_url) as page:
        yield SlackPage(page, desk)


class SlackPage:
    """The local Slack's page in a browser, as one person at a time sees it."""

    def __init__(self, page: Page, desk: Desk) -> None:
        self.page, self.desk = page, desk

    def home(self, who: str) -> Locator:
        """Guichet's Home."""
        self.page.goto(f"/?as={who}&app=home")
        return self.page.get_by_role("main")

    def channel(self, who: str, name: str = DIRECT) -> None:
        """A channel, or the direct message with Guichet."""
        workspace = self.desk.slack.slack.workspace
        person = workspace.person(who)
        assert person is not None
        channel = workspace.direct_message(person.id) if name == DIRECT else workspace.channel(name)
        assert channel is not None
        self.page.goto(f"/?as={who}&channel={channel.id}")

    def mail(self, number: int) -> None:
        self.page.goto(f"/mail/{number}?as=camille")

    def type_command(self, text: str) -> None:
        composer = self.page.locator("#composer").get_by_role("textbox")
        composer.fill(text)
        composer.press("Enter")

    def dialog(self, name: str) -> Locator:
        """The open modal with this title."""
        dialog = self.page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        return dialog

    def submit(self, dialog: Locator, label: str) -> None:
        """Press the modal's own button, and run the worker."""
        dialog.get_by_role("button", name=label).click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        self.desk.deliver()

    def choose(self, form: Locator, label: str, option: str) -> None:
        """Choose in a menu that sends its value at once."""
        with self.page.expect_response("**/page/press"):
            form.get_by_label(label).select_option(option)

    def message(self, text: str) -> Locator:
        """The message with this text."""
        return self.page.get_by_role("article").filter(has_text=text)

    def press(self, message: Locator, label: str) -> None:
        """Press a button of a message, and run the worker."""
        with self.page.expect_response("**/page/press"):
            message.get_by_role("button", name=label).click()
        self.desk.deliver()


if __name__ == "__main__" and executable() is None:
    sys.stdout.write(
        "Chromium is not installed: the page tests are left out.\n"
        "To run them: apt-get install chromium-headless-shell\n"
    )
