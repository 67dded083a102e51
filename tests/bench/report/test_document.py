"""docs/benchmarks.md says of its figures what the goals say."""

from tests.bench.parts import GOALS
from tests.bench.report.document import DOCUMENT, read, render


def test_the_document_is_marked_by_the_goals() -> None:
    text = DOCUMENT.read_text()
    assert render(read(text, GOALS), GOALS) == text, "run python -m tests.bench --mark"
