"""Where a view stands, kept in its `private_metadata`. Never trusted for rights."""

import json
from typing import Any

from models.characters import all_kept

Place = dict[str, Any]
DEPTH_MAX = 20  # of what stands in a place; ours are not four deep


def dump_view_state(place: Place) -> str:
    """The place as a view carries it: at most 3,000 characters (docs.slack.dev, "Modals")."""
    return json.dumps({key: value for key, value in place.items() if value is not None}, ensure_ascii=False)


def load_view_state(view: dict[str, Any]) -> Place:
    """The place of a view; empty when it carries none or one that is not ours."""
    try:
        place = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, RecursionError):  # no JSON, a thousand brackets
        return {}
    return all_kept(place) if isinstance(place, dict) and not _is_deep(place) else {}


def _is_deep(place: Place) -> bool:
    """Whether there is more in one another than anything of ours: what is as deep cannot be written again."""
    level: list[Any] = [place]
    for _ in range(DEPTH_MAX):
        held = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for values in held for each in values if isinstance(each, dict | list)]
    return bool(level)
