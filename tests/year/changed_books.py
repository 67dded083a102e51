"""Books in which one thing is changed, and what the account says of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tests.year.account import reckon
from tests.year.books import Books


def wrong(books: Books) -> list[str]:
    """The lines of the account that are not 0."""
    return [line.partition(":")[0] for line in reckon(books).wrong]


def changed(books: Books, name: str, old: object, *new: object) -> Books:
    """The books with something else in place of an entry."""
    entries: Sequence[Any] = getattr(books, name)
    place = next(place for place, each in enumerate(entries) if each is old)
    found: dict[str, Any] = {name: [*entries[:place], *new, *entries[place + 1 :]]}
    return replace(books, **found)
