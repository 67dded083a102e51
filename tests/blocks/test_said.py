"""What was last said about a ticket, in its requester's words."""

from datetime import timedelta

import pytest

from blocks.i18n import translator
from blocks.tickets.requester.said import last_said
from models.details import EventDetails
from models.lifecycle import INTERNAL, Action, Kind, Rating, Status
from models.tickets.event import Event
from tests.support.factories import NOW, both, make_person, make_ticket

CAMILLE, KARIM = make_person("Camille", id=1), make_person("Karim", id=2)
FR = translator("fr-FR")
BY_CAMILLE = {Action.OPEN, Action.ANSWER, Action.COMMENT, Action.EDIT, Action.REFUSE, Action.REOPEN}


def said(action: Action, *, kind: Kind = Kind.INCIDENT, details: EventDetails | None = None) -> str:
    """The sentence, with "…" for how long ago it was."""
    ticket = make_ticket(requester=CAMILLE, requester_id=1, kind=kind, status=Status.IN_PROGRESS)
    by = CAMILLE if action in BY_CAMILLE else KARIM
    event = Event(action=action, actor=by, actor_id=by.id, at=NOW, details=details or EventDetails())
    parts = [part.to_dict() for part in last_said(FR, ticket, event)]
    return "".join("…" if part["type"] == "date" else part["text"] for part in parts)


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (Action.OPEN, "Déclaré …"),
        (Action.TAKE, "Pris en charge par Karim …"),
        (Action.REPLY, "Karim a répondu …"),
        (Action.ASK, "Karim vous a posé une question …"),
        (Action.ANSWER, "Vous avez écrit …"),
        (Action.EDIT, "Vous l’avez modifié …"),
        (Action.RESOLVE, "Karim a proposé une solution …"),
        (Action.WAKE, "Repris …"),
    ],
)
def test_the_last_event_is_said_in_the_readers_words(action: Action, sentence: str) -> None:
    assert said(action) == sentence


@pytest.mark.parametrize("action", sorted(set(Action) - INTERNAL))
def test_each_event_that_a_requester_may_see_has_a_sentence_with_its_age(action: Action) -> None:
    details = EventDetails(to=both("Réseau"), from_=both("Assistance"), of=3, rating=Rating.GOOD)
    assert said(action, details=details).count("…") == 1


def test_a_request_has_words_of_its_own() -> None:
    assert said(Action.RESOLVE, kind=Kind.REQUEST) == "Fait par Karim …"
    assert said(Action.REFUSE, kind=Kind.REQUEST) == "Vous avez signalé un manque …"


def test_a_closed_ticket_says_when_it_was_closed_whatever_came_later() -> None:
    ticket = make_ticket(
        requester=CAMILLE, status=Status.CLOSED, opened_at=NOW, closed_at=NOW + timedelta(days=1)
    )
    later = Event(action=Action.COMMENT, actor=CAMILLE, actor_id=1, at=NOW + timedelta(days=2))
    words, age = (part.to_dict() for part in last_said(FR, ticket, later))
    assert words["text"] == "Clos "
    assert age["timestamp"] == int((NOW + timedelta(days=1)).timestamp())
