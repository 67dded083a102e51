"""`python -m tests.bench.compare [FIGURES]`: BASE=revision (main) and this tree in turns, ROUNDS=7 rounds."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bench.compare.figures import KINDS
from tests.bench.compare.noise import Comparison, coverage
from tests.bench.compare.trees import ROOT, checked_out, commit, environment_of
from tests.bench.environment import databases
from tests.bench.report.table import Section, milliseconds

ENDING = 60.0  # seconds
COLUMNS = ("", "base", "new", "new / base", "between", "")
WORDS = "Medians of the rounds; the ratio is the median of each round's."


class Subject:
    """A revision's process."""

    def __init__(self, name: str, tree: Path, server: str, folder: Path) -> None:
        folder.mkdir()
        command = [sys.executable, "-m", "tests.bench.compare.subject", name, server, str(folder)]
        self.process = subprocess.Popen(
            command,
            cwd=tree,
            env=environment_of(tree),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, kind: str) -> Mapping[str, float | str]:
        """Have it measure."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{kind}\n")
        self.process.stdin.flush()
        answer: Mapping[str, float | str] = json.loads(
            self.process.stdout.readline() or '{"error": "it ended"}'
        )
        return answer

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGINT)  # so that it ends its own processes
            self.process.wait(ENDING)


def main(kinds: Sequence[str], base: str, rounds: int) -> int:
    """Measure and print."""
    if unknown := set(kinds) - set(KINDS):
        sys.stderr.write(f"there is no figure {unknown.pop()}: expected {', '.join(KINDS)}\n")
        return 2
    sure = coverage(rounds, 0) if rounds < 9 else 0.95
    sys.stdout.write(
        f"base: {commit(base)}\nnew:  this tree, on {commit('HEAD')}\n{rounds} rounds in turns; "
    )
    sys.stdout.write(f"the median ratio is between the two values with a probability of {sure:.0%}\n")
    section = Section("New beside base", WORDS, COLUMNS)
    section.announce()
    with ExitStack() as stack:
        made = stack.enter_context(databases())
        trees = {"base": stack.enter_context(checked_out(base)), "new": ROOT}
        subjects = [Subject(name, tree, made.server, made.folder / name) for name, tree in trees.items()]
        for subject in subjects:
            stack.callback(subject.close)
        for kind in kinds or KINDS:
            _compare(section, kind, subjects, rounds)
    return 0


def _compare(section: Section, kind: str, subjects: Sequence[Subject], rounds: int) -> None:
    taken: list[list[Mapping[str, float | str]]] = [[], []]
    for number in range(rounds):
        for place in (0, 1) if number % 2 == 0 else (1, 0):
            answer = subjects[place].measure(kind)
            if "error" in answer:
                section.add(
                    kind, "", "", "", "", f"not measured in {('base', 'new')[place]}: {answer['error']}"
                )
                return
            taken[place].append(answer)
    for name in taken[1][0]:
        base, new = ([float(answer[name]) for answer in answers] for answers in taken)
        _row(section, name, Comparison(base, new))


def _row(section: Section, name: str, both: Comparison) -> None:
    low, high = both.interval
    middle = len(both.base) // 2
    section.add(
        name,
        milliseconds(sorted(both.base)[middle]),
        milliseconds(sorted(both.new)[middle]),
        f"{both.ratio:.3f}",
        f"{low:.3f}–{high:.3f}",
        both.says,
    )


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and end what was started
    wanted = [each for each in sys.argv[1:] if each]
    sys.exit(main(wanted, os.environ.get("BASE") or "main", int(os.environ.get("ROUNDS") or 7)))
