"""The examples for Prometheus and Alertmanager name the jobs, alerts and severities of the rules."""

import re
from typing import Any

import yaml

from tests.observability.alerts.files import ALERTS, DEPLOYED


def read(name: str) -> Any:
    return yaml.safe_load((DEPLOYED / name).read_text(encoding="utf-8"))


def test_the_jobs_are_those_by_which_the_rules_know_processes() -> None:
    jobs = {job["job_name"] for job in read("prometheus.yml")["scrape_configs"]}
    assert {"guichet-web", "guichet-worker"} <= jobs
    [watched] = [rule["expr"] for rule in ALERTS if rule["alert"] == "GuichetNotWatched"]
    for needed in re.findall(r'absent\(up\{job=~"(.+?)"\}\)', watched):
        assert any(re.fullmatch(needed, job) for job in jobs), needed


def test_each_severity_has_its_receiver() -> None:
    route = read("alertmanager.yml")["route"]
    routed = {match.split("=")[1].strip('"') for each in route["routes"] for match in each["matchers"]}
    assert {rule["labels"]["severity"] for rule in ALERTS} == routed | {"ticket"}  # the rest is the team's
    assert route["receiver"] == "team"


def test_what_is_left_out_while_something_else_fires_are_alerts() -> None:
    named = re.findall(r'alertname=~?"(.+?)"', (DEPLOYED / "alertmanager.yml").read_text(encoding="utf-8"))
    assert named
    assert {name for each in named for name in each.split("|")} <= {rule["alert"] for rule in ALERTS}
