"""Where somebody stands in the queue or in a search over tickets, as a view carries it."""

from typing import Any

from blocks import ids
from blocks.kit.values import chosen
from blocks.kit.view_state import Place
from models.lifecycle import Priority
from models.pages import QueueState, Tab

ALL = "*"  # the option of a filter that filters nothing
WORDS_MAX = 150  # of a search
_ID_MAX = 64


def dump_queue_state(place: QueueState) -> Place:
    """The place, to be kept in the place of a view."""
    kept = {
        "tab": place.tab,
        "page": place.page,
        "site": place.site_id,
        "priority": place.priority,
        "service": place.service_id,
    }
    return {key: value for key, value in kept.items() if value is not None}


def load_queue_state(place: Place) -> QueueState:
    """The place in the queue that the place of a view keeps. What is not ours reads as its beginning."""
    kept = place.get("queue")
    if not isinstance(kept, dict):
        return QueueState()
    return QueueState(
        tab=_tab(kept.get("tab")),
        page=_page(kept.get("page")),
        site_id=_id(kept.get("site")),
        priority=_priority(kept.get("priority")),
        service_id=_id(kept.get("service")),
    )


def moved_in_queue(place: QueueState, action: dict[str, Any]) -> QueueState:
    """The place after a click on a tab, a filter or a page. A tab or a filter begins at its first page."""
    here = dump_queue_state(place)
    what = action["action_id"]
    if what.startswith(ids.QUEUE_PAGE):
        page = str(action.get("value"))
        return load_queue_state({"queue": {**here, "page": int(page) if page.isdecimal() else 0}})
    if what.startswith(ids.QUEUE_TAB):
        return load_queue_state({"queue": {**here, "page": 0, "tab": action.get("value")}})
    if what == ids.BACK_TO_QUEUE:
        return place
    wanted = chosen(action)
    filtered = what.rpartition(".")[2]
    return load_queue_state({"queue": {**here, "page": 0, filtered: None if wanted == ALL else wanted}})


def back_in_queue(place: Place) -> str | None:
    """The id of the button that leads from a ticket back to the queue or the search it was opened in."""
    return {"queue": ids.BACK_TO_QUEUE, "search": ids.BACK_TO_SEARCH}.get(str(place.get("from")))


def load_search_state(place: Place) -> tuple[str, int]:
    """The words and the page of a search."""
    words = place.get("words")
    return words[:WORDS_MAX] if isinstance(words, str) else "", _page(place.get("page"))


def view_state_below(place: Place) -> Place:
    """What of a place leads back to where a ticket's detail was opened: what goes from view to view."""
    words, page = load_search_state(place)
    kept = {
        "which": place.get("which") if place.get("which") in ("open", "closed") else None,
        "from": place.get("from") if place.get("from") in ("queue", "search") else None,
        "page": page or None,
        "queue": dump_queue_state(load_queue_state(place)) if "queue" in place else None,
        "words": words or None,
    }
    return {key: value for key, value in kept.items() if value is not None}


def _tab(value: object) -> Tab:
    return Tab(value) if isinstance(value, str) and value in set(Tab) else Tab.UNASSIGNED


def _priority(value: object) -> Priority | None:
    return Priority(value) if isinstance(value, str) and value in set(Priority) else None


def _id(value: object) -> str | None:
    return value[:_ID_MAX] if isinstance(value, str) and value else None


def _page(value: object) -> int:
    return value if type(value) is int and 0 <= value < 10_000 else 0
