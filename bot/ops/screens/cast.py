"""The people of a sample desk."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context.actor import Actor, actor_of, person_by_slack_id
from models.catalogue import Team
from models.person import Person

REQUESTER, TECHNICIAN, APPROVER, DIRECTOR, COLLEAGUE = (f"U0SAMPLE00{number}" for number in range(1, 6))
PEOPLE = {
    REQUESTER: "Camille Lefèvre-Nguyễn 🌻 <scolarité & vie étudiante, campus Centre, bâtiment A, 2ᵉ étage>",
    TECHNICIAN: "Karim Aït-Saïd",
    APPROVER: "Léa d’Estrées-Müller & Cie",
    DIRECTOR: "Zoë O’Brien",
    COLLEAGUE: "Łukasz Œuvrard",
}


def actor_by_id(session: Session, slack_id: str) -> Actor:
    """Somebody who acts; the technician is in every team."""
    person = person_by_slack_id(session, slack_id)
    assert person is not None
    teams = session.scalars(select(Team.id)).all() if slack_id == TECHNICIAN else ()
    return actor_of(person, frozenset(teams))


def person_row(slack_id: str, now: datetime) -> Person:
    """Somebody as Slack described them `now`."""
    return Person(
        slack_id=slack_id,
        name=PEOPLE[slack_id],
        team_id="T0SAMPLE001",
        email=f"{slack_id.lower()}@univ.example",
        profile_read_at=now,
        dm_channel=f"D{slack_id[1:]}",
        channels_read_at=now,
    )
