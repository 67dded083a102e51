"""The page's style sheets and scripts."""

from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles


class _Current(StaticFiles):
    """Files that a browser asks for each time, if only to hear that they have not changed."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        response = super().file_response(*args, **options)
        response.headers["Cache-Control"] = "no-cache"
        return response


routes = [Mount("/page/static", _Current(directory=Path(__file__).parent / "static"))]
