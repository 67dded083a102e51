"""No alert is without a case in which it fires exactly after its `for`, and one in which it does not fire."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from tests.observability.alerts.files import ALERTS, CASES, RULES, seconds

SHOWN = re.compile(r'count by \(alertstate\) \(ALERTS\{alertname="(\w+)"\}\)')


@dataclass
class Case:
    """What one group of samples is to do with one alert: its state at each second that is looked at."""

    step: float
    is_silent: bool
    states: dict[float, str | None] = field(default_factory=dict)

    def fires_after(self, wait: float) -> bool:
        """Whether it becomes pending, stays so until `wait` is over, and fires then."""
        return any(
            self.states.get(at - wait - self.step, "not looked at") is None
            and (wait == 0 or self.states.get(at - wait) == "pending")
            and (wait == 0 or self.states.get(at - self.step) == "pending")
            for at, state in self.states.items()
            if state == "firing"
        )


def state_of(test: dict[str, Any]) -> str | None:
    samples = test.get("exp_samples", [])
    return re.findall(r'alertstate="(\w+)"', samples[0]["labels"])[0] if samples else None


def cases() -> Iterator[tuple[str, Case]]:
    for path in CASES:
        file = yaml.safe_load(path.read_text(encoding="utf-8"))
        for group in file["tests"]:
            step, silent = seconds(file["evaluation_interval"]), group["name"].startswith("silent")
            found = defaultdict[str, Case](lambda step=step, silent=silent: Case(step, silent))
            for test in group.get("promql_expr_test", []):
                if shown := SHOWN.fullmatch(test["expr"]):
                    found[shown[1]].states[seconds(test["eval_time"])] = state_of(test)
            yield from found.items()


OF_ALERT = defaultdict[str, list[Case]](list)
for _name, _case in cases():
    OF_ALERT[_name].append(_case)


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: str(rule["alert"]))
def test_each_alert_fires_exactly_after_its_time_and_is_silent_below_its_threshold(
    rule: dict[str, Any],
) -> None:
    found = OF_ALERT[rule["alert"]]
    assert any(case.fires_after(seconds(rule.get("for", ""))) for case in found)
    assert any(case.is_silent for case in found)


def test_nothing_fires_in_a_case_that_is_called_silent() -> None:
    loud = [
        name
        for name, found in OF_ALERT.items()
        for case in found
        if case.is_silent and "firing" in case.states.values()
    ]
    assert loud == []


def test_each_recorded_series_has_a_case() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in CASES)
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    assert {name for name in recorded if not re.search(rf"expr: round\({name}, ", text)} == set()
