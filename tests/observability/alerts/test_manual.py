"""The manual's table of alerts says what the rules do: thresholds, times, severities, where to read on."""

import re
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.observability.alerts.files import ALERTS, UNITS, seconds

MANUAL = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| `(Guichet\w+)` \| (.+?) \| (.+?) \| (.+?) \| \[.+?\]\((.*?)#([\w-]+)\) \|$", re.MULTILINE
)
TABLE = {row[0]: row[1:] for row in ROW.findall(MANUAL)}
WEEKDAYS = "day_of_week() > 1 < 6"


def numbers(text: str, units: str) -> set[float]:
    """The thresholds and windows in a text, in seconds where it has a unit; 0 and 1 say only whether."""
    found = re.findall(rf"(?<![\w.])(\d+(?:\.\d+)?) ?({units})?(?![\w.]\w|\w)", text)
    return {float(number) * UNITS[unit] for number, unit in found} - {0.0, 1.0}


def thresholds(expression: str) -> set[float]:
    """The numbers of an expression: of comparisons, of windows, of the windows of recorded series."""
    expression = re.sub(r'\{.*?\}|"[^"]*"', "", expression.replace(WEEKDAYS, ""))
    return numbers(re.sub(r"guichet:bad:[a-z]+(\d)", r"\1", expression), "[smhd]")


def test_the_table_has_each_alert_and_no_other() -> None:
    assert sorted(TABLE) == sorted(rule["alert"] for rule in ALERTS)


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: str(rule["alert"]))
def test_the_table_says_when_an_alert_fires_how_urgent_it_is_and_where_to_read_on(
    rule: dict[str, Any],
) -> None:
    when, wait, severity, document, anchor = TABLE[rule["alert"]]
    assert numbers(when, "min|s|h|%") == thresholds(rule["expr"])
    assert (WEEKDAYS in rule["expr"]) == ("from Tuesday to Friday" in when)
    assert numbers(wait, "min|h") == {seconds(rule.get("for", ""))} - {0}
    assert (wait == "–") == ("for" not in rule)
    assert severity == rule["labels"]["severity"]
    assert f"docs/{document or 'operating.md'}#{anchor}" == rule["annotations"]["manual"]
