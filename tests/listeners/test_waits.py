"""Reminders and their buttons, "Relancer", "Reposer la question" and closing by silence, in Slack."""

from datetime import timedelta

import pytest

from bot.context.settings import use_case_settings
from bot.delivery import periodic
from models.lifecycle import Action, Ending, Status
from tests.support.help_desk import DIRECT, TRIAGE, Desk, Person
from tests.support.passing_days import next_due
from tests.support.use_case_desk import NOW

DAY = timedelta(days=1)
WAITS = "Le ticket attend sa réponse"


@pytest.fixture(autouse=True)
def opening_hours(desk: Desk) -> None:
    """It is Monday, 10:00 in Paris; each job has run before."""
    desk.stop_clock(NOW)
    periodic.run_due(desk.sessions, now=NOW - DAY)


def pass_days(desk: Desk, days: int) -> None:
    """Let whole days pass, with the jobs that have something to do."""
    for day in range(1, days + 1):
        desk.ahead += DAY
        due = next_due(desk.sessions)
        if day == days or (due is not None and due <= desk.now):
            work(desk)


def work(desk: Desk) -> None:
    periodic.run_due(desk.sessions, now=desk.now, settings=use_case_settings(desk.settings))
    desk.deliver()


def ask(karim: Person, question: str) -> None:
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": question, "Et ensuite ?": [WAITS]})


def reminder(person: Person) -> dict[str, str]:
    """The reminder that stands last in their direct message."""
    found = [
        each
        for each in person.messages()
        if "attend votre réponse" in each["text"] or "waiting for you" in each["text"]
    ]
    assert len(found) == 1, "one reminder stands"
    return dict(found[0])


def test_a_question_is_put_off_by_a_week_and_answered(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket("Écran noir")
    ask(karim, "Quel bureau ?")
    pass_days(desk, 2)
    text = reminder(camille)["text"]
    assert text.splitlines() == [
        "Un ticket attend votre réponse",
        "n° 1 · Écran noir",
        "Nous attendons votre réponse.",
        "Quel bureau ?",
        "Sans réponse de votre part, ce ticket sera clos le 14 décembre 2026.",
        "[Répondre]",
        "[Laissez-moi une semaine]",
        "[Voir le détail]",
    ]
    assert (
        "Sans réponse de votre part, votre ticket sera clos le 14 décembre 2026." in desk.mails()[-1]["text"]
    )
    camille.press("Laissez-moi une semaine", DIRECT)
    assert "nous ne vous relancerons pas avant une semaine" in camille.modal_text
    assert "ce ticket sera clos le 21 décembre 2026" in reminder(camille)["text"]
    assert desk.history()[-1][0] is Action.POSTPONE
    camille.close()
    camille.press("Répondre", DIRECT)
    camille.submit({"Votre message": "B204."})
    assert desk.ticket().status is Status.IN_PROGRESS
    assert all("attend votre réponse" not in each["text"] for each in camille.messages())


def test_a_line_keeps_the_tickets_of_a_reminder_apart(desk: Desk, camille: Person, karim: Person) -> None:
    for title in ("Écran noir", "Son coupé"):
        camille.file_ticket(title)
        ask(karim, "Quel bureau ?")
    pass_days(desk, 2)
    [message] = [each for each in camille.messages() if "2 tickets attendent" in each["text"]]
    assert [block["type"] for block in message["blocks"]].count("divider") == 1


def test_a_silent_ticket_is_closed_in_its_own_words_and_reopened(
    desk: Desk, oliver: Person, karim: Person
) -> None:
    oliver.file_ticket("Printer down")
    karim.resolve("Cable replaced.")
    pass_days(desk, 11)
    assert "Without a reply from you, we will close it on 7 December 2026." in reminder(oliver)["text"]
    pass_days(desk, 3)
    assert desk.ticket().ending is Ending.SILENCE
    said = "\n".join(oliver.reads())
    assert "Your ticket was closed without a reply from you. If you still need us, reopen it." in said
    assert "signed off" not in said.partition("Printer down")[2].replace("sign-off", "")
    [mail] = [each for each in desk.mails() if "Closed" in each["subject"]]
    assert "Your ticket was closed without a reply from you." in mail["text"]
    assert "reopen your ticket in Slack within 60 days" in mail["text"]
    [warning] = [each for each in desk.mails() if "Last reminder" in each["subject"]]
    assert "we will close your ticket on 7 December 2026" in warning["text"]
    oliver.command("/my-tickets")
    oliver.press("My closed tickets")
    assert "Closed without a reply from you" in oliver.modal_text
    oliver.close()
    oliver.press("Reopen", DIRECT)
    oliver.submit({"Why are you reopening this ticket?": "Still down."})
    assert desk.ticket().status is Status.IN_PROGRESS
    assert desk.undelivered() == []


def test_the_team_asks_again_after_the_requester_wrote(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.resolve()
    camille.press("Voir le détail", DIRECT)
    camille.press("Ajouter une précision")
    camille.submit({"Votre message": "Je regarde demain."})
    pass_days(desk, 21)
    assert desk.ticket().status is Status.RESOLVED, "her word is the last"
    karim.press("Reposer la question", TRIAGE)
    assert "Karim Benali vous repose la question." in "\n".join(camille.reads())
    assert "Reposer la question" not in "\n".join(karim.reads(TRIAGE))


def test_what_is_written_under_a_reminder_keeps_the_ticket_open_until_it_is_added(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket("Écran noir")
    ask(karim, "Quel bureau ?")
    pass_days(desk, 20)
    camille.write("Au B204.", thread_ts=reminder(camille)["ts"])
    pass_days(desk, 4)
    assert desk.ticket().status is Status.PENDING
    camille.press("Oui, l’ajouter", DIRECT)
    pass_days(desk, 30)
    assert desk.ticket().status is Status.IN_PROGRESS


def test_a_requester_chases_their_ticket(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.take()
    camille.press("Relancer", DIRECT)
    assert "Il est trop tôt pour relancer ce ticket" in camille.ephemeral_messages()[-1]
    camille.press("Voir le détail", DIRECT)
    assert "Relancer" not in camille.modal_text
    desk.ahead += 2 * DAY
    camille.close()
    camille.press("Voir le détail", DIRECT)
    assert "Relancer" in camille.modal_text
    camille.close()
    camille.press("Relancer", DIRECT)
    assert "sait que vous attendez" in camille.modal_text
    assert any("Relancé par Camille Bernard" in line for line in karim.reads_thread())
    assert "Camille Bernard a relancé" in "\n".join(karim.reads(TRIAGE))


def test_a_hold_says_at_its_field_that_the_day_is_closed(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.take()
    karim.menu("Mettre en attente…")
    answer = karim.submit({"En attente de": "une date", "Jusqu’au": "2026-12-25"}, deliver=False)
    assert "L’assistance est fermée ce jour-là. Prochain jour ouvert : 28 décembre 2026." in str(answer)
