"""What takes the documents' screenshots: the local Slack's page in a browser."""

from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Locator

from playground.testing import Playground
from tests.support.help_desk import DIRECT, Desk

IMAGES = Path(__file__).parents[2] / "docs" / "images"

MARGIN = 8
DENSITY = 1.5  # sharp enough on a screen, and under 150 kB
TALL, HOME, LETTER = (800, 1700), (920, 640), (680, 400)
# The same letters on every machine; a modal at its full height; nothing that only a mouse needs.
STYLE = """
:root { --font: "Liberation Sans", Arimo, Arial, sans-serif; }
.dialog.modal { max-height: none; box-shadow: none; }
.dialog::backdrop { background: var(--ground); }
.message-actions, .toast-stack, .rule.new { display: none !important; }
.message { padding-block: 12px !important; }
.main, .sidebar { border: 0 !important; }
"""
LETTER_STYLE = 'body { font-family: "Liberation Sans", Arimo, Arial, sans-serif !important; }'


class Camera:
    """The local Slack's page in a browser, as one person at a time sees it."""

    def __init__(self, browser: Browser, slack: Playground, language: str) -> None:
        context = browser.new_context(
            base_url=slack.base_url, device_scale_factor=DENSITY, color_scheme="light", bypass_csp=True
        )
        self.page = context.new_page()
        self._slack, self._language = slack, language

    def visit(
        self, who: str, channel: str | None = None, size: tuple[int, int] = TALL, thread: str | None = None
    ) -> None:
        """Go to a channel, to the direct message with Guichet, or without any to its Home; `thread`: the
        message whose thread is open beside."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        place = f"channel={self._channel(who, channel)}" if channel else "app=home"
        self.page.goto(f"/?as={who}&{place}" + (f"&thread={thread}" if thread else ""))
        self.page.add_style_tag(content=STYLE)

    def choose(self, label: str, choice: str) -> None:
        """Choose in a menu of the open modal, and let the help desk answer."""
        with self.page.expect_request_finished(lambda request: request.method == "POST"):
            self.page.get_by_role("dialog").get_by_label(label).select_option(choice)
        self.page.wait_for_function("!document.querySelector('[aria-busy=true]')")

    def home(self, name: str) -> None:
        """Photograph the App Home."""
        self._take(name, self.page.get_by_role("main"))

    def modal(self, name: str, *, until: str | None = None) -> None:
        """Photograph the open modal, without the ring around the field that has the cursor.

        `until`: the label of the field before which the picture ends."""
        self.page.evaluate("document.activeElement.blur()")
        dialog = self.page.get_by_role("dialog")
        if until is None:
            self._take(name, dialog)
            return
        whole = dialog.bounding_box()
        field = dialog.locator("label", has_text=until).bounding_box()
        assert whole is not None
        assert field is not None
        self._clip(name, {**whole, "height": field["y"] - whole["y"] - MARGIN})

    def last_message(self, name: str) -> None:
        """Photograph the newest message of the channel."""
        self._take(name, self.page.get_by_role("article").last)

    def last_messages(self, name: str, count: int) -> None:
        """Photograph the newest messages of the channel, with nothing between them."""
        boxes = [each.bounding_box() for each in self.page.get_by_role("article").all()[-count:]]
        first, last = boxes[0], boxes[-1]
        assert first is not None
        assert last is not None
        height = last["y"] + last["height"] - first["y"]
        self._clip(name, {**first, "height": height})

    def thread(self, name: str) -> None:
        """Photograph the open thread: a message, and its replies."""
        self._take(name, self.page.locator("#thread .messages-inner"))

    def letter(self, name: str, number: int) -> None:
        """Photograph an e-mail as its reader gets it."""
        self.page.set_viewport_size({"width": LETTER[0], "height": LETTER[1]})
        self.page.goto(f"/mail/{number}/html")
        self.page.add_style_tag(content=LETTER_STYLE)
        self.page.screenshot(path=self._path(name), full_page=True)

    def _clip(self, name: str, clip: FloatRect) -> None:
        self.page.screenshot(path=self._path(name), animations="disabled", clip=clip)

    def _take(self, name: str, what: Locator) -> None:
        what.screenshot(path=self._path(name), animations="disabled")

    def _path(self, name: str) -> Path:
        return IMAGES / f"{name}.{self._language}.png"

    def _channel(self, who: str, name: str) -> str:
        workspace = self._slack.slack.workspace
        person = workspace.person(who)
        assert person is not None
        channel = workspace.direct_message(person.id) if name == DIRECT else workspace.channel(name)
        assert channel is not None
        return channel.id


def let_slack_move_on(desk: Desk) -> None:
    """Have the next message show its author: Slack groups those that follow at once."""
    desk.slack.control.post("clock", advance=600)
