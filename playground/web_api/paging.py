"""Pages of lists ("Paginating through collections")."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from playground.errors import ApiError
from playground.state.workspace import Json
from playground.web_api.call import ApiCall

T = TypeVar("T")


def page(
    call: ApiCall, items: Sequence[T], key: Callable[[T], str], *, default: int, most: int = 1000
) -> tuple[Sequence[T], Json]:
    """One page of `items`, and the part of the answer with the next cursor, "" after the last page.

    A cursor holds the `key` of the first item of its page, so it stays valid when items are inserted before.
    """
    limit = call.number("limit", default, most)
    start = _start(call.text("cursor"), [key(item) for item in items])
    following = items[start + limit : start + limit + 1]
    cursor = _encode(key(following[0])) if following else ""
    return items[start : start + limit], {"response_metadata": {"next_cursor": cursor}}


def _start(cursor: str | None, keys: list[str]) -> int:
    if cursor is None:
        return 0
    try:
        return keys.index(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise ApiError("invalid_cursor") from error


def _encode(key: str) -> str:
    return base64.b64encode(f"next:{key}".encode()).decode()
