"""Technicians are reminded of targets, in opening hours: in the thread of a ticket, or in a list."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import periodic
from tests.support.help_desk import TRIAGE, Desk, Person

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Paris
HOUR = timedelta(hours=1)
CRITICAL = {"Impact utilisateur": "Plusieurs services", "Urgence utilisateur": "Critique (activité bloquée)"}


@pytest.fixture(autouse=True)
def on_monday(desk: Desk) -> None:
    desk.stop_clock(MONDAY)


def pass_time(desk: Desk, by: timedelta) -> None:
    """Let time pass, and the worker do what is due then."""
    desk.ahead += by
    for _run in range(2):  # the first notes the jobs
        periodic.run_due(desk.sessions, now=desk.now)
    desk.deliver()


def roots(karim: Person) -> list[str]:
    """The lists of untaken tickets in the channel."""
    return [text for text in karim.reads(TRIAGE) if "Personne n’a encore pris" in text or "Nobody" in text]


def test_who_has_a_ticket_is_mentioned_in_its_thread_at_three_quarters_and_when_it_is_due(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket(**CRITICAL)  # to be resolved within 4 h
    karim.take()
    pass_time(desk, timedelta(hours=2, minutes=59))
    assert karim.reads_thread() == []
    pass_time(desk, timedelta(minutes=1))
    [nearly] = karim.reads_thread()
    assert nearly.startswith("⏰ @Karim Benali · L’échéance du n° 1 approche. Échéance : ")
    pass_time(desk, HOUR)
    assert karim.reads_thread()[1].startswith("⏰ @Karim Benali · Le n° 1 est en retard. Échéance : ")
    pass_time(desk, 5 * HOUR)
    assert len(karim.reads_thread()) == 2
    assert roots(karim) == []


def test_untaken_tickets_are_listed_once_an_hour_and_taken_ones_no_more(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket("Écran noir")  # to be taken within a day
    camille.file_ticket("Son coupé")
    pass_time(desk, 22 * HOUR)  # Tuesday, 8:00: three quarters are reached at 17:30 on Monday
    [listed] = roots(karim)
    assert "n° 1 · Écran noir" in listed
    assert "n° 2 · Son coupé" in listed
    assert "Prise en charge avant : " in listed
    assert "En retard" not in listed
    assert "[Ouvrir]" in listed
    karim.take()
    pass_time(desk, HOUR)
    assert len(roots(karim)) == 1
    pass_time(desk, 2 * HOUR)  # the day is over
    assert len(roots(karim)) == 2
    assert "n° 2" not in roots(karim)[-1]
    assert "n° 1 · Écran noir\n⚠️ En retard · Prise en charge avant : " in roots(karim)[-1]


def test_a_list_has_the_button_that_opens_a_ticket(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Écran noir")
    pass_time(desk, 22 * HOUR)
    karim.press("Ouvrir", TRIAGE)
    assert "Écran noir" in karim.modal_text


def test_nothing_is_sent_outside_of_opening_hours(desk: Desk, camille: Person, karim: Person) -> None:
    desk.stop_clock(datetime(2026, 11, 27, 16, 50, tzinfo=UTC))  # on Friday at 17:50
    camille.file_ticket(**CRITICAL)
    for _hour in range(24):
        pass_time(desk, HOUR)
    assert roots(karim) == []
    pass_time(desk, timedelta(days=1, hours=14, minutes=35))  # on Monday at 8:25
    assert roots(karim) == []
    pass_time(desk, timedelta(minutes=10))
    assert len(roots(karim)) == 1


def test_what_was_queued_and_not_sent_before_closing_time_waits_for_the_opening(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket("Écran noir")
    desk.ahead = timedelta(hours=7, minutes=45)  # 17:45
    for _run in range(2):
        periodic.run_due(desk.sessions, now=desk.now)
    desk.ahead = 9 * HOUR  # 19:00
    desk.deliver()
    assert roots(karim) == []
    desk.ahead = 22 * HOUR
    desk.deliver()
    assert len(roots(karim)) == 1


def test_a_reminder_of_what_has_moved_on_is_not_sent(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket(**CRITICAL)
    camille.file_ticket("Écran noir")
    karim.take()
    desk.ahead = timedelta(hours=7, minutes=45)
    for _run in range(2):
        periodic.run_due(desk.sessions, now=desk.now)
    karim.take()
    desk.deliver()
    assert [text for text in roots(karim) if "n° 2" in text] == []


@pytest.mark.parametrize(
    ("setting", "mention"),
    [(None, ""), ("here", " · @here"), ("S0DNUM", " · @")],
    ids=["none", "here", "group"],
)
def test_an_untaken_urgent_ticket_mentions_whom_the_setting_says(
    desk: Desk, camille: Person, karim: Person, setting: str | None, mention: str
) -> None:
    desk.settings.escalate_p1 = setting
    camille.file_ticket("Écran noir", **CRITICAL)
    pass_time(desk, timedelta(minutes=46))
    [listed] = roots(karim)
    assert listed.startswith(f"⏳ Personne n’a encore pris ce ticket{mention}")
    assert ("@" in listed) is bool(setting)


def test_an_urgent_ticket_does_not_wait_for_the_next_list(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Écran noir")
    desk.ahead = timedelta(hours=6, minutes=50)
    camille.file_ticket("Plus rien", **CRITICAL)
    pass_time(desk, timedelta(minutes=41))  # 17:31
    assert len(roots(karim)) == 1
    camille.file_ticket("Son coupé")
    pass_time(desk, timedelta(minutes=5))  # 17:36, in the same hour
    assert len(roots(karim)) == 2
    assert "Plus rien" in roots(karim)[1]


def test_each_target_of_an_urgent_ticket_is_listed_though_it_is_the_same_hour(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket("Écran noir")
    desk.ahead = timedelta(hours=6, minutes=50)
    camille.file_ticket("Plus rien", **CRITICAL)
    pass_time(desk, timedelta(minutes=41))  # 17:31: the list of the hour
    pass_time(desk, timedelta(minutes=5))  # 17:36: three quarters
    pass_time(desk, timedelta(minutes=15))  # 17:51: all of it
    assert ["Plus rien" in each for each in roots(karim)] == [False, True, True]
