"""The limits of the footprint, its clock, and the forms that its people send."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from tests.bench.acknowledgement.load import Load
from tests.bench.footprint.account import Account
from tests.bench.footprint.cgroups import Group, NoCgroups, Used
from tests.bench.footprint.clock import MovedClock, ahead
from tests.bench.footprint.measure import COLUMNS, GOALS, KILLED, LATER, LOST, TITLE, Outcome, report
from tests.bench.footprint.payloads import ELSE, entered
from tests.bench.footprint.traffic import Agenda, Ledger
from tests.bench.footprint.week import next_monday
from tests.bench.report.goals import Verdict
from tests.bench.report.table import Section


def files(folder: Path, **contents: str) -> None:
    for name, content in contents.items():
        (folder / name.replace("__", ".")).write_text(content)


def test_a_group_of_version_1_has_its_limits_and_counts(tmp_path: Path) -> None:
    for kind in ("memory", "cpu", "cpuacct"):
        (tmp_path / kind).mkdir()
    group = Group("guichet", cores=1, memory=512, root=tmp_path)
    assert (tmp_path / "memory/guichet/memory.limit_in_bytes").read_text() == str(512 * 1024 * 1024)
    assert (tmp_path / "cpu/guichet/cpu.cfs_quota_us").read_text() == "100000"
    files(
        tmp_path / "memory/guichet",
        memory__max_usage_in_bytes="104857600\n",
        memory__oom_control="oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
        memory__stat="cache 1\ntotal_rss 52428800\n",
    )
    files(tmp_path / "cpuacct/guichet", cpuacct__usage="3500000000\n")
    files(tmp_path / "cpu/guichet", cpu__stat="nr_periods 4\nthrottled_time 250000000\n")
    assert (group.used(), group.anonymous()) == (Used(100, 2, 3.5, 0.25), 50)


def test_a_group_of_version_2_has_its_limits_and_counts(tmp_path: Path) -> None:
    files(tmp_path, cgroup__controllers="cpu memory\n")
    group, folder = Group("guichet", cores=0.5, memory=512, root=tmp_path), tmp_path / "guichet"
    assert (folder / "memory.max").read_text() == str(512 * 1024 * 1024)
    assert (folder / "cpu.max").read_text() == "50000 100000"
    files(
        folder,
        memory__peak="104857600\n",
        memory__events="oom 3\noom_kill 2\n",
        cpu__stat="usage_usec 3500000\nthrottled_usec 250000\n",
        memory__stat="anon 52428800\nfile 1\n",
    )
    assert (group.used(), group.anonymous()) == (Used(100, 2, 3.5, 0.25), 50)


def test_a_machine_without_groups_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoCgroups, match="No such file"):
        Group("guichet", cores=1, memory=512, root=tmp_path)


def test_processes_see_at_once_how_far_the_time_was_moved(tmp_path: Path) -> None:
    clock = MovedClock(tmp_path / "clock")
    read = ahead(clock.path)
    assert read() == timedelta()
    clock.move_to(datetime.now(UTC) + timedelta(days=3))
    assert timedelta(days=2, hours=23) < read() <= timedelta(days=3)


def test_a_week_begins_on_the_next_monday_in_paris() -> None:
    assert next_monday(datetime(2026, 11, 29, 22, 59, tzinfo=UTC)) == datetime(2026, 11, 30)
    assert next_monday(datetime(2026, 11, 29, 23, 1, tzinfo=UTC)) == datetime(2026, 12, 7)


@pytest.mark.parametrize(
    ("element", "given", "is_optional", "state"),
    [
        ({"type": "plain_text_input"}, None, False, {"value": ELSE}),
        ({"type": "plain_text_input"}, None, True, {"value": None}),
        ({"type": "plain_text_input", "initial_value": "a"}, None, True, {"value": "a"}),
        ({"type": "static_select"}, "iut", False, {"selected_option": {"value": "iut"}}),
        ({"type": "static_select", "options": [{"value": "a"}]}, None, True, {"selected_option": None}),
        (
            {"type": "static_select", "options": [{"value": "a"}]},
            None,
            False,
            {"selected_option": {"value": "a"}},
        ),
        ({"type": "checkboxes", "options": [{"value": "a"}]}, None, True, {"selected_options": []}),
        (
            {"type": "checkboxes", "options": [{"value": "a"}]},
            "yes",
            True,
            {"selected_options": [{"value": "a"}]},
        ),
    ],
)
def test_a_form_is_filled_in_as_far_as_it_has_to_be(
    element: Any, given: str | None, is_optional: bool, state: Any
) -> None:
    assert entered(element, given, is_optional=is_optional) == {"type": element["type"], **state}


def test_acts_go_on_in_the_order_in_which_they_are_due_until_all_have_ended() -> None:
    agenda, seen = Agenda(), list[str]()
    for due, name in ((0.02, "later"), (0.01, "sooner")):
        agenda.add(time.perf_counter() + due, (name for name in [name]))
    while entry := agenda.next():
        for name in entry[1]:
            seen.append(str(name))
        agenda.done()
    assert seen == ["sooner", "later"]


def judged(*, is_whole: bool) -> Mapping[str, Verdict]:
    """What a week in which nothing was lost or late says of its goals, by their rows."""
    group = Mock(used=lambda: Used(100, 0, 3.5, 0.25))
    account = Account(lost=0, tickets=2, deliveries=2, lags=[0.1, 0.2], reminders=0, closed=0)
    section = Section(TITLE, "", COLUMNS, GOALS[TITLE])
    week = Outcome(is_whole, 60.0, group, 50.0, 1.0, Ledger(taken=[0.1, 0.2]), account)
    report(section, week, Load(50.0, [0.1, 0.2]))
    return {each.goal.rows: each.verdict for each in section.judged()}


def test_a_week_that_a_process_did_not_survive_has_not_shown_that_nothing_is_lost() -> None:
    assert set(judged(is_whole=True).values()) == {Verdict.MET}
    ended = judged(is_whole=False)
    assert (ended[LATER], ended[LOST], ended[KILLED]) == (
        Verdict.NOT_MEASURED,
        Verdict.NOT_MEASURED,
        Verdict.MET,
    )
