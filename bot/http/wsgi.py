"""The types of a WSGI application (PEP 3333)."""

from collections.abc import Callable, Iterable
from typing import Any

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
