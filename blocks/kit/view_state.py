"""The state that a view keeps in its `private_metadata`, as JSON. Never trusted for rights.

Each view has a frozen dataclass with `load` and `dump` beside its builder. A client may have altered what
`load` reads: a field that holds nothing valid reads as its default, or raises `StalePayload`.
"""

import json
from collections.abc import Mapping

from blocks.kit.values import DIGITS, Payload
from models.characters import storable_json

Fields = Mapping[str, object]

DEPTH_MAX = 20  # nested objects and arrays; ours are not four deep
PAGES_MAX = 10_000
ID_MAX = 64
QUERY_MAX = 150  # characters in a search field
SUBMISSION_MAX = 36  # a uuid


def dump_view_state(fields: Fields) -> str:
    """The fields as `private_metadata`: at most 3,000 characters (docs.slack.dev, "Modals"). `None` is left
    out."""
    return json.dumps({key: value for key, value in fields.items() if value is not None}, ensure_ascii=False)


def load_view_state(view: Payload) -> Fields:
    """The fields that a view keeps; empty when it has none, or something that is no state of ours."""
    try:
        fields = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, RecursionError):  # no JSON, a thousand brackets
        return {}
    return storable_json(fields) if isinstance(fields, dict) and not _is_deep(fields) else {}


def nested(fields: Fields, key: str) -> Fields:
    """The object in a field; empty when there is none."""
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def read_page(value: object) -> int:
    """A page's number (from 0) in a state; the first for anything else."""
    return value if type(value) is int and 0 <= value < PAGES_MAX else 0  # `True` is an `int` too


def read_page_value(value: object) -> int:
    """A page's number (from 0) in a button's value; the first for anything else."""
    text = str(value)
    return read_page(int(text)) if text.isdecimal() and len(text) <= DIGITS else 0


def read_id(value: object) -> str | None:
    """The id of a site, a service or a group; `None` for anything else."""
    return value[:ID_MAX] if isinstance(value, str) and value else None


def read_query(value: object) -> str:
    """The text of a search in a state; "" for anything else."""
    return value[:QUERY_MAX] if isinstance(value, str) else ""


def read_submission(fields: Fields) -> str:
    """The uuid that a form was rendered with; "" when there is none."""
    return str(fields.get("submission", ""))[:SUBMISSION_MAX]


def _is_deep(fields: Fields) -> bool:
    """Whether the nesting exceeds `DEPTH_MAX`: JSON of that depth may be read, and not written again."""
    level: list[Mapping[str, object] | list[object]] = [fields]
    for _ in range(DEPTH_MAX):
        contents = [list(each.values()) if isinstance(each, Mapping) else each for each in level]
        level = [each for values in contents for each in values if isinstance(each, dict | list)]
    return bool(level)
