"""`guichet catalogue search` and `guichet catalogue gaps`."""

import json

import pytest

from bot.cli import main
from bot.db.session import Sessions
from bot.ops.database import open_database
from bot.ops.release import prepare
from bot.services.catalogue_search import KEPT
from bot.settings import Settings
from models.base import utc_now
from models.search.gap import SearchGap
from tests.support.factories import create, make_person


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["catalogue", *arguments])
    assert not ended.value.code
    return capsys.readouterr().out


def test_a_search_prints_what_it_finds_best_first_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "search", "--locale", "en", "mon", "ordi", "rame").splitlines()
    assert lines[0].endswith("service  panne-poste  Faulty or slow computer")
    assert lines[1].strip().startswith("words: ordi, rame; nearest keyword: ")


def test_a_search_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "search", "--json", "second écran"))
    assert found[0] | {"score": 0} == {
        "id": "second-ecran",
        "kind": "service",
        "name": "Second écran",
        "score": 0,
    }
    scores = [each["score"] for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert json.loads(run(capsys, "search", "--json", "bonjour")) == []


def test_a_search_that_finds_nothing_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert "add a keyword" in run(capsys, "search", "licorne")


def test_gaps_prints_what_three_people_did_not_find(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    prepare(settings)
    capsys.readouterr()
    assert "no search found nothing" in run(capsys, "gaps")
    with open_database(settings) as engine, Sessions(engine).begin() as session:
        for number, name in enumerate(("Camille", "Oliver", "Jeanne")):
            person = create(session, make_person(name))
            session.add(
                SearchGap(words="licorne", person_id=person.id, at=utc_now() - KEPT / 2 * (number > 0))
            )
    assert run(capsys, "gaps") == "   3 people  licorne\n"
