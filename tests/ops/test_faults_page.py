"""docs/faults.md has each line that an administrator may read, and no line that nothing says."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml

from tests.architecture.modules import tree_of, under
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
MANUAL = " ".join((PAGE + (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")).split())
ALERTS = (ROOT / "deploy" / "prometheus" / "rules.yaml").read_text(encoding="utf-8")
LEVELS = {"warning", "error", "exception"}
FINDINGS = {"wrong", "warning"}
PLACEHOLDER = re.compile(r"…|%[sdr]|%\.\df|<\w+>")
SHORTEST = 12  # characters of a line between two placeholders that make it recognizable


def text_of(node: ast.expr) -> str | None:
    """A literal text, its placeholders as `…`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "…" for each in node.values)
    return None


def said(nodes: Iterable[ast.expr]) -> Iterator[str]:
    """The lines that are logged from WARNING up, and what doctor finds."""
    for node in nodes:
        if isinstance(node, ast.Call) and node.args and (text := text_of(node.args[0])):
            match node.func:
                case ast.Attribute(value=ast.Name(id="logger"), attr=name) if name in LEVELS:
                    yield text
                case ast.Name(id=name) if name in FINDINGS:
                    yield text


EXPRESSIONS = [
    node for name in under("bot") for node in ast.walk(tree_of(name)) if isinstance(node, ast.expr)
]
LINES = sorted({PLACEHOLDER.sub("…", line).replace("`", "") for line in said(EXPRESSIONS)})
SOURCE = "\n".join(filter(None, map(text_of, EXPRESSIONS)))
QUOTED = sorted({line for line in re.findall(r"`([^`\n]+)`", MANUAL) if " " in line})


def literal(text: str) -> int:
    """How many characters of a line are not left open."""
    return len(text.replace("…", ""))


def covers(quote: str, line: str) -> bool:
    """Whether the manual's quotation is of this line: either may leave open what the other says. Numbers are
    examples."""
    quote = re.sub(r"\d+", "…", quote)
    if literal(quote) < min(SHORTEST, literal(line)):
        return False
    return any(re.match(pattern(one), another) for one, another in ((quote, line), (line, quote)))


def pattern(line: str) -> str:
    """A regular expression for a line, which may go on after it."""
    return ".*".join(re.escape(part.strip()) for part in line.split("…"))


def test_there_are_lines_to_look_for() -> None:
    assert len(LINES) > 60


@pytest.mark.parametrize("line", [line for line in LINES if literal(line) >= SHORTEST])
def test_each_line_that_the_program_says_is_in_the_manual(line: str) -> None:
    assert any(covers(quote, line) for quote in QUOTED)


# What databases, libraries and Slack say, what is no line of the log, and examples.
OF_OTHERS = re.compile(
    "|".join(
        r"""
Connection refused
timeout expired
No such file or directory
could not translate host name
failed to resolve host
password authentication failed
no password supplied
no pg_hba.conf entry
"? ?does not exist
(database|role) "
permission denied for table
attempt to write a readonly database
cannot execute INSERT in a read-only transaction
database or disk is full
No space left on device
database is locked
canceling statement due to .*
too many clients already
remaining connection slots are reserved
file is not a database
database disk image is malformed
disk I/O error
unable to open database file
the file cannot be read
Failed to retrieve WSS URL
Failed to send a request
Unhandled request
Unauthorized
other - unsigned
up == 0
/ticket failed
.*_total.*
timedatectl .*
guichet .*
SMTP_ULR in .env is no setting and is ignored
did you mean SMTP_URL.*
refused .TransitionRefused.?
pending .smtp
what is wrong
what to do
(MAIL FROM|AUTH) refused
sending by [\w.]+ is stopped
last heard
.* min ago
""".strip().splitlines()
    )
)


@pytest.mark.parametrize("quote", sorted({line for line in re.findall(r"`([^`\n]+)`", PAGE) if " " in line}))
def test_each_line_of_the_page_is_said_by_the_program(quote: str) -> None:
    source = SOURCE.replace("`", "")
    for part in re.split(r"…|<[\w ]+>|\d+|: |; |#", quote):
        part = part.strip(" :;,.()")
        if len(part) >= SHORTEST and not OF_OTHERS.fullmatch(part):
            assert part in source


def test_each_alert_has_its_fault() -> None:
    for group in yaml.safe_load(ALERTS)["groups"]:
        for rule in group["rules"]:
            if "alert" in rule:
                assert f"`{rule['alert']}`" in PAGE, rule["alert"]


def test_each_link_leads_to_a_heading() -> None:
    for document, anchor in re.findall(r"\]\((\w+\.md)?#([\w-]+)\)", PAGE):
        path: Path = ROOT / "docs" / (document or "faults.md")
        headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}, anchor
