"""Templates, and the functions that they can use."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from playground.client.writing import editable_text as to_editable_text
from playground.manifest import Shortcut
from playground.page.controls import Control, PageSurface, control
from playground.page.text import rich_text
from playground.page.text.client_translations import translate
from playground.page.text.emoji import emoji
from playground.page.text.mrkdwn import mrkdwn, plain
from playground.page.text.reader import Reader, colour, initials
from playground.page.text.translations import FOR_SCRIPTS, TABLE
from playground.state.slack import Slack
from playground.state.workspace import File, Json

_HERE = Path(__file__).parent
_LINKS = ("http://", "https://", "mailto:", "tel:")

_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals.update(
    initials=initials,
    colour=colour,
    emoji=emoji,
    has_required=lambda blocks: any(b["type"] == "input" and not b.get("optional") for b in blocks),
    star=Markup('<span class="star">*</span>'),
    accepted=lambda types: ",".join(f".{one}" for one in types),
    pretty=lambda value: json.dumps(value, indent=2, ensure_ascii=False, default=str),
)


class Screen:
    """The functions of the templates, for one reader."""

    def __init__(self, slack: Slack, reader: Reader) -> None:
        self.slack = slack
        self.reader = reader

    def text(self, text: Json) -> Markup:
        """The HTML of a text object."""
        if text.get("type") == "mrkdwn":
            return mrkdwn(text["text"], self.reader)
        return plain(text["text"], with_emoji=text.get("emoji", True))

    def mrkdwn(self, text: str) -> Markup:
        return mrkdwn(text, self.reader)

    def rich(self, block: Json) -> Markup:
        return rich_text.rich_text(block, self.reader)

    def control(self, element: Json, block: Json, surface: PageSurface) -> Control:
        return control(element, block, surface, self.reader)

    def block_dom_id(self, surface: PageSurface, block: Json) -> str:
        """An id that is the same as long as the block is."""
        return "b" + hashlib.sha1(f"{surface.key}|{block.get('block_id')}".encode()).hexdigest()[:12]

    def image_url(self, image: Json) -> str:
        """The URL of the picture of an image block or element: on the web, or of a file."""
        file = image.get("slack_file")
        if file is None:
            return safe_url(image.get("image_url", ""))
        wanted = file.get("id") or file.get("url", "").partition("/files/")[2].partition("-")[0]
        return self.reader.link(f"/page/files/{wanted}")

    def editable_text(self, text: str) -> str:
        """A message's text as its author edits it."""
        return to_editable_text(self.slack.workspace, text)

    def file_name(self, file_id: str) -> str:
        file = self.slack.workspace.files.get(file_id)
        return file.name if file else file_id

    def names(self, user_ids: Iterable[str]) -> str:
        """The names of these members."""
        return ", ".join(sorted(map(self.reader.name, user_ids)))

    def translated(self, text: str) -> str:
        """A text of the Slack client in the reader's language."""
        return translate(text, self.reader.words)

    def file_size(self, file: File) -> str:
        """The size of a file, formatted: "12 Ko", "3.4 MB"."""
        french = self.reader.words.language == "fr"
        units = ("octets", "Ko", "Mo") if french else ("bytes", "kB", "MB")
        size, unit = float(len(file.content)), units[0]
        if size == 1 or (french and size == 0):
            return f"{size:.0f} {unit.removesuffix('s')}"
        for bigger in units[1:]:
            if size >= 1000:
                size, unit = size / 1000, bigger
        number = f"{size:.1f}" if size < 10 and unit != units[0] else f"{size:.0f}"
        return f"{number.replace('.', self.reader.words('decimal_mark'))} {unit}"

    def shortcuts(self, kind: str) -> list[Shortcut]:
        """The app's shortcuts of this kind, `global` or `message`."""
        return [s for s in self.slack.manifest.shortcuts.values() if s.type == kind]

    def translations_for_scripts(self) -> Markup:
        """The translations for the scripts, as JSON that is safe inside a script element."""
        column = 0 if self.reader.words.language == "fr" else 1
        return json_script({key: TABLE[key][column] for key in FOR_SCRIPTS})

    def commands_for_scripts(self) -> Markup:
        """The app's slash commands, as JSON that is safe inside a script element."""
        commands = self.slack.manifest.commands.values()
        return json_script([[c.command, c.usage_hint, c.description] for c in commands])


def render(template: str, slack: Slack, reader: Reader, values: dict[str, object]) -> str:
    """The HTML of a template, which can use `values` and everything of `Screen`."""
    screen = Screen(slack, reader)
    tools = {name: getattr(screen, name) for name in dir(screen) if not name.startswith("_")}
    shared = {"w": reader.words, "texts_of": texts_of, "safe_url": safe_url, "PageSurface": PageSurface}
    return _templates.get_template(template).render({**tools, **shared, **values})


def json_script(value: object) -> Markup:
    """JSON that is safe inside a script element."""
    return Markup(json.dumps(value, ensure_ascii=False).replace("<", "\\u003c"))


def safe_url(url: str) -> str:
    """The URL if a link may have it; "#" otherwise."""
    return url if url.lower().startswith(_LINKS) else "#"


def texts_of(block: object) -> list[str]:
    """Every text in a block, in order."""
    if isinstance(block, list):
        return [text for one in block for text in texts_of(one)]
    if not isinstance(block, dict):
        return []
    found = [block["text"]] if isinstance(block.get("text"), str) else []
    return found + [text for value in block.values() for text in texts_of(value)]
