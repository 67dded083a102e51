"""`guichet calendar`: what it prints, and what it says of wrong input."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.cli import main

TEXT = """
sites: [{id: s, name: S}]
teams:
  - {id: aide, name: Aide, channel: "#aide", default: true}
  - {id: labo, name: Labo, channel: "#labo", hours: {time_zone: Indian/Reunion, week: 07:00-15:00}}
  - {id: garde, name: Garde, channel: "#garde", hours: always}
catalogue: []
hours: {time_zone: Europe/Paris, week: ["08:00-12:00", "13:00-18:00"], day: 9h}
closures: [{from: 2026-12-24, to: 2027-01-02, name: {fr: Fermeture, en: Closure}}]
"""


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "catalogue.yaml"
    path.write_text(TEXT, "utf-8")
    monkeypatch.setenv("CATALOGUE", str(path))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["calendar", *arguments])
    assert (ended.value.code or 0) == status
    printed = capsys.readouterr()
    return printed.err if status else printed.out


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (("2026-12-18 17:00", "4h"), "2026-12-21T11:00:00+01:00"),
        (("2026-12-18T16:00:00+00:00", "4h"), "2026-12-21T11:00:00+01:00"),
        (("2026-12-23 17:00", "1d"), "2027-01-04T17:00:00+01:00"),
        (("2026-12-18", "90m"), "2026-12-18T09:30:00+01:00"),
        (("2026-12-18 14:00", "4h", "--team", "labo"), "2026-12-21T10:00:00+04:00"),
        (("2026-12-20 02:00", "1d", "--team", "garde"), "2026-12-21T02:00:00+01:00"),
        (("2026-10-25 01:00", "3h", "--team", "garde"), "2026-10-25T03:00:00+01:00"),
    ],
)
def test_due_prints_json(capsys: pytest.CaptureFixture[str], arguments: Sequence[str], printed: str) -> None:
    assert run(capsys, "due", *arguments, "--json") == f'{{"due": "{printed}"}}\n'


def test_due_prints_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    printed = run(capsys, "due", "2026-12-18 17:00", "4h")
    assert printed == "Monday 21 December 2026, 11:00 (Europe/Paris, UTC+01:00)\n"


def test_elapsed_prints_whole_minutes(capsys: pytest.CaptureFixture[str]) -> None:
    times = "2026-12-18 17:00", "2026-12-21 11:00:59"
    assert run(capsys, "elapsed", *times, "--json") == '{"minutes": 240}\n'
    assert run(capsys, "elapsed", *times) == "4h\n"
    assert json.loads(run(capsys, "elapsed", *times, "--team", "garde", "--json")) == {"minutes": 66 * 60}


def test_options_may_stand_before_the_subcommand(capsys: pytest.CaptureFixture[str]) -> None:
    after = run(capsys, "due", "2026-12-18 14:00", "4h", "--team", "labo")
    assert run(capsys, "--team", "labo", "due", "2026-12-18 14:00", "4h") == after


def test_a_year_is_printed_by_month(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "2026", "--locale", "en").splitlines()
    assert lines[:4] == ["2026, Europe/Paris, 1d = 9h", "", "Monday     08:00-12:00, 13:00-18:00",
                         "Tuesday    08:00-12:00, 13:00-18:00"]  # fmt: skip
    assert "Sunday     closed" in lines
    december = lines.index("December    17 days      153h  1-4, 7-11, 14-18, 21-23")
    assert lines[december + 1 : december + 4] == [
        "           closed 24 (Thu): Closure",
        "           closed 25 (Fri): Christmas Day",
        "           closed 26-31 (Sat-Thu): Closure",
    ]
    assert lines[-1] == "Year       247 days     2223h"
    assert "closed 25 (Fri): Noël" in run(capsys, "2026", "--locale", "fr")


def test_a_teams_year_and_this_year_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "2026", "--team", "labo").startswith("2026, Indian/Reunion, 1d = 8h\n")
    assert run(capsys, "year", "2026", "--team", "labo") == run(capsys, "--team", "labo", "2026")
    assert "366 days     8784h" in run(capsys, "2028", "--team", "garde")
    assert ", Europe/Paris, 1d = 9h" in run(capsys)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("due", "friday", "4h"), '“friday” is no time — expected one such as "2026-12-18 17:00"'),
        (("due", "2026-12-18 17:00", "4x"), "“4x” is no working time — expected days, hours and minutes"),
        (("due", "2026-03-29 02:30", "4h"), "the clocks of Europe/Paris skip 02:30 on 2026-03-29"),
        (("due", "1999-12-18 17:00", "4h"), "outside of 2000 to 2099"),
        (("due", "2026-12-18 17:00", "9999d 99999h"), "outside of 2000 to 2099"),
        (("due", "0001-01-01", "4h"), "outside of 2000 to 2099"),
        (("elapsed", "2026-12-18", "9999-12-31 23:59"), "outside of 2000 to 2099"),
        (("elapsed", "2026-12-21", "2026-12-18"), "“2026-12-18” is before “2026-12-21”"),
        (("due", "2026-12-18", "4h", "--team", "aidé"), "there is no team “aidé” — did you mean “aide”?"),
        (("1999",), "1999 is not known — expected a year from 2001 to 2098"),
        (("next",), "Invalid value for 'year'"),
    ],
)
def test_wrong_input_gets_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: Sequence[str], said: str
) -> None:
    printed = run(capsys, *arguments, status=2)
    assert said in " ".join(printed.split())
    assert "Traceback" not in printed


def test_mistakes_in_the_file_are_named(capsys: pytest.CaptureFixture[str], catalogue: Path) -> None:
    catalogue.write_text(TEXT.replace('"13:00-18:00"', '"11:00-18:00"'), "utf-8")
    printed = run(capsys, "due", "2026-12-18", "4h", status=2)
    assert printed == (
        f"guichet: {catalogue}:8: hours.week: 08:00-12:00 and 11:00-18:00 overlap"
        " — write one frame, or move one of the two\n"
    )
