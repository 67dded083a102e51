"""Known outages: who may declare, amend, resolve and follow one, and what becomes of those who follow."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import select

from bot.services import catalogue
from bot.services.outages import actions as outages
from bot.services.outages import followers
from bot.services.outages import queries as outage_reading
from bot.services.outages.followers import follow
from bot.services.personal_data.forgetting import forget_ticket
from bot.services.tickets import my_tickets
from models.catalogue import Service, Site
from models.errors import (
    OutageNotFound,
    OutageOver,
    OutageResolved,
    OutageTeamOnly,
    TechniciansOnly,
)
from models.fields import FieldRefused
from models.lifecycle import Action, Ending, Priority, Status
from models.outbox.kinds import DeliveryKind
from models.person import Person
from models.tickets.draft import TicketDraft
from models.tickets.event import Event
from models.tickets.outage import Following, OutageAction
from models.tickets.ticket import Ticket
from tests.support.databases import open_small_desk
from tests.support.factories import create_site
from tests.support.outage_desk import OutageDesk
from tests.support.use_case_desk import MINUTE, NOW

END = NOW + timedelta(hours=2)


@pytest.fixture
def desk(tables_url: str) -> Iterator[OutageDesk]:
    """On each database."""
    with open_small_desk(tables_url) as small:
        yield OutageDesk(small)


# Declaring


def test_an_outage_is_what_its_form_says(desk: OutageDesk) -> None:
    outage = desk.declare(
        title="  Messagerie ", site_ids=["iut"], service_ids=["imprimante"], expected_end=END
    )
    assert (outage.title, outage.team_id, outage.declared_by_id) == (
        "Messagerie",
        "assistance",
        desk.karim.id,
    )
    assert (outage.site_ids, outage.service_ids, outage.expected_end) == (["iut"], ["imprimante"], END)
    assert desk.history(outage) == [(OutageAction.DECLARE, "Karim", {})]
    [card] = desk.deliveries(DeliveryKind.OUTAGE)
    assert (card.recipient, card.team_id, card.outage_id) == (f"outage:{outage.id}", "assistance", outage.id)


def test_the_same_declaration_twice_is_one_outage(desk: OutageDesk) -> None:
    assert desk.declare().id == desk.declare().id
    assert len(desk.deliveries(DeliveryKind.OUTAGE)) == 1


def test_who_is_in_no_team_declares_nothing(desk: OutageDesk) -> None:
    with pytest.raises(TechniciansOnly):
        desk.declare(by=desk.actor("camille"))


def test_who_is_in_several_teams_chooses_one_of_them(desk: OutageDesk) -> None:
    lea = desk.actor("lea", "assistance", "reseau")
    assert desk.declare(by=lea, team_id="reseau").team_id == "reseau"
    with pytest.raises(FieldRefused, match="team"):
        desk.declare(submission="s2", team_id="reseau")


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"title": "  "}, "title", "blank"),
        ({"title": "x" * 151}, "title", "too_long"),
        ({"site_ids": ["iut", "ferme"]}, "sites", "unknown"),
        ({"service_ids": ["fax"]}, "services", "unknown"),
        ({"expected_end": NOW}, "expected_end", "past"),
    ],
)
def test_what_the_form_forbids_is_refused(
    desk: OutageDesk, given: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(FieldRefused) as refused:
        desk.declare(**given)
    assert (refused.value.field, refused.value.reason) == (field, reason)


# Amending


def test_an_amendment_keeps_what_was_said_before(desk: OutageDesk) -> None:
    outage = desk.amend(desk.declare(), title="Messagerie lente", expected_end=END)
    assert (outage.title, outage.expected_end) == ("Messagerie lente", END)
    assert desk.history(outage)[1:] == [
        (
            OutageAction.AMEND,
            "Karim",
            {
                "title": ["Messagerie en panne", "Messagerie lente"],
                "expected_end": [None, END.isoformat()],
            },
        )
    ]
    assert len(desk.deliveries(DeliveryKind.OUTAGE)) == 2


def test_an_amendment_that_changes_nothing_leaves_no_trace(desk: OutageDesk) -> None:
    outage = desk.amend(desk.declare())
    assert len(desk.history(outage)) == 1


def test_a_site_that_has_closed_since_may_stay(desk: OutageDesk) -> None:
    outage = desk.declare(site_ids=["iut"])
    with desk.sessions.begin() as session:
        session.get_one(Site, "iut").archived = True
    assert desk.amend(outage, title="Toujours en panne").site_ids == ["iut"]


# Whose it is


def test_another_team_neither_amends_nor_resolves(desk: OutageDesk) -> None:
    outage, marc = desk.declare(), desk.actor("lea", "reseau")
    with pytest.raises(OutageTeamOnly):
        desk.amend(outage, by=marc, title="À moi")
    with pytest.raises(OutageTeamOnly):
        desk.resolve(outage, by=marc)


def test_who_is_too_late_hears_who_was_faster(desk: OutageDesk) -> None:
    outage = desk.declare()
    desk.resolve(outage)
    for again in (desk.resolve, desk.amend):
        with pytest.raises(OutageResolved) as refused:
            again(outage, by=desk.actor("lea", "assistance"))
        assert (refused.value.by, refused.value.at) == ("Karim", NOW + MINUTE)


def test_an_unknown_outage_is_refused(desk: OutageDesk) -> None:
    with pytest.raises(OutageNotFound):
        desk.desk.do(lambda uow: follow(uow, 404), desk.karim)
    with pytest.raises(OutageNotFound):
        desk.desk.do(lambda uow: outages.resolve(uow, 404, "…"), desk.karim)


# Following


def test_a_follower_has_a_ticket_of_high_priority_behind_the_outage(desk: OutageDesk) -> None:
    outage = desk.declare(site_ids=["iut"], service_ids=["imprimante"])
    ticket = desk.follow(outage)
    assert (ticket.outage_id, ticket.is_outage_child, ticket.team_id) == (outage.id, True, "assistance")
    assert (ticket.title, ticket.service_id, ticket.site_id) == ("Messagerie en panne", "imprimante", "iut")
    assert (ticket.status, ticket.priority, ticket.assignee_id) == (Status.NEW, Priority.P2, None)


def test_following_tells_the_follower_and_the_outages_card_alone(desk: OutageDesk) -> None:
    outage = desk.declare()
    before = len(desk.desk.deliveries())
    desk.follow(outage)
    told = {(each.kind, each.recipient.split(":")[0]) for each in desk.desk.deliveries()[before:]}
    assert told == {
        (DeliveryKind.CARD, "dm"),
        (DeliveryKind.MAIL, "mail"),
        (DeliveryKind.OUTAGE, "outage"),
    }


def test_a_second_click_finds_the_same_ticket(desk: OutageDesk) -> None:
    outage = desk.declare()
    assert desk.follow(outage).id == desk.follow(outage).id
    assert desk.following(outage) == Following(concerned=1)


def test_two_clicks_at_once_make_one_ticket(desk: OutageDesk) -> None:
    outage = desk.declare()
    barrier = Barrier(2)

    def click() -> None:
        barrier.wait()
        desk.follow(outage)

    clicks = [Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert desk.following(outage) == Following(concerned=1)


def test_a_click_between_another_ones_looking_and_filing_makes_no_second_ticket(
    desk: OutageDesk, mocker: MockerFixture
) -> None:
    outage = desk.declare()
    draft = followers._draft

    def after_the_other(*arguments: Any) -> TicketDraft:
        mocker.stop(patched)
        desk.follow(outage)
        return draft(*arguments)

    patched = mocker.patch.object(followers, "_draft", side_effect=after_the_other)
    desk.follow(outage)
    assert desk.following(outage) == Following(concerned=1)


def test_who_gave_up_may_follow_again(desk: OutageDesk) -> None:
    outage = desk.declare()
    first = desk.follow(outage)
    desk.desk.act(first, Action.CANCEL, desk.actor("camille"), "Ça remarche")
    assert desk.following(outage) == Following()
    assert desk.follow(outage).id != first.id
    assert desk.following(outage) == Following(concerned=1)


def test_an_outage_that_is_over_is_followed_no_more(desk: OutageDesk) -> None:
    outage = desk.declare()
    desk.resolve(outage)
    with pytest.raises(OutageOver):
        desk.follow(outage)
    with desk.sessions() as session:
        assert session.scalars(select(Ticket.id)).all() == []


def test_who_follows_as_it_is_resolved_is_asked_or_refused(desk: OutageDesk) -> None:
    """Never left behind a resolved outage, waiting for what has happened already."""
    outage = desk.declare()
    barrier = Barrier(2)

    def follow() -> None:
        barrier.wait()
        with suppress(OutageOver):
            desk.follow(outage)

    follower = Thread(target=follow)
    follower.start()
    barrier.wait()
    desk.resolve(outage)
    follower.join()
    with desk.sessions() as session:
        assert set(session.scalars(select(Ticket.status))) <= {Status.RESOLVED}


@pytest.mark.parametrize(
    ("usual", "concerned", "chosen"),
    [("autre", ["iut"], "autre"), (None, ["autre"], "autre"), (None, [], "iut"), ("ferme", [], "iut")],
)
def test_a_followers_site_is_their_own_before_the_outages(
    desk: OutageDesk, usual: str | None, concerned: list[str], chosen: str
) -> None:
    with desk.sessions.begin() as session:
        create_site(session, "autre", position=9)
        session.get_one(Person, desk.actor("camille").id).last_site_id = usual
    assert desk.follow(desk.declare(site_ids=concerned)).site_id == chosen
    with desk.sessions() as session:
        assert session.get_one(Person, desk.actor("camille").id).last_site_id == usual


# Resolving


def test_resolving_asks_every_follower(desk: OutageDesk) -> None:
    outage = desk.declare()
    followers = [desk.follow(outage, name) for name in ("camille", "lea", "oliver")]
    outage = desk.resolve(outage, solution=" Redémarrée. ")
    assert (outage.solution, outage.resolved_by_id) == ("Redémarrée.", desk.karim.id)
    assert desk.history(outage)[-1] == (OutageAction.RESOLVE, "Karim", {})
    asked = [each.ticket_id for each in desk.deliveries(DeliveryKind.RESOLUTION)]
    assert asked == [ticket.id for ticket in followers]
    with desk.sessions() as session:
        for ticket in followers:
            row = session.get_one(Ticket, ticket.id)
            assert (row.status, row.solution, row.assignee_id) == (
                Status.RESOLVED,
                "Redémarrée.",
                desk.karim.id,
            )
            last = session.scalars(select(Event).where(Event.ticket_id == row.id, Event.number == 2)).one()
            assert (last.action, last.text, last.actor_id) == (Action.RESOLVE, "Redémarrée.", desk.karim.id)


def test_resolving_needs_a_solution(desk: OutageDesk) -> None:
    outage = desk.declare()
    desk.follow(outage)
    with pytest.raises(FieldRefused, match="text"):
        desk.resolve(outage, solution=" \n ")
    assert desk.ticket(1).status is Status.NEW


def test_who_wrote_is_asked_like_the_others(desk: OutageDesk) -> None:
    outage = desk.declare()
    ticket = desk.follow(outage)
    with desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).is_outage_child = False
    desk.resolve(outage)
    assert desk.ticket(ticket.id).status is Status.RESOLVED


def test_what_is_settled_or_with_another_team_is_left_alone(desk: OutageDesk) -> None:
    outage = desk.declare()
    gone, resolved, elsewhere = (desk.follow(outage, name) for name in ("camille", "lea", "oliver"))
    desk.desk.act(gone, Action.CANCEL, desk.actor("camille"), "Rien")
    desk.desk.act(resolved, Action.RESOLVE, desk.karim, "Autre solution")
    with desk.sessions.begin() as session:
        session.get_one(Ticket, elsewhere.id).team_id = "reseau"
    desk.resolve(outage)
    assert desk.ticket(gone.id).ending is Ending.CANCELLED
    assert desk.ticket(resolved.id).solution == "Autre solution"
    assert desk.ticket(elsewhere.id).status is Status.NEW


def test_answers_are_counted(desk: OutageDesk) -> None:
    outage = desk.declare()
    camille, lea, _oliver = (desk.follow(outage, name) for name in ("camille", "lea", "oliver"))
    desk.resolve(outage)
    assert desk.following(outage) == Following(concerned=3)
    desk.desk.act(camille, Action.APPROVE, desk.actor("camille"))
    refusing = desk.desk.act(lea, Action.REFUSE, desk.actor("lea"), "Toujours rien")
    assert desk.following(outage) == Following(concerned=3, approved=1, refused=1)
    assert not refusing.is_outage_child
    desk.desk.act(lea, Action.RESOLVE, desk.karim, "Redémarrée encore")
    desk.desk.act(lea, Action.APPROVE, desk.actor("lea"))
    assert desk.following(outage) == Following(concerned=3, approved=2)


# What is shown


def test_open_outages_are_shown_newest_first_those_of_ones_site_before(desk: OutageDesk) -> None:
    camille = desk.actor("camille")
    with desk.sessions.begin() as session:
        session.get_one(Person, camille.id).last_site_id = "iut"
    here = desk.declare(submission="a", site_ids=["iut"])
    others = [desk.declare(submission=each) for each in "bcde"]
    desk.resolve(others[-1])
    desk.follow(others[2])
    with desk.sessions() as session:
        found = outage_reading.open_outages(session, camille.id)
    assert [(each.outage.id, each.ticket_id) for each in found.shown] == [
        (here.id, None),
        (others[2].id, 1),
        (others[1].id, None),
    ]
    assert found.more == 1


def test_services_are_offered_by_their_group(desk: OutageDesk) -> None:
    with desk.sessions() as session:
        [(group, services)] = catalogue.offered_services(session)
    assert group.id == "tout"
    assert {service.id for service in services} == {"imprimante", "wifi", "annuaire"}


def test_a_followers_ticket_is_listed_among_their_own(desk: OutageDesk) -> None:
    ticket = desk.follow(desk.declare())
    with desk.sessions() as session:
        page = my_tickets.page_of(session, ticket.requester_id, closed=False, page=0, size=5)
    assert [each.id for each in page.items] == [ticket.id]


@pytest.mark.parametrize("which", ["the service", "its team"])
def test_no_outage_names_a_confidential_service(desk: OutageDesk, which: str) -> None:
    outage = desk.declare(service_ids=["wifi"])
    with desk.sessions.begin() as session:
        wifi = session.get_one(Service, "wifi")
        (wifi if which == "the service" else wifi.team).is_confidential = True
    with pytest.raises(FieldRefused):
        desk.declare(submission="other", service_ids=["wifi"])
    with desk.sessions() as session:
        assert outage_reading.known(session, outage).services == []
        offered = [each.id for _group, services in catalogue.offered_services(session) for each in services]
        assert "wifi" not in offered


def test_those_whose_tickets_were_forgotten_are_counted_still(desk: OutageDesk) -> None:
    outage = desk.declare()
    tickets = [desk.follow(outage, name) for name in ("camille", "lea", "oliver")]
    desk.resolve(outage)
    for ticket, name in zip(tickets, ("camille", "lea", "oliver"), strict=True):
        desk.desk.act(ticket, Action.APPROVE, desk.actor(name))
    before = desk.following(outage)
    for ticket in tickets:
        desk.desk.do(lambda uow, number=ticket.id: forget_ticket(uow, number))
    assert desk.following(outage) == before == Following(concerned=3, approved=3)
