"""JSON that also encodes lone surrogates."""

import json
from typing import Any

from starlette.responses import JSONResponse


def dumps(value: object) -> str:
    """JSON that can be encoded as UTF-8; all characters are escaped if one of them is a lone surrogate."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


class AnyJSONResponse(JSONResponse):
    """A response with the JSON of `dumps`."""

    def render(self, content: Any) -> bytes:
        return dumps(content).encode()
