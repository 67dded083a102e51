"""Where a view stands, kept in its `private_metadata`. Never trusted for rights."""

import json
from typing import Any

Place = dict[str, Any]


def write_place(place: Place) -> str:
    """The place as a view carries it: at most 3,000 characters (docs.slack.dev, "Modals")."""
    return json.dumps({key: value for key, value in place.items() if value is not None}, ensure_ascii=False)


def read_place(view: dict[str, Any]) -> Place:
    """The place of a view; empty when it carries none or one that is not ours."""
    try:
        place = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return place if isinstance(place, dict) else {}
