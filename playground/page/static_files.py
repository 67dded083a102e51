"""The page's style sheets and scripts."""

from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles


class _Revalidated(StaticFiles):
    """Files that a browser revalidates each time."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        response = super().file_response(*args, **options)
        response.headers["Cache-Control"] = "no-cache"
        return response


routes = [Mount("/page/static", _Revalidated(directory=Path(__file__).parent / "static"))]
