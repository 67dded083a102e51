"""The state of the catalogue's view: what it shows, and the states before it, for "Back"."""

from dataclasses import dataclass, replace

from blocks import ids
from blocks.kit.values import Payload
from blocks.kit.view_state import (
    QUERY_MAX,
    Fields,
    dump_view_state,
    load_view_state,
    read_id,
    read_page,
    read_page_value,
)
from models.characters import is_blank

# A view carries 3,000 characters (docs.slack.dev, "Modals"); some may count double.
_TEXT_MAX = 2500


@dataclass(frozen=True)
class CatalogueState:
    """An article's page, else a service's, else the results of a search, else the level of a group; without
    any, the top."""

    group: str | None = None
    page: int = 0
    query: str | None = None
    service: str | None = None
    article: str | None = None
    field_text: str = ""
    """The text in the search field, searched or not."""
    trail: tuple["CatalogueState", ...] = ()
    """The states that led here, the first one first."""

    @property
    def is_top(self) -> bool:
        return not (self.group or self.query or self.service or self.article)

    def to_group(self, group_id: str) -> "CatalogueState":
        return self._onward(CatalogueState(group=group_id))

    def to_service(self, service_id: str) -> "CatalogueState":
        return self._onward(CatalogueState(service=service_id))

    def to_article(self, article_id: str) -> "CatalogueState":
        return self._onward(CatalogueState(article=article_id))

    def to_page(self, page: str) -> "CatalogueState":
        """Another page of the same; the trail stays."""
        return replace(self, page=read_page_value(page))

    def to_search(self, text: str | None) -> "CatalogueState":
        """The results of a search. It replaces the last one; without text, back to before that."""
        query = tidy(text)
        if not query:
            return self.back() if self.query else self
        if self.query:
            return replace(self, query=query, field_text=query, page=0)
        return replace(self._onward(CatalogueState(query=query)), field_text=query)

    def back(self) -> "CatalogueState":
        """The state before; the top when the trail is empty."""
        *earlier, last = self.trail or (CatalogueState(),)
        return replace(last, field_text=self.field_text, trail=tuple(earlier))

    def _onward(self, there: "CatalogueState") -> "CatalogueState":
        here = replace(self, field_text="", trail=())
        return replace(there, field_text=self.field_text, trail=(*self.trail, here))


def load_catalogue_state(view: Payload) -> CatalogueState:
    """The state of the view, and the text in its search field. What is not valid reads as the top."""
    fields = load_view_state(view)
    steps = fields.get("trail")
    trail = [_step(each) for each in steps if isinstance(each, dict)] if isinstance(steps, list) else []
    values = (view.get("state") or {}).get("values") or {}
    text = (
        values[ids.SEARCH].get(ids.SEARCH, {}).get("value") if ids.SEARCH in values else fields.get("typed")
    )
    return replace(_step(fields), field_text=tidy(text), trail=tuple(trail))


def dump_catalogue_state(state: CatalogueState) -> str:
    """The state as `private_metadata`. The oldest steps of a long trail are left out."""
    steps = [_fields(step) for step in state.trail]
    while True:
        text = dump_view_state({**_fields(state), "typed": state.field_text or None, "trail": steps or None})
        if len(text) <= _TEXT_MAX or not steps:
            return text
        steps.pop(0)


JOINER = "\u200d"  # holds the parts of an emoji together


def tidy(text: object) -> str:
    """The text to search, on one line, cut to what the search field holds; "" when nothing of it is seen."""
    line = " ".join(text.split()) if isinstance(text, str) and not is_blank(text) else ""
    return "".join(c for c in line if c.isprintable() or c == JOINER)[:QUERY_MAX].rstrip()


def _step(fields: Fields) -> CatalogueState:
    return CatalogueState(
        group=read_id(fields.get("group")),
        page=read_page(fields.get("page")),
        query=tidy(fields.get("words")) or None,
        service=read_id(fields.get("service")),
        article=read_id(fields.get("article")),
    )


def _fields(state: CatalogueState) -> Fields:
    step = {
        "group": state.group,
        "page": state.page,
        "words": state.query,
        "service": state.service,
        "article": state.article,
    }
    return {key: value for key, value in step.items() if value is not None}
