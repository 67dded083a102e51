"""What the processes logged about the deliveries that an account finds wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.outbox.delivery import Delivery


def logged(engine: Engine, folder: Path, wrong: Sequence[str]) -> list[str]:
    """The lines, each after the name of its process."""
    with Session(engine) as session:
        keys = {key: number for number, key in session.execute(select(Delivery.id, Delivery.key))}
    return list(lines(folder, keys, wrong))


def lines(folder: Path, keys: Mapping[str, int], wrong: Sequence[str]) -> Iterator[str]:
    """The lines in the folder's logs of the deliveries whose keys are named in `wrong`."""
    named = {keys[word] for words in wrong for word in re.split(r"[ ,]+", words) if word in keys}
    if not named:
        return
    theirs = re.compile(rf"\bdelivery[- ]({'|'.join(map(str, sorted(named)))})\b")
    for log in sorted(folder.glob("*.log")):
        for line in log.read_text("utf-8", "replace").splitlines():
            if theirs.search(line):
                yield f"{log.stem}: {line}"
