"""The help desk as people see it: the local Slack's page in a browser."""

from playwright.sync_api import Locator, Page, expect

from tests.support.help_desk import DIRECT, Desk


class Window:
    """A browser's window on the local Slack, as one person at a time sees it."""

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

    def type_command(self, words: str) -> None:
        composer = self.page.locator("#composer").get_by_role("textbox")
        composer.fill(words)
        composer.press("Enter")

    def dialog(self, name: str) -> Locator:
        """The open modal with this title."""
        dialog = self.page.get_by_role("dialog", name=name)
        expect(dialog).to_be_visible()
        return dialog

    def submit(self, dialog: Locator, words: str) -> None:
        """Press the modal's own button, and let the worker work."""
        dialog.get_by_role("button", name=words).click()
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        self.desk.settle()

    def choose(self, form: Locator, label: str, option: str) -> None:
        """Choose in a menu that tells the app at once."""
        with self.page.expect_response("**/page/press"):
            form.get_by_label(label).select_option(option)

    def message(self, words: str) -> Locator:
        """The message that says this."""
        return self.page.get_by_role("article").filter(has_text=words)

    def press(self, message: Locator, words: str) -> None:
        """Press a button of a message, and let the worker work."""
        with self.page.expect_response("**/page/press"):
            message.get_by_role("button", name=words).click()
        self.desk.settle()
