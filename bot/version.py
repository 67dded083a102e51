"""The version of Guichet."""

import tomllib
from importlib import metadata
from pathlib import Path


def version() -> str:
    """`1.2.3`: of the installed package, or of `pyproject.toml` when Guichet runs from its sources."""
    try:
        return metadata.version("guichet")
    except metadata.PackageNotFoundError:
        text = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text)["project"]["version"])
