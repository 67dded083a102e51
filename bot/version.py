"""The version of Guichet."""

import tomllib
from importlib import metadata
from pathlib import Path


def version() -> str:
    """`1.2.3`: of `pyproject.toml` when Guichet runs from its sources, or of the installed package."""
    sources = Path(__file__).parents[1]
    if (sources / "hatch_build.py").exists():
        text = (sources / "pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text)["project"]["version"])
    return metadata.version("guichet")
