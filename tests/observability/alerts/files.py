"""The files of rules and of their cases, as they are read by Prometheus and promtool."""

from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT

DEPLOYED = ROOT / "deploy" / "prometheus"
CASES = sorted(Path(__file__).parent.glob("*.yaml"))
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((DEPLOYED / "rules.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
ALERTS = [rule for rule in RULES if "alert" in rule]
UNITS = {"s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400, "%": 0.01, "": 1}


def seconds(duration: str) -> float:
    """A duration of Prometheus' with one unit; 0 for none."""
    return int(duration[:-1]) * UNITS[duration[-1]] if duration else 0
