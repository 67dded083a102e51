"""The example files that an administrator starts from: a catalogue, its articles, the settings explained."""

import shutil
from collections.abc import Iterator
from pathlib import Path

FILES = ("catalogue.yaml", ".env.example")
FOLDER = "articles"
READABLE_FILE, READABLE_FOLDER = 0o644, 0o755
PRIVATE = 0o600


def write_examples(into: Path) -> Iterator[tuple[Path, bool]]:
    """Copy each example into a folder, made if necessary. Yields its path, and whether it was written.

    What is there stays as it is, and a folder of articles as a whole: somebody may have removed some of them.
    Other users may read catalogue and articles, since whoever writes them may not be whom the help desk runs
    as; `.env.example` is private, and so is the `.env` that is copied from it. Raises `OSError`.
    """
    into.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        target = into / name
        written = not (target.exists() or target.is_symlink())  # not through a link of somebody else's
        if written:
            _copy(_examples() / name, target, PRIVATE if name.startswith(".env") else READABLE_FILE)
        yield target, written
    articles = into / FOLDER
    written = not articles.exists()
    if written:
        articles.mkdir()
        articles.chmod(READABLE_FOLDER)
        for article in sorted((_examples() / FOLDER).glob("*.md")):
            _copy(article, articles / article.name, READABLE_FILE)
    yield articles, written


def _copy(source: Path, target: Path, mode: int) -> None:
    shutil.copyfile(source, target)
    target.chmod(mode)


def _examples() -> Path:
    """Inside the package of an installed wheel (`hatch_build.py`); otherwise the root of the checkout."""
    packaged = Path(__file__).parents[1] / "examples"
    return packaged if packaged.is_dir() else Path(__file__).parents[2]
