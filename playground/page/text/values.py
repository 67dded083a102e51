"""Conversion of element values between the browser's strings and Slack's payloads.

The browser sends the `value` of an option; for an external select, whose options are not stored, the option
itself as JSON. A multi-select or a set of checkboxes is a list of strings, others have at most one.
"""

import json
from collections.abc import Callable
from datetime import datetime

from playground.client.elements import options_of
from playground.client.values import VALUE_KEYS
from playground.page.text.dates import zone
from playground.page.text.reader import UTC, Reader
from playground.state.workspace import File, Json


def read(element: Json, strings: list[str], reader: Reader, file_payload: Callable[[File], Json]) -> Json:
    """The value object, such as `{"selected_option": {…}}`, for the browser's strings."""
    key = VALUE_KEYS.get(element["type"])
    if key is None:
        return {}
    if key == "files":
        files = reader.workspace.files
        return {
            key: [file_payload(files[i]) for i in strings if i in files and files[i].user == reader.person.id]
        }
    found = [
        value for value in (_one(element, text, reader) for text in strings if text) if value is not None
    ]
    return {key: found if key.endswith("s") else (found[0] if found else None)}


def shown(element: Json, state: Json | None, reader: Reader) -> list[str]:
    """The strings for an element's value, or for its initial one when it has no state."""
    key = VALUE_KEYS.get(element["type"])
    if key is None or element["type"] == "overflow":
        return []
    value = state.get(key) if state is not None and key in state else _initial(element, reader)
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [_string(element, one, reader) for one in values]


def _one(element: Json, text: str, reader: Reader) -> object:
    kind = element["type"]
    if kind.endswith("external_select"):
        return json.loads(text)
    if kind == "datetimepicker":
        return int(datetime.fromisoformat(text).replace(tzinfo=zone(reader.person.tz or UTC)).timestamp())
    if VALUE_KEYS[kind] in ("selected_option", "selected_options"):
        return next((option for option in options_of(element) if option.get("value") == text), None)
    return _rich(text) if kind == "rich_text_input" else text


def _string(element: Json, value: object, reader: Reader) -> str:
    kind = element["type"]
    if kind.endswith("external_select"):
        return json.dumps(value, ensure_ascii=False)
    if kind == "datetimepicker" and isinstance(value, int):
        return reader.calendar.local(value).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, dict):
        return _flat(value) if kind == "rich_text_input" else str(value.get("value", value.get("id", "")))
    return str(value)


def _initial(element: Json, reader: Reader) -> object:
    for name in (
        "options",
        "option",
        "users",
        "user",
        "conversations",
        "conversation",
        "channels",
        "channel",
    ):
        if f"initial_{name}" in element:
            return element[f"initial_{name}"]
    return next(
        (
            element[k]
            for k in ("initial_value", "initial_date", "initial_time", "initial_date_time")
            if k in element
        ),
        None,
    )


def _rich(text: str) -> Json:
    leaf = {"type": "text", "text": text}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]}


def _flat(value: Json) -> str:
    sections = value.get("elements", [])
    return "\n".join("".join(str(leaf.get("text", "")) for leaf in s.get("elements", [])) for s in sections)
