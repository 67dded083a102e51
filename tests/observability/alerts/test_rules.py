"""The rules for Prometheus name metrics and labels that there are, and tell people what to do."""

import re
from collections import defaultdict
from typing import Any

import pytest

from bot.db.refusals import RefusalReason
from bot.observability.last_heard import BACKUP, HEARD, WORKER
from bot.observability.metrics import exposition
from bot.running.watch import look
from tests.conftest import ROOT
from tests.observability.alerts.files import ALERTS, RULES
from tests.observability.test_metrics import read
from tests.support.help_desk import Desk

OF_PROMETHEUS = {"instance", "job"}  # labels that it adds itself
METRIC = re.compile(r"\b(guichet_\w+)(?:\{([^}]*)\})?")
RECORDED = re.compile(r"\bguichet:[\w:]+")
MATCHER = re.compile(r'(\w+)(=~|=)"([^"]*)"')
BY = re.compile(r"\bby \(([\w, ]+)\)")


def name_of(rule: dict[str, Any]) -> str:
    return str(rule.get("alert") or rule["record"])


@pytest.fixture
def labels(desk: Desk) -> dict[str, dict[str, set[str]]]:
    """The values of each label of each metric, after a ticket was filed over Socket Mode."""
    desk.person("camille").file_ticket()
    for heard in (WORKER, BACKUP):
        HEARD.note(heard)
    HEARD.note("message.im")
    look(desk.parts)
    found = defaultdict[str, dict[str, set[str]]](lambda: defaultdict(set))
    for sample in read(exposition(desk.sessions, now=desk.now, is_connected=True).decode()):
        name, _brace, inside = sample.partition("{")
        values = found[name]
        for label, value in re.findall(r'(\w+)="([^"]*)"', inside):
            values[label].add(value)
    return found


def test_every_metric_and_label_in_a_rule_is_there(labels: dict[str, dict[str, set[str]]]) -> None:
    for rule in RULES:
        for name, matchers in METRIC.findall(rule["expr"]):
            assert name in labels, name_of(rule)
            for label, _operator, _value in MATCHER.findall(matchers):
                assert label in labels[name], (name_of(rule), name, label)
        known = {label for name, _matchers in METRIC.findall(rule["expr"]) for label in labels[name]}
        for grouped in BY.findall(rule["expr"]):
            by = {each.strip() for each in grouped.split(",")}
            assert by <= known | OF_PROMETHEUS, (name_of(rule), by)


def test_every_value_that_decides_what_is_good_is_there(labels: dict[str, dict[str, set[str]]]) -> None:
    """A bucket that is written otherwise (`le="10"`) would have no samples, and everything would be bad."""
    good = [each for rule in RULES for each in METRIC.findall(rule["expr"]) if "le=" in each[1]]
    assert {name for name, _matchers in good} == {
        "guichet_acknowledgement_own_seconds_bucket",
        "guichet_acknowledgement_seconds_bucket",
        "guichet_handover_seconds_bucket",
    }
    for name, matchers in good:
        for label, _operator, value in MATCHER.findall(matchers):
            assert value in labels[name][label], (name, label, value)


def test_every_reason_of_a_refused_write_has_its_alert() -> None:
    alerts = [rule for rule in ALERTS if "guichet_failed_writes_total" in rule["expr"]]
    reasons = [value for rule in alerts for _label, _op, value in MATCHER.findall(rule["expr"])]
    assert sorted("|".join(reasons).split("|")) == sorted(RefusalReason)


def test_what_a_rule_takes_from_another_is_recorded() -> None:
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    used = {name for rule in RULES for name in RECORDED.findall(rule["expr"])}
    assert used <= recorded


@pytest.mark.parametrize("rule", ALERTS, ids=name_of)
def test_an_alert_says_what_is_wrong_what_to_do_and_where_to_read_on(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    told = rule["annotations"]
    assert told.keys() == {"summary", "description", "manual"}
    assert len(told["summary"]) <= 100
    assert told["description"].endswith(".")
    document, _hash, anchor = told["manual"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / document).read_text(encoding="utf-8"), re.MULTILINE)
    assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("rule", ALERTS, ids=name_of)
def test_an_alert_names_only_labels_that_it_has(rule: dict[str, Any]) -> None:
    """Those by which its expression is grouped, those of a target, and those that `label_replace` adds."""
    told = " ".join(rule["annotations"].values())
    expression = re.sub(r"(?:max|min|sum) by \((.+?)\)", r"\1", rule["expr"])
    for label in re.findall(r"\$labels\.(\w+)", told):
        has = label in re.split(r"[\s,()]+", expression) or f'"{label}"' in expression
        ungrouped = label in OF_PROMETHEUS and not re.search(r"\b(max|min|sum)\(", rule["expr"])
        assert has or ungrouped or label == "objective", label


def test_alerts_have_names_of_their_own() -> None:
    names = [rule["alert"] for rule in ALERTS]
    assert len(names) == len(set(names))
