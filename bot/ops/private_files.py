"""Whether other users of this machine can read files of ours."""

import stat
from collections.abc import Iterator
from pathlib import Path

from bot.ops.finding import Finding, warning


def readable_by_others(*paths: Path) -> Iterator[Finding]:
    """A warning for each that others than its owner can read, write or enter; none for what is missing."""
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError:  # another check says so
            continue
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            right = "700" if stat.S_ISDIR(mode) else "600"
            yield warning(f"{path}: other users of this machine may read it: `chmod {right} {path}`")
