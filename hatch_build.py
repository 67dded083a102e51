"""Build hook: compile the gettext catalogues, and give the wheel the example files of `guichet init`."""

from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

EXAMPLES = ("catalogue.yaml", "articles", ".env.example")
"""What `bot/ops/examples.py` copies: from a checkout's root, or from inside an installed package."""


class GuichetBuildHook(BuildHookInterface[Any]):
    """Of the wheel only: no binary is committed, nor in the source archive."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "standard", or "editable" for an installation that runs from the checkout."""
        for po in Path(self.root).glob("*/locale/*/LC_MESSAGES/*.po"):
            _compile(po, po.with_suffix(".mo"))
        if version == "standard":
            for name in EXAMPLES:
                build_data["force_include"][str(Path(self.root) / name)] = f"bot/examples/{name}"


def _compile(po: Path, mo: Path) -> None:
    """Written only when it differs: somebody may be reading it."""
    compiled = BytesIO()
    with po.open("rb") as source:
        write_mo(compiled, read_po(source, abort_invalid=True))
    if not mo.exists() or mo.read_bytes() != compiled.getvalue():
        mo.write_bytes(compiled.getvalue())
