"""The state of the views of tickets: a list, a detail, a form about one ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from blocks import ids
from blocks.kit.values import read_number
from blocks.kit.view_state import Fields, nested, read_page, read_query
from blocks.queue.state import SearchState, dump_queue_view, load_queue_state
from models.pages import QueueState

Which = Literal["open", "closed"]


@dataclass(frozen=True)
class ListState:
    """Which of somebody's lists, and its page (from 0)."""

    which: Which = "open"
    page: int = 0

    @classmethod
    def load(cls, fields: Fields) -> Self:
        return cls("closed" if fields.get("which") == "closed" else "open", read_page(fields.get("page")))

    def dump(self) -> Fields:
        return {"which": self.which, "page": self.page}


@dataclass(frozen=True)
class MySearchState:
    """The query and the page (from 0) of a search over one's own tickets."""

    query: str = ""
    page: int = 0

    @classmethod
    def load(cls, fields: Fields) -> Self:
        return cls(read_query(fields.get("words")), read_page(fields.get("page")))

    def dump(self) -> Fields:
        return {"from": "my_search", "words": self.query, "page": self.page}


Origin = ListState | QueueState | SearchState | MySearchState
"""The state of a view that a ticket's detail can be opened in."""


@dataclass(frozen=True)
class DetailState:
    """The view that a ticket's detail was opened in, to go back to; `None`: a message or the Home."""

    origin: Origin | None = None

    @classmethod
    def load(cls, fields: Fields) -> Self:
        match fields.get("from"):
            case "queue":
                return cls(load_queue_state(fields))
            case "search":
                return cls(SearchState.load(fields))
            case "my_search":
                return cls(MySearchState.load(fields))
        return cls(ListState.load(fields) if fields.get("which") in ("open", "closed") else None)

    def dump(self) -> Fields:
        match self.origin:
            case None:
                return {}
            case QueueState():
                return dump_queue_view(self.origin)
        return self.origin.dump()

    @property
    def back_button(self) -> str | None:
        """The id of the button that leads back."""
        match self.origin:
            case ListState():
                return ids.BACK_TO_LIST
            case QueueState():
                return ids.BACK_TO_QUEUE
            case SearchState():
                return ids.BACK_TO_SEARCH
            case MySearchState():
                return ids.BACK_TO_MY_SEARCH
        return None


@dataclass(frozen=True)
class FormState:
    """The ticket that a form is about, and the detail to go back to; `None`: it was opened on a message."""

    ticket_id: int
    detail: DetailState | None

    @classmethod
    def load(cls, fields: Fields) -> Self:
        """Raises `StalePayload` when it names no ticket."""
        is_in_detail = isinstance(fields.get("detail"), dict)
        detail = DetailState.load(nested(fields, "detail")) if is_in_detail else None
        return cls(read_number(fields.get("ticket")), detail)

    def dump(self) -> Fields:
        return {"ticket": self.ticket_id, "detail": None if self.detail is None else self.detail.dump()}


@dataclass(frozen=True)
class SeenState(FormState):
    """`event`: the number of the ticket's last event when the form was rendered; `None` in older forms."""

    event: int | None = None

    @classmethod
    def load(cls, fields: Fields) -> Self:
        form = FormState.load(fields)
        return cls(form.ticket_id, form.detail, read_event(fields))

    def dump(self) -> Fields:
        return {**super().dump(), "event": self.event}


def read_event(fields: Fields) -> int | None:
    """The number of an event in the state of a form. Raises `StalePayload` for what is none."""
    return None if fields.get("event") is None else read_number(fields["event"])


@dataclass(frozen=True)
class ChangeState(FormState):
    """`was`: what the fields held when the form was rendered, by field; values, or fingerprints of them. Only
    what somebody changed in the form is applied."""

    was: Mapping[str, object]

    @classmethod
    def load(cls, fields: Fields) -> Self:
        form = FormState.load(fields)
        return cls(form.ticket_id, form.detail, nested(fields, "was"))

    def dump(self) -> Fields:
        return {**super().dump(), "was": self.was}
