"""The simulated desk: three teams, eight services, two of which need agreements, people in several time zones
and languages."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.catalogue.loader import load_catalogue
from bot.catalogue.schema import CatalogueFile
from bot.context.actor import Actor
from bot.db.session import Sessions
from models.base import Base
from models.catalogue import Team
from models.person import Person
from tests.support.factories import make_person

TECHNICIANS = 12
TEAMS = ("assistance", "reseau", "postes")
CHANNELS = {team: f"C00{team.upper()}" for team in TEAMS}
SERVICES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "messagerie": ("assistance", {}),
    "donnees": ("assistance", {"hours": "always"}),
    "wifi": (
        "reseau",
        {"targets": {"P1": {"taken": "30m", "resolved": "2h"}, "P2": {"taken": "2h", "resolved": "8h"}}},
    ),
    "vpn": ("reseau", {}),
    "imprimante": ("postes", {}),
    "ordinateur": ("postes", {}),
}
# Until it is taken and until it is resolved, in days and minutes.
Target = tuple[tuple[int, int], tuple[int, int]]
TARGETS: Mapping[str, Target] = {
    "P1": ((0, 60), (0, 240)),
    "P2": ((0, 240), (1, 0)),
    "P3": ((1, 0), (3, 0)),
    "P4": ((2, 0), (10, 0)),
}
WIFI_TARGETS: Mapping[str, Target] = {
    **TARGETS,
    "P1": ((0, 30), (0, 120)),
    "P2": ((0, 120), (0, 480)),
}
DIRECTION = "S0DIRECTION"
HOLDER, BOARD, PREMISES = "Responsable du budget", "Direction", "Responsables des locaux"
LIMIT = 800
APPROVERS = tuple(f"U0ACCORD{number:02}" for number in range(8))
# A purchase asks whom its form names, and a user group above a limit; a badge asks two people. Each falls
# back on one more.
WITH_STEPS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "achat": (
        "postes",
        {
            "questions": (
                {"id": "holder", "type": "person", "label": HOLDER, "required": True},
                {"id": "montant", "type": "number", "label": "Montant", "required": True},
            ),
            "approval": (
                {"who": {"question": "holder"}, "name": HOLDER, "fallback": {"people": (APPROVERS[0],)}},
                {
                    "who": {"group": DIRECTION},
                    "name": BOARD,
                    "how_many": "all",
                    "within": 3,
                    "fallback": {"people": (APPROVERS[1],)},
                    "when": {"question": "montant", "above": LIMIT},
                },
            ),
        },
    ),
    "badge": (
        "reseau",
        {
            "approval": (
                {
                    "who": {"people": APPROVERS[2:4]},
                    "name": PREMISES,
                    "how_many": "all",
                    "fallback": {"people": (APPROVERS[0],)},
                },
            )
        },
    ),
}
_ZONES = ("Europe/Paris",) * 6 + ("Europe/London", "Indian/Reunion", "America/Guadeloupe", "Asia/Tokyo")
_LOCALES = ("fr-FR",) * 3 + ("en-GB", "en-US")
_CHARACTERS = ("prompt",) * 9 + ("late",) * 6 + ("silent",) * 3 + ("fussy",) * 2


@dataclass(frozen=True)
class Somebody:
    """Who acts, and how. `character`: of requesters."""

    actor: Actor
    character: str = ""

    @property
    def address(self) -> str:
        """Of those who have one."""
        return f"p{int(self.actor.slack_id[-4:])}@univ.example"


def catalogue(*, is_later: bool) -> CatalogueFile:
    """The catalogue's file before and after its change in the middle of the run (`hours`)."""
    week = ("08:30-12:00", "13:00-17:30") if is_later else ("08:00-18:00",)
    bridges = (_closure(date(2026, 11, 27)), _closure(date(2027, 5, 7)))
    network = {
        "hours": {"week": ("07:00-19:00",), "saturday": ("08:00-12:00",), "day": "12h"},
        "closures": (_closure(date(2026, 10, 29), date(2026, 10, 30)),),
    }
    teams = [
        {"id": team, "name": team.capitalize(), "channel": CHANNELS[team], "default": team == TEAMS[0]}
        | (network if team == "reseau" else {})
        for team in TEAMS
    ]
    services = [
        {
            "id": name,
            "name": name,
            "description": name,
            "team": team,
            "offers": ("request",) if "approval" in more else ("request", "incident"),
        }
        | dict(more)
        for name, (team, more) in {**SERVICES, **WITH_STEPS}.items()
    ]
    return CatalogueFile.model_validate(
        {
            "hours": {"time_zone": "Europe/Paris", "week": week, "day": "8h" if is_later else "10h"},
            "holidays": {"country": "FR"},
            "closures": (_closure(date(2026, 12, 19), date(2027, 1, 3)), *(bridges if is_later else ())),
            "sites": ({"id": "iut", "name": "IUT"},),
            "teams": tuple(teams),
            "catalogue": (
                {"id": "tout", "name": "Tout", "description": "Tout", "services": tuple(services)},
            ),
        }
    )


def _closure(first: date, last: date | None = None) -> dict[str, Any]:
    return {"from": first, "to": last or first, "name": "Fermé"}


def load(session: Session, *, is_later: bool) -> None:
    """Load the catalogue, as `guichet catalogue load` does; the bot is in the teams' channels."""
    load_catalogue(session, catalogue(is_later=is_later))
    for team in session.scalars(select(Team)):
        team.channel_id = CHANNELS[team.id]
        team.channel_read_at = team.channel_read_at or datetime.fromisoformat("2026-09-01T00:00+00:00")


def furnish(
    engine: Engine, number: int, seed: int
) -> tuple[Sequence[Somebody], Mapping[str, Sequence[Somebody]], Sequence[Somebody]]:
    """Fill an empty database. Returns the requesters, the technicians of each team, and the approvers."""
    Base.metadata.create_all(engine)
    chance = random.Random(seed)
    with Sessions(engine).begin() as session:
        load(session, is_later=False)
        people = [
            _person(each, locale=chance.choice(_LOCALES), time_zone=chance.choice(_ZONES))
            for each in range(number + TECHNICIANS)
        ]
        approvers = [
            make_person(f"Responsable {each}", slack_id=each, email=f"{each}@univ.example".lower())
            for each in APPROVERS
        ]
        session.add_all([*people, *approvers])
    requesters = [Somebody(_actor(each), chance.choice(_CHARACTERS)) for each in people[:number]]
    technicians = people[number:]
    by_team = {
        team: [Somebody(_actor(each, team)) for each in technicians[place :: len(TEAMS)]]
        for place, team in enumerate(TEAMS)
    }
    return requesters, by_team, [Somebody(_actor(each), "prompt") for each in approvers]


def _person(number: int, **more: Any) -> Person:
    email = None if number % 50 == 7 else f"p{number}@univ.example"
    return make_person(f"Personne {number}", slack_id=f"U0PERS{number:04}", email=email, **more)


def _actor(person: Person, *teams: str) -> Actor:
    return Actor(person.id, person.slack_id, person.name, person.locale, person.time_zone, frozenset(teams))
