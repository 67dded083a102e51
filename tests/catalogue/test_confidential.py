"""`confidential: true` on a team or a service."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.catalogue.file import read_catalogue
from bot.catalogue.loader import load_catalogue
from models.catalogue import Service, Team
from models.tickets.ticket import Ticket
from tests.support.factories import create_ticket
from tests.support.use_case_desk import SmallDesk

FILE = """
sites:
  - {{id: iut, name: IUT}}
teams:
  - {{id: assistance, name: Assistance, channel: "#assistance", default: true{team}}}
catalogue:
  - id: tout
    name: Tout
    description: Tout
    services:
      - {{id: imprimante, name: Impression, description: Oui, team: assistance, offers: [incident]{service}}}
"""
CONFIDENTIAL = ", confidential: true"


def write(directory: Path, team: str = "", service: str = "") -> Path:
    path = directory / "catalogue.yaml"
    path.write_text(FILE.format(team=team, service=service), "utf-8")
    return path


@pytest.mark.parametrize("key", ["team", "service"])
def test_a_ticket_of_a_confidential_team_or_service_is_confidential(
    small_desk: SmallDesk, tmp_path: Path, key: str
) -> None:
    with small_desk.sessions.begin() as session:
        ticket = create_ticket(session, requester_id=1, service_id="imprimante")
        assert not ticket.is_confidential
        load_catalogue(session, read_catalogue(write(tmp_path, **{key: CONFIDENTIAL})))
        session.expire_all()
        assert ticket.is_confidential
        assert session.scalars(select(Ticket).where(Ticket.is_confidential)).all() == [ticket]
        load_catalogue(session, read_catalogue(write(tmp_path)))
        session.expire_all()
        assert not ticket.is_confidential


def test_a_ticket_without_a_service_is_as_its_team(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        ticket = create_ticket(session, requester_id=1)
        session.get_one(Service, "imprimante").is_confidential = True
        session.flush()
        assert not ticket.is_confidential
        assert session.scalars(select(Ticket.id).where(~Ticket.is_confidential)).all() == [ticket.id]
        session.get_one(Team, ticket.team_id).is_confidential = True
        assert ticket.is_confidential
