"""The state of the queue and of the search over tickets, as a view keeps it."""

from dataclasses import dataclass, field, replace
from typing import Self

from blocks import ids
from blocks.kit.values import DIGITS, Payload, chosen, enum_or_none
from blocks.kit.view_state import Fields, nested, read_id, read_page, read_page_value, read_query
from models.lifecycle import Priority, Status
from models.pages import QueueState, Tab

ALL = "*"  # the option of a filter that filters nothing


def dump_queue_state(state: QueueState) -> Fields:
    """The state of the queue, for the field `queue` of a view's state."""
    fields = {
        "tab": state.tab,
        "page": state.page,
        "site": state.site_id,
        "priority": state.priority,
        "service": state.service_id,
        "technician": state.technician,
        "status": state.status,
    }
    return {key: value for key, value in fields.items() if value is not None}


def dump_queue_view(state: QueueState) -> Fields:
    """The state as the queue's modal keeps it, and the details that are opened in it."""
    return {"from": "queue", "queue": dump_queue_state(state)}


def load_queue_state(fields: Fields) -> QueueState:
    """The state of the queue in a view's field `queue`; its defaults for what is not valid."""
    queue = nested(fields, "queue")
    return QueueState(
        tab=_tab(queue.get("tab")),
        page=read_page(queue.get("page")),
        site_id=read_id(queue.get("site")),
        priority=enum_or_none(Priority, queue.get("priority")),
        service_id=read_id(queue.get("service")),
        technician=_technician(queue.get("technician")),
        status=enum_or_none(Status, queue.get("status")),
    )


def moved_in_queue(state: QueueState, action: Payload) -> QueueState:
    """The state after a click on a tab, a filter or a page. A tab or a filter begins at its first page."""
    action_id, option = action["action_id"], chosen(action)
    wanted = None if option == ALL else option
    match action_id:
        case ids.BACK_TO_QUEUE:
            return state
        case ids.QUEUE_SITE:
            return replace(state, page=0, site_id=read_id(wanted))
        case ids.QUEUE_PRIORITY:
            return replace(state, page=0, priority=enum_or_none(Priority, wanted))
        case ids.QUEUE_SERVICE:
            return replace(state, page=0, service_id=read_id(wanted))
        case ids.QUEUE_TECHNICIAN:
            return replace(state, page=0, technician=_technician(wanted))
        case ids.QUEUE_STATUS:
            return replace(state, page=0, status=enum_or_none(Status, wanted))
    if action_id.startswith(ids.QUEUE_TAB):
        return replace(state, page=0, tab=_tab(action.get("value")))
    return replace(state, page=read_page_value(action.get("value")))


@dataclass(frozen=True)
class SearchState:
    """The query and the page (from 0) of a search, and the state of the queue that it was opened in."""

    query: str = ""
    page: int = 0
    queue: QueueState = field(default_factory=QueueState)

    @classmethod
    def load(cls, fields: Fields) -> Self:
        return cls(
            query=read_query(fields.get("words")),
            page=read_page(fields.get("page")),
            queue=load_queue_state(fields),
        )

    def dump(self) -> Fields:
        """The state as the search's modal keeps it, and the details that are opened in it."""
        queue = dump_queue_state(self.queue)
        return {"from": "search", "words": self.query, "page": self.page, "queue": queue}


def _technician(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None


def _tab(value: object) -> Tab:
    return enum_or_none(Tab, value) or Tab.UNASSIGNED
