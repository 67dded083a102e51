"""What releases the tickets of who is no longer in a team's channel, and what does not."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.delivery import periodic
from bot.slack.people import presence
from models.departures.departure import Departure, DepartureState
from models.lifecycle import Action, Status
from models.person import Person as PersonRow
from models.tickets.ticket import Ticket
from tests.support.help_desk import REFUSE, TRIAGE, Desk, Person

HOUR = timedelta(hours=1, minutes=1)
KARIM = "Karim Benali"
WHY_REFUSE = "Qu'est-ce qui ne marche toujours pas ?"


@pytest.fixture
def marc(desk: Desk) -> Person:
    """Another technician of the team Assistance."""
    marc = desk.person("marc")
    marc.join(TRIAGE)
    return marc


@pytest.fixture
def held(desk: Desk, camille: Person, karim: Person) -> Person:
    """Karim, who has a ticket of Camille's."""
    desk.stop_clock()
    camille.have_filed("Écran noir")
    karim.take()
    desk.deliver()
    return karim


def pass_time(desk: Desk, span: timedelta = HOUR) -> None:
    desk.ahead += span
    desk.deliver()


def state(desk: Desk, number: int = 1) -> tuple[Status, str | None]:
    ticket = desk.ticket(number)
    return ticket.status, ticket.assignee.name if ticket.assignee else None


def departures(desk: Desk) -> list[DepartureState]:
    with desk.sessions() as session:
        return list(session.scalars(select(Departure.state).order_by(Departure.id)))


HELD, FREE = (Status.IN_PROGRESS, KARIM), (Status.NEW, None)


# -- what takes people out of a channel without their leaving ------------------------------------------------


@pytest.mark.parametrize("change", [{"archived": True}, {"private": False}, {"shared": True}])
def test_a_channel_that_is_archived_or_converted_within_the_hour_releases_nothing(
    desk: Desk, held: Person, marc: Person, change: dict[str, bool]
) -> None:
    held.leave(TRIAGE)
    pass_time(desk, timedelta(minutes=30))
    assert desk.slack.control.post("channel", channel=TRIAGE, **change)["ok"]
    pass_time(desk)
    pass_time(desk, timedelta(days=1))
    assert state(desk) == HELD
    assert departures(desk) == [DepartureState.VOID]


@pytest.mark.parametrize("change", [{"archived": True}, {"kind": "public"}, {"shared": True}])
def test_so_does_one_whose_change_was_not_told(
    desk: Desk, held: Person, marc: Person, change: dict[str, object]
) -> None:
    held.leave(TRIAGE)
    channel = desk.slack.slack.workspace.channel(TRIAGE)
    assert channel is not None
    for name, value in change.items():
        setattr(channel, name, value)
    pass_time(desk)
    assert state(desk) == HELD
    assert departures(desk) == [DepartureState.VOID]


# -- readings that say nothing -------------------------------------------------------------------------------


def test_a_reading_without_its_last_page_releases_nothing_and_is_said(
    desk: Desk, held: Person, marc: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "PAGE", 1)
    held.leave(TRIAGE)
    desk.deliver()
    read = presence.PresenceReader._pages

    def broken(self: presence.PresenceReader, channel: str) -> Iterator[list[str]]:
        pages = read(self, channel)
        yield next(pages)
        desk.fault("conversations.members", 500)
        yield from pages

    monkeypatch.setattr(presence.PresenceReader, "_pages", broken)
    with caplog.at_level(logging.WARNING):
        pass_time(desk)
    assert state(desk) == HELD
    assert departures(desk) == [DepartureState.WAITING]
    assert "did not name all members of" in caplog.text
    assert "no ticket is released" in caplog.text
    monkeypatch.setattr(presence.PresenceReader, "_pages", read)
    pass_time(desk)
    assert state(desk) == FREE, "read again, whole this time"


def test_a_reading_that_names_nobody_releases_nothing_and_is_said(
    desk: Desk, held: Person, marc: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.leave(TRIAGE)
    desk.deliver()
    monkeypatch.setattr(presence.PresenceReader, "_pages", lambda self, channel: iter([[]]))
    with caplog.at_level(logging.WARNING):
        pass_time(desk)
    assert state(desk) == HELD
    assert departures(desk) == [DepartureState.WAITING]
    assert "(it named nobody): no ticket is released" in caplog.text


# -- many ----------------------------------------------------------------------------------------------------


def test_two_hundred_tickets_are_released_with_one_message(
    desk: Desk, held: Person, marc: Person, camille: Person
) -> None:
    desk.add_tickets("camille", 199)
    with desk.sessions.begin() as session:
        karim = session.scalars(select(PersonRow).where(PersonRow.name == KARIM)).one()
        session.execute(
            update(Ticket).where(Ticket.id > 1).values(status=Status.IN_PROGRESS, assignee_id=karim.id)
        )
    before = len(marc.messages(TRIAGE))
    held.leave(TRIAGE)
    pass_time(desk)
    with desk.sessions() as session:
        free = session.scalars(select(Ticket.id).where(Ticket.status == Status.NEW)).all()
    assert len(free) == 200
    posted = marc.messages(TRIAGE)[before:]
    assert len(posted) == 199 + 1, "the cards of the tickets that had none yet, and one message"
    [summary] = [each for each in posted if "de retour dans la file" in each["text"]]
    assert "200 tickets sont de retour dans la file" in summary["text"]
    assert "saisissez /ma-file" in summary["text"]
    assert not [reply for each in posted for reply in each["replies"]]
    assert not [text for person in (marc, camille) for text in person.reads() if "de retour dans" in text]

    held.join(TRIAGE)
    marc.press("Tout rendre", TRIAGE)
    with desk.sessions() as session:
        theirs = session.scalars(select(Ticket.id).where(Ticket.assignee_id == karim.id)).all()
    assert len(theirs) == 200
    assert len(marc.messages(TRIAGE)[before:]) == 199 + 1
    [summary] = [each for each in marc.messages(TRIAGE) if "200 tickets rendus" in each["text"]]


# -- giving back ---------------------------------------------------------------------------------------------


def test_after_a_day_the_button_says_what_to_do_instead(desk: Desk, held: Person, marc: Person) -> None:
    held.leave(TRIAGE)
    pass_time(desk)
    button = [each for each in marc.messages(TRIAGE) if "[Tout rendre]" in each["text"]]
    assert button
    held.join(TRIAGE)
    desk.ahead += timedelta(days=1, minutes=1)  # the worker has not taken the button away yet
    marc.press("Tout rendre", TRIAGE, deliver=False)
    assert "possible pendant un jour" in marc.ephemeral_messages()[-1]
    desk.deliver()
    assert state(desk) == FREE


def test_a_second_click_is_told_who_gave_them_back(desk: Desk, held: Person, marc: Person) -> None:
    held.leave(TRIAGE)
    pass_time(desk)
    held.join(TRIAGE)
    marc.press("Tout rendre", TRIAGE, deliver=False)
    marc.press("Tout rendre", TRIAGE)
    assert "Marc Petit a déjà rendu ces tickets" in marc.ephemeral_messages()[-1]
    assert state(desk) == HELD


# -- deactivated accounts ------------------------------------------------------------------------------------


def deactivated(desk: Desk) -> None:
    """The account is deactivated in Slack, and the help desk has read so, without an event."""
    desk.slack.slack.workspace.person("karim").deleted = True  # type: ignore[union-attr]
    with desk.sessions.begin() as session:
        session.execute(update(PersonRow).where(PersonRow.name == KARIM).values(is_deactivated=True))


def test_the_periodic_job_notes_a_deactivated_account_by_itself(
    desk: Desk, held: Person, marc: Person
) -> None:
    pass_time(desk)
    deactivated(desk)
    assert departures(desk) == [], "no event has told of it"
    pass_time(desk, timedelta(hours=2))
    assert state(desk) == HELD, "without the job nothing is noted"
    for _time in range(3):
        periodic.run_due(desk.sessions, now=desk.now)
        desk.ahead += timedelta(minutes=16)
    assert departures(desk) == [DepartureState.WAITING], "noted once"
    pass_time(desk)
    assert state(desk) == FREE
    assert departures(desk) == [DepartureState.RELEASED]


def test_an_event_of_a_deactivation_notes_it_at_once(desk: Desk, held: Person, marc: Person) -> None:
    assert desk.slack.control.post("person", user="karim", deleted=True)["ok"]
    desk.deliver()
    assert departures(desk) == [DepartureState.WAITING]
    pass_time(desk)
    assert state(desk) == FREE


# -- tickets that were resolved ------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["left", "deactivated"])
def test_a_refused_ticket_of_who_left_is_in_the_queue_again(
    desk: Desk, held: Person, marc: Person, camille: Person, how: str
) -> None:
    held.resolve()
    desk.deliver()
    if how == "left":
        held.leave(TRIAGE)
    else:
        deactivated(desk)
    pass_time(desk)
    assert state(desk) == (Status.RESOLVED, KARIM), "who solved it stays"
    assert not [text for text in marc.reads(TRIAGE) if "de retour dans la file" in text]
    camille.press(REFUSE, "@guichet")
    camille.submit({WHY_REFUSE: "Toujours noir."})
    assert state(desk) == FREE
    assert [action for action, _text in desk.history()][-2:] == [Action.REFUSE, Action.UNASSIGN]
    marc.command("/ma-file")
    assert "Écran noir" in marc.modal_text
    marc.close()
    marc.take()
    assert state(desk) == (Status.IN_PROGRESS, "Marc Petit")


@pytest.mark.parametrize("back", ["within the hour", "later"])
def test_a_refused_ticket_of_who_is_back_is_theirs(
    desk: Desk, held: Person, marc: Person, camille: Person, back: str
) -> None:
    held.resolve()
    held.leave(TRIAGE)
    pass_time(desk, timedelta(minutes=30) if back == "within the hour" else HOUR)
    held.join(TRIAGE)
    pass_time(desk)
    camille.press(REFUSE, "@guichet")
    camille.submit({WHY_REFUSE: "Toujours noir."})
    assert state(desk) == HELD
