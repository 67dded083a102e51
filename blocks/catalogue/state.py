"""Where somebody stands in the catalogue, and the way back."""

from dataclasses import dataclass, replace
from typing import Any

from blocks import ids
from blocks.kit.view_state import Place, dump_view_state, load_view_state

WORDS_MAX = 150
_ID_MAX = 64
# A view carries 3,000 characters (docs.slack.dev, "Modals"); some may count double.
_TEXT_MAX = 2500


@dataclass(frozen=True)
class CatalogueState:
    """A service's page, else what a search found, else the level of a group; without any, the top."""

    group: str | None = None
    page: int = 0
    words: str | None = None
    service: str | None = None
    typed: str = ""
    """What stands in the search field, searched or not."""
    trail: tuple["CatalogueState", ...] = ()
    """The places that led here, the first one first."""

    @property
    def is_top(self) -> bool:
        return not (self.group or self.words or self.service)

    def to_group(self, group_id: str) -> "CatalogueState":
        return self._onward(CatalogueState(group=group_id))

    def to_service(self, service_id: str) -> "CatalogueState":
        return self._onward(CatalogueState(service=service_id))

    def to_page(self, page: str) -> "CatalogueState":
        """Another page of the same; nothing is added to the way back."""
        return replace(self, page=_page(int(page) if page.isdecimal() else 0))

    def to_search(self, text: str | None) -> "CatalogueState":
        """What these words find. A search takes the place of the last; without words, back to before it."""
        words = tidy(text)
        if not words:
            return self.back() if self.words else self
        if self.words:
            return replace(self, words=words, typed=words, page=0)
        return replace(self._onward(CatalogueState(words=words)), typed=words)

    def back(self) -> "CatalogueState":
        """Where one was; the top when that is no longer known."""
        *earlier, last = self.trail or (CatalogueState(),)
        return replace(last, typed=self.typed, trail=tuple(earlier))

    def _onward(self, there: "CatalogueState") -> "CatalogueState":
        here = replace(self, typed="", trail=())
        return replace(there, typed=self.typed, trail=(*self.trail, here))


def load_catalogue_state(view: dict[str, Any]) -> CatalogueState:
    """Where the view stands, and what is typed in its search field. What is not ours reads as the top."""
    place = load_view_state(view)
    steps = place.get("trail")
    trail = [_step(each) for each in steps if isinstance(each, dict)] if isinstance(steps, list) else []
    values = (view.get("state") or {}).get("values") or {}
    typed = (
        values[ids.SEARCH].get(ids.SEARCH, {}).get("value") if ids.SEARCH in values else place.get("typed")
    )
    return replace(_step(place), typed=tidy(typed), trail=tuple(trail))


def dump_catalogue_state(place: CatalogueState) -> str:
    """The place as a view carries it. The oldest steps of the way back are forgotten when it is long."""
    steps = [_written(step) for step in place.trail]
    while True:
        text = dump_view_state({**_written(place), "typed": place.typed or None, "trail": steps or None})
        if len(text) <= _TEXT_MAX or not steps:
            return text
        steps.pop(0)


JOINER = "\u200d"  # holds the parts of an emoji together


def tidy(text: object) -> str:
    """Words to search, on one line, as many as the search field holds."""
    words = " ".join(text.split()) if isinstance(text, str) else ""
    return "".join(c for c in words if c.isprintable() or c == JOINER)[:WORDS_MAX].rstrip()


def _step(place: Place) -> CatalogueState:
    return CatalogueState(
        group=_id(place.get("group")),
        page=_page(place.get("page")),
        words=tidy(place.get("words")) or None,
        service=_id(place.get("service")),
    )


def _written(place: CatalogueState) -> Place:
    step = {"group": place.group, "page": place.page, "words": place.words, "service": place.service}
    return {key: value for key, value in step.items() if value is not None}


def _id(value: object) -> str | None:
    return value[:_ID_MAX] if isinstance(value, str) and value else None


def _page(value: object) -> int:
    return value if type(value) is int and 0 <= value < 10_000 else 0
