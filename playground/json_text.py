"""JSON as it travels: readable, and whole though a text may hold half of a surrogate pair."""

import json
from typing import Any

from starlette.responses import JSONResponse


def dumps(value: object) -> str:
    """JSON that can be written as UTF-8: with escapes only where a character cannot stand by itself."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


class AnyJSONResponse(JSONResponse):
    """An answer in such JSON."""

    def render(self, content: Any) -> bytes:
        return dumps(content).encode()
