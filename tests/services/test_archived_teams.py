"""What a team that left the catalogue leaves: its tickets stay with the members of its channel."""

import pytest

from bot.context.actor import Actor
from bot.services.membership import add_member, teams_on_record
from bot.services.queue.pages import queue
from bot.services.search import search
from models.catalogue import ChannelProblem, Service, Site, Team
from models.fields import FieldRefused
from models.lifecycle import Action, Status
from models.pages import QueueState, Tab
from models.tickets.ticket import Ticket
from tests.support.scenarios import requalify
from tests.support.use_case_desk import NOW, SmallDesk


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """Léa is in the channel of the network team."""
    with shared_desk.sessions.begin() as session:
        add_member(session, "C0RESEAU", "U0LEA")
    return shared_desk


@pytest.fixture
def ticket(desk: SmallDesk) -> Ticket:
    """A ticket of the network team's, which was archived since, with its service and site."""
    ticket = desk.open(desk.draft("Wi-Fi en panne", service_id="wifi"))
    with desk.sessions.begin() as session:
        for row in (
            session.get_one(Team, "reseau"),
            session.get_one(Service, "wifi"),
            session.get_one(Site, "iut"),
        ):
            row.archived = True
    return ticket


def lea(desk: SmallDesk) -> Actor:
    with desk.sessions() as session:
        return desk.actor("lea", *teams_on_record(session, "U0LEA"))


def test_its_tickets_stay_in_the_queue_and_in_the_search(desk: SmallDesk, ticket: Ticket) -> None:
    with desk.sessions() as session:
        queued = queue(session, lea(desk), QueueState(Tab.UNASSIGNED), size=9, now=NOW)
        found = search(session, lea(desk), "wi-fi", page=0, size=9)
    assert [each.id for each in queued.tickets] == [each.id for each in found.tickets] == [ticket.id]
    assert [service.id for service in queued.services] == ["wifi"], "to filter by"


def test_they_can_be_taken_and_resolved(desk: SmallDesk, ticket: Ticket) -> None:
    desk.act(ticket, Action.TAKE, lea(desk))
    assert desk.act(ticket, Action.RESOLVE, lea(desk), "Redémarré").status is Status.RESOLVED


def test_they_can_be_handed_to_a_team_that_is_there_and_not_back(desk: SmallDesk, ticket: Ticket) -> None:
    requalify(desk, ticket, lea(desk), team="assistance", why="À vous")
    with desk.sessions() as session:
        assert session.get_one(Ticket, ticket.id).team_id == "assistance"
    with pytest.raises(FieldRefused):
        requalify(desk, ticket, desk.actor("karim", "assistance"), team="reseau", why="À vous")


def test_in_a_channel_that_anybody_may_join_a_member_has_none_of_them(
    desk: SmallDesk, ticket: Ticket
) -> None:
    with desk.sessions.begin() as session:
        session.get_one(Team, "reseau").channel_problem = ChannelProblem.PUBLIC
    assert lea(desk).teams == frozenset()
