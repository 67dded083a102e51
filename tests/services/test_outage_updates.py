"""What followers of an outage are told while it lasts, and what is kept of it once it is over."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from pytest_mock import MockerFixture

from bot.context.actor import Actor
from bot.delivery.errors import Superseded
from bot.delivery.rendering.render import render
from bot.delivery.rendering.rendered import RenderedMessage
from bot.services.announcements.choosing import places_of
from bot.services.outages import updates
from bot.services.outages.attaching import attach
from models.announcements.announcement import AnnouncementChannel
from models.catalogue import Site
from models.errors import OutageResolved, OutageTeamOnly
from models.fields import FieldRefused
from models.lifecycle import Ending, Status
from models.outbox.details import OutageUpdateDetails
from models.outbox.kinds import DeliveryKind
from models.tickets.outage import Outage, OutageAction
from tests.support.databases import open_small_desk
from tests.support.factories import create_ticket, make_person
from tests.support.outage_desk import OutageDesk
from tests.support.use_case_desk import MINUTE, NOW

HOUR = timedelta(hours=1)
TEXT = "Le serveur redémarre."
UPDATE, DUE = DeliveryKind.OUTAGE_UPDATE, DeliveryKind.UPDATE_DUE


@pytest.fixture
def desk(tables_url: str) -> Iterator[OutageDesk]:
    """On each database."""
    with open_small_desk(tables_url) as small:
        yield OutageDesk(small)


def send(desk: OutageDesk, outage: Outage, minutes: int | None = 60, by: Actor | None = None) -> int:
    return desk.desk.do(lambda uow: updates.send(uow, outage.id, f" {TEXT} ", minutes), by or desk.karim)


def row(desk: OutageDesk, outage: Outage) -> Outage:
    with desk.sessions() as session:
        return session.get_one(Outage, outage.id)


def test_each_follower_gets_one_message(desk: OutageDesk) -> None:
    outage = desk.declare()
    desk.follow(outage)
    desk.follow(outage, "oliver")
    second = desk.desk.open()
    desk.desk.do(lambda uow: attach(uow, second.id, outage.id), desk.karim)
    assert send(desk, outage) == 2
    sent = desk.deliveries(UPDATE)
    people = {desk.actor("camille").id, desk.actor("oliver").id}
    assert len(sent) == 2
    assert {each.person_id for each in sent} == people
    assert all(isinstance(each.details, OutageUpdateDetails) for each in sent)


def test_an_update_is_kept_with_its_promise(desk: OutageDesk) -> None:
    outage = desk.declare()
    send(desk, outage)
    told = row(desk, outage)
    assert (told.update_text, told.updated_by_id, told.next_update_at) == (TEXT, desk.karim.id, NOW + HOUR)
    promised = {"next_update": (NOW + HOUR).isoformat()}
    assert desk.history(outage)[-1] == (OutageAction.UPDATE, "Karim", promised)


def test_more_people_than_the_limit_read_it_on_their_home(desk: OutageDesk, mocker: MockerFixture) -> None:
    mocker.patch.object(updates, "TOLD_MAX", 1)
    outage = desk.declare()
    desk.follow(outage)
    desk.follow(outage, "oliver")
    assert send(desk, outage) == 0
    assert not desk.deliveries(UPDATE)
    assert row(desk, outage).update_text == TEXT


@pytest.mark.parametrize(("followers", "told"), [(200, 200), (201, 0)])
def test_up_to_200_people_get_a_message_each(desk: OutageDesk, followers: int, told: int) -> None:
    outage = desk.declare()
    with desk.sessions.begin() as session:
        people = [make_person(f"suiveur{number}") for number in range(followers)]
        session.add_all(people)
        session.flush()
        for person in people:
            create_ticket(session, requester_id=person.id, outage_id=outage.id, is_outage_child=True)
        # One of them has a second ticket behind it, and one who has left it is told nothing.
        create_ticket(session, requester_id=people[0].id, outage_id=outage.id, is_outage_child=True)
        gone = make_person("parti")
        session.add(gone)
        session.flush()
        create_ticket(
            session,
            requester_id=gone.id,
            outage_id=outage.id,
            status=Status.CLOSED,
            ending=Ending.CANCELLED,
        )
    assert send(desk, outage) == told
    assert len(desk.deliveries(UPDATE)) == told
    assert row(desk, outage).update_text == TEXT


def test_its_author_is_reminded_once_when_the_next_one_is_due(desk: OutageDesk) -> None:
    outage = desk.declare()
    send(desk, outage)
    desk.desk.do(updates.remind_updates, now=NOW + HOUR - MINUTE)
    assert not desk.deliveries(DUE)
    for _each in range(2):
        desk.desk.do(updates.remind_updates, now=NOW + HOUR)
    [reminder] = desk.deliveries(DUE)
    assert reminder.person_id == desk.karim.id


def test_put_off_it_is_reminded_of_again(desk: OutageDesk) -> None:
    outage = desk.declare()
    send(desk, outage)
    desk.desk.do(updates.remind_updates, now=NOW + HOUR)
    at = desk.desk.do(lambda uow: updates.put_off(uow, outage.id, 15), desk.karim, NOW + HOUR)
    assert at == row(desk, outage).next_update_at == NOW + HOUR + 15 * MINUTE
    desk.desk.do(updates.remind_updates, now=at)
    assert len(desk.deliveries(DUE)) == 2


def test_resolving_the_outage_ends_the_reminder(desk: OutageDesk) -> None:
    outage = desk.declare()
    send(desk, outage)
    desk.resolve(outage)
    desk.desk.do(updates.remind_updates, now=NOW + 2 * HOUR)
    assert not desk.deliveries(DUE)
    with pytest.raises(OutageResolved):
        send(desk, outage)


def test_only_its_team_tells_and_reviews(desk: OutageDesk) -> None:
    outage, lea = desk.declare(), desk.actor("lea", "reseau")
    with pytest.raises(OutageTeamOnly):
        send(desk, outage, by=lea)
    with pytest.raises(OutageTeamOnly):
        desk.desk.do(lambda uow: updates.review(uow, outage.id, ["a", "", ""]), lea)


def test_an_unknown_time_is_refused(desk: OutageDesk) -> None:
    with pytest.raises(FieldRefused, match="next_update"):
        send(desk, desk.declare(), minutes=7)


def test_what_happened_is_kept_after_the_end(desk: OutageDesk) -> None:
    outage = desk.declare()
    lines = ["Une panne de disque.", "Trop vieux.", "Deux disques neufs."]
    with pytest.raises(FieldRefused):
        desk.desk.do(lambda uow: updates.review(uow, outage.id, lines), desk.karim)
    desk.resolve(outage)
    for _each in range(2):
        desk.desk.do(lambda uow: updates.review(uow, outage.id, lines), desk.karim)
    assert row(desk, outage).review == lines
    assert [action for action, _who, _details in desk.history(outage)].count(OutageAction.REVIEW) == 1


def test_the_same_form_sent_twice_is_one_update(desk: OutageDesk) -> None:
    outage = desk.declare()
    desk.follow(outage)

    def submit(text: str) -> int:
        use_case = partial(updates.send, outage_id=outage.id, text=text, minutes=30, submission="f1")
        return desk.desk.do(lambda uow: use_case(uow), desk.karim)

    assert [submit(TEXT), submit(f"{TEXT} ")] == [1, 1]
    assert len(desk.deliveries(UPDATE)) == 1
    assert submit("Autre chose.") == 1
    assert len(desk.deliveries(UPDATE)) == 2


def test_an_update_that_waited_until_the_end_is_not_sent(desk: OutageDesk) -> None:
    outage = desk.declare()
    desk.follow(outage)
    send(desk, outage)
    [update] = desk.deliveries(UPDATE)
    update.started_at = NOW
    with desk.sessions() as session:
        assert isinstance(render(session, update, locale="fr"), RenderedMessage)
    desk.click(outage)
    with desk.sessions() as session, pytest.raises(Superseded):
        render(session, update, locale="fr")
    update.uncertain = True
    with desk.sessions() as session:
        rendered = render(session, update, locale="fr")
        assert isinstance(rendered, RenderedMessage)
        assert rendered.only_if_posted


def test_a_channel_that_the_file_names_in_two_ways_gets_one_announcement(desk: OutageDesk) -> None:
    with desk.sessions.begin() as session:
        for site, name in (("iut", "#infos"), ("ferme", "C0INFOS")):
            session.add(AnnouncementChannel(name=name, channel_id="C0INFOS", read_at=NOW))
            session.get_one(Site, site).announce, session.get_one(Site, site).archived = [name], False
    outage = desk.declare(site_ids=["iut"], announce=True)
    desk.amend(outage, site_ids=["ferme"])
    with desk.sessions() as session:
        assert len(places_of(session, outage)) == 1
