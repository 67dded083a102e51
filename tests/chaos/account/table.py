"""The table of a run."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Account:
    """The counts, by row of the table, and what is wrong."""

    rows: dict[str, object] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    """What was logged about it."""

    def count(self, name: str, culprits: Iterable[object]) -> None:
        """A line of the table that must be 0."""
        found = sorted(map(str, culprits))
        self.rows[name] = len(found)
        if found:
            self.wrong.append(f"{name}: {', '.join(found[:5])}")

    def print(self, name: str) -> None:
        """Print it under a name."""
        sys.stdout.write(f"\n{name}\n")
        for words, value in self.rows.items():
            sys.stdout.write(f"  {words:<44}{value:>7}\n")
        for words in self.wrong:
            sys.stdout.write(f"  WRONG {words}\n")
        for line in self.evidence:
            sys.stdout.write(f"  {line}\n")
        sys.stdout.flush()
