"""The data with which templates render an interactive element: its id in the page, its choices, its value."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from markupsafe import Markup

from playground.page.text.mrkdwn import mrkdwn, plain
from playground.page.text.reader import Reader
from playground.page.text.values import shown
from playground.state.workspace import Json, Message, Person, View


@dataclass(frozen=True)
class PageSurface:
    """The surface of blocks on the page, with the values of their elements."""

    kind: str  # "modal", "home" or "message"
    key: str  # unique in the page
    state: dict[str, Json]
    errors: dict[str, str] = field(default_factory=dict)  # by block_id
    view: str = ""
    channel: str = ""
    ts: str = ""

    @classmethod
    def of_view(cls, view: View) -> "PageSurface":
        return cls(view.type, view.id, view.state, view.errors, view=view.id)

    @classmethod
    def of_message(cls, message: Message, part: str = "") -> "PageSurface":
        """A message, which may be in several parts of the page at once."""
        key = part + message.channel + message.ts
        return cls("message", key, message.state, channel=message.channel, ts=message.ts)


@dataclass(frozen=True)
class Choice:
    """One option of a menu: the value that the browser sends, and the text."""

    value: str
    text: str
    html: Markup
    description: Markup | None = None
    chosen: bool = False
    url: str = ""


@dataclass(frozen=True)
class Control:
    """An element, ready to be rendered."""

    surface: PageSurface
    block: Json
    json: Json
    id: str
    values: list[str]
    groups: list[tuple[str, list[Choice]]] = field(default_factory=list)

    @property
    def type(self) -> str:
        return str(self.json["type"])

    @property
    def value(self) -> str:
        """The value of an element that has at most one."""
        return self.values[0] if self.values else ""

    @property
    def choices(self) -> list[Choice]:
        return [choice for _, choices in self.groups for choice in choices]

    @property
    def many(self) -> bool:
        return self.type.startswith("multi_")

    @property
    def is_input(self) -> bool:
        """Whether it stands in an input block, which has a label."""
        return bool(self.block["type"] == "input")

    @property
    def invalid(self) -> bool:
        """Whether an error is shown under it."""
        return self.is_input and self.block.get("block_id") in self.surface.errors

    @property
    def required(self) -> bool:
        return self.is_input and not self.block.get("optional")

    @property
    def sends(self) -> str:
        """When its value is sent to the app: "change", "enter", "typing", or "" for never."""
        if self.is_input and not self.block.get("dispatch_action"):
            return ""
        if not self.type.endswith("_input"):
            return "change"
        when = self.json.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
        return "typing" if "on_character_entered" in when else "enter"


def control(element: Json, block: Json, surface: PageSurface, reader: Reader) -> Control:
    """An element of `block`, ready to be rendered for `reader`."""
    ids = f"{surface.key}|{block.get('block_id')}|{element.get('action_id')}"
    state = surface.state.get(str(block.get("block_id")), {}).get(str(element.get("action_id")))
    values = shown(element, state, reader)
    identifier = "e" + hashlib.sha1(ids.encode()).hexdigest()[:12]
    return Control(surface, block, element, identifier, values, _groups(element, values, reader))


def choice(option: Json, chosen: Iterable[str] = ()) -> Choice:
    """An option of a static menu."""
    value, text = str(option.get("value", "")), option["text"]
    html = plain(text["text"], with_emoji=text.get("emoji", True))
    described = option.get("description")
    description = plain(described["text"]) if described else None
    return Choice(value, str(html.striptags()), html, description, value in chosen, option.get("url", ""))


def _groups(element: Json, values: list[str], reader: Reader) -> list[tuple[str, list[Choice]]]:
    kind = element["type"].removeprefix("multi_")
    if kind == "external_select":
        return [("", [_external(value) for value in values])]
    if kind == "users_select":
        return [("", [_person(person, values) for person in _people(reader)])]
    if kind in ("conversations_select", "channels_select"):
        return [("", _channels(kind, element, values, reader))]
    if "option_groups" in element:
        groups = element["option_groups"]
        return [(g["label"]["text"], [choice(o, values) for o in g["options"]]) for g in groups]
    return [("", [_formatted(o, values, reader) for o in element.get("options", [])])]


def _formatted(option: Json, values: list[str], reader: Reader) -> Choice:
    """An option of radio buttons or checkboxes, whose text may be mrkdwn."""
    if option["text"].get("type") != "mrkdwn":
        return choice(option, values)
    html = mrkdwn(option["text"]["text"], reader)
    described = option.get("description")
    description = plain(described["text"]) if described else None
    value = str(option.get("value", ""))
    return Choice(value, str(html.striptags()), html, description, value in values)


def _external(value: str) -> Choice:
    return Choice(value, *_texts(json.loads(value)), chosen=True)


def _texts(option: Json) -> tuple[str, Markup]:
    html = plain(option["text"]["text"])
    return str(html.striptags()), html


def _people(reader: Reader) -> list[Person]:
    people = (person for person in reader.workspace.people.values() if not person.deleted)
    return sorted(people, key=lambda person: person.real_name.casefold())


def _person(person: Person, values: list[str]) -> Choice:
    name = plain(person.real_name, with_emoji=False)
    return Choice(person.id, person.real_name, name, chosen=person.id in values)


def _channels(kind: str, element: Json, values: list[str], reader: Reader) -> list[Choice]:
    """The conversations that the element offers and the reader sees."""
    include = element.get("filter", {}).get("include", ["public", "private", "im"])
    wanted = {"public"} if kind == "channels_select" else set(include)
    seen = [c for c in reader.workspace.channels.values() if c.kind in wanted and not c.archived]
    names = [(c.id, reader.channel_name(c)) for c in seen if reader.is_in(c)]
    return [Choice(key, name, Markup("{}").format(name), chosen=key in values) for key, name in names]
