"""The JSON of the columns that hold dataclasses and pydantic models: written as version 0.1 wrote it, and
read with keys missing or unknown."""

from datetime import datetime
from typing import Any

import pytest

from models.base import LocalizedText
from models.catalogue import Option, Phrase, Question, QuestionType, Service, Team
from models.details import Changed, EventDetails, OutageDetails
from models.lifecycle import HoldReason, Impact, Rating
from models.tickets.answer import Answer
from models.tickets.draft import NewFile
from models.tickets.event import Event
from models.tickets.form_draft import FormDraft
from models.tickets.outage import OutageEvent
from models.tickets.ticket import Ticket
from tests.support.factories import loaded, stored

NAME = LocalizedText("Réseau", "Network")
IN_JSON = {"fr": "Réseau", "en": "Network"}
MORNING = datetime.fromisoformat("2026-12-03T07:00:00+01:00")
UTC_NIGHT = datetime.fromisoformat("2026-12-03T22:00:00+00:00")

ROWS = [
    pytest.param(Event.details, EventDetails(), {}, id="nothing"),
    pytest.param(Event.details, EventDetails(to="Léa"), {"to": "Léa"}, id="assigned"),
    pytest.param(
        Event.details,
        EventDetails(from_="Karim", to="Léa", from_slack_id="U0KARIM"),
        {"to": "Léa", "from": "Karim", "from_slack_id": "U0KARIM"},
        id="given on",
    ),
    pytest.param(
        Event.details,
        EventDetails(team="reseau", from_=NAME, to=NAME),
        {"team": "reseau", "from": IN_JSON, "to": IN_JSON},
        id="handed over",
    ),
    pytest.param(
        Event.details,
        EventDetails(reason=HoldReason.DATE, until=MORNING),
        {"reason": "date", "until": "2026-12-03T07:00:00+01:00"},
        id="on hold until a date",
    ),
    pytest.param(
        Event.details,
        EventDetails(reason=HoldReason.PART, until=None),
        {"reason": "part", "until": None},
        id="on hold",
    ),
    pytest.param(
        Event.details,
        EventDetails(impact=Changed(Impact.PERSON, Impact.SERVICE), service=Changed(None, NAME)),
        {"impact": ["person", "service"], "service": [None, IN_JSON]},
        id="requalified",
    ),
    pytest.param(Event.details, EventDetails(of=7), {"of": 7}, id="duplicate"),
    pytest.param(Event.details, EventDetails(rating=Rating.BAD), {"rating": "bad"}, id="rated"),
    pytest.param(
        OutageEvent.details,
        OutageDetails(sites=Changed([], ["iut"]), expected_end=Changed(None, UTC_NIGHT)),
        {"sites": [[], ["iut"]], "expected_end": [None, "2026-12-03T22:00:00+00:00"]},
        id="amended",
    ),
    pytest.param(
        Team.phrases, [Phrase(NAME, NAME)], [{"title": IN_JSON, "text": IN_JSON}], id="ready-made phrase"
    ),
    pytest.param(
        Service.questions,
        [Question("q", QuestionType.CHOICE, NAME, required=True, options=(Option("a", NAME),))],
        [
            {
                "id": "q",
                "type": "choice",
                "label": IN_JSON,
                "hint": None,
                "required": True,
                "options": [{"id": "a", "label": IN_JSON}],
                "min": None,
                "max": None,
                "is_future": False,
            }
        ],
        id="question",
    ),
    pytest.param(
        Ticket.answers,
        [Answer("q", QuestionType.CHOICES, NAME, ["a", "b"], NAME), Answer("n", QuestionType.NUMBER, NAME)],
        [
            {"id": "q", "type": "choices", "label": IN_JSON, "value": ["a", "b"], "shown": IN_JSON},
            {"id": "n", "type": "number", "label": IN_JSON, "value": None, "shown": None},
        ],
        id="answers",
    ),
    pytest.param(
        FormDraft.files,
        [NewFile("F1", "a.png", "image/png", 12, is_from_message=True)],
        [
            {
                "slack_file_id": "F1",
                "name": "a.png",
                "media_type": "image/png",
                "size": 12,
                "is_from_message": True,
                "owner": None,
            }
        ],
        id="files",
    ),
    pytest.param(Team.name, NAME, IN_JSON, id="a text in two languages"),
]


@pytest.mark.parametrize(("column", "value", "json"), ROWS)
def test_a_column_stores_the_json_that_it_always_stored(column: Any, value: Any, json: Any) -> None:
    assert stored(column, value) == json
    assert loaded(column, json) == value


@pytest.mark.parametrize(
    ("column", "json", "value"),
    [
        pytest.param(Event.details, {"of": 7, "more": [1]}, EventDetails(of=7), id="unknown key of a model"),
        pytest.param(Team.name, {**IN_JSON, "de": "Netz"}, NAME, id="unknown key of a dataclass"),
        pytest.param(
            Service.questions,
            [{"id": "q", "type": "text", "label": IN_JSON}],
            [Question("q", QuestionType.TEXT, NAME)],
            id="missing keys",
        ),
        pytest.param(
            FormDraft.files,
            [{"slack_file_id": "F1", "name": "a", "media_type": "text/plain", "size": 1}],
            [NewFile("F1", "a", "text/plain", 1)],
            id="a file without its owner",
        ),
    ],
)
def test_old_and_new_rows_are_read(column: Any, json: Any, value: Any) -> None:
    assert loaded(column, json) == value


def test_no_value_stays_none() -> None:
    assert (stored(Service.have_ready, None), loaded(Service.have_ready, None)) == (None, None)
