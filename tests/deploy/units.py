"""The units in `deploy/systemd`, read as systemd does, as far as these need it (systemd.syntax(7))."""

from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT

FOLDER = ROOT / "deploy" / "systemd"
COMMAND = "/opt/guichet/bin/guichet"
PROCESSES = ("guichet-web.service", "guichet-socket.service", "guichet-worker@.service")
SERVICES = (*PROCESSES, "guichet-release.service", "guichet-backup.service")


def values(unit: str, name: str) -> Sequence[str]:
    """What the lines `name=` of a unit say, in their order."""
    lines = (FOLDER / unit).read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(f"{name}=") for line in lines if line.startswith(f"{name}=")]


def credentials(unit: str) -> Sequence[str]:
    """The names that a service finds its secrets by."""
    return [value.partition(":")[0] for value in values(unit, "LoadCredential")]


def executable_copy(folder: Path) -> Path:
    """The units in a folder of their own, with a command that is there."""
    copy = folder / "systemd"
    for path in FOLDER.rglob("*"):
        if path.is_file():
            (copy / path.relative_to(FOLDER)).parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text(encoding="utf-8").replace(COMMAND, "/bin/true")
            (copy / path.relative_to(FOLDER)).write_text(text, encoding="utf-8")
    return copy
