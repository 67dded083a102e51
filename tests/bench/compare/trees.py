"""The tree of another revision, with this one's tests in it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """A revision in a temporary folder, its words compiled. Raises `CalledProcessError` if there is none."""
    with tempfile.TemporaryDirectory(prefix="guichet-base-") as folder:
        tree = Path(folder, "tree")
        _git("worktree", "add", "--quiet", "--detach", str(tree), revision)
        try:
            shutil.rmtree(tree / "tests")
            (tree / "tests").symlink_to(ROOT / "tests")
            for po in tree.glob("*/locale/*/LC_MESSAGES/*.po"):
                with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
                    write_mo(target, read_po(source))
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def commit(revision: str) -> str:
    """A revision in short, with its subject."""
    return _git("log", "-1", "--format=%h %s", revision)


def environment_of(tree: Path) -> dict[str, str]:
    """Of a process that runs this tree's product; its bytecode is kept, as it is after an installation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(tree)}


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()
