"""Approvers who are silent, away or gone: a reminder, an absence in the App Home, a deactivated account."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.delivery import periodic
from models.approval_rule import ApprovalStep, Approvers, Source
from models.base import LocalizedText
from models.catalogue import Service
from tests.support.help_desk import Desk

FIRST, LAST, WHO = "Premier jour", "Dernier jour", "Qui décide à votre place ?"
ROLE = LocalizedText("Responsable du budget", "Budget holder")
STEP = ApprovalStep(Approvers(Source.QUESTION, ("administrateur",)), ROLE)


@pytest.fixture
def asking(desk: Desk) -> Desk:
    """A virtual machine needs the agreement of who is to administer it."""
    set_step(desk, STEP)
    return desk


def set_step(desk: Desk, step: ApprovalStep) -> None:
    with desk.sessions.begin() as session:
        session.get_one(Service, "machine-virtuelle").approval = [step]


def request_machine(desk: Desk, administrator: str) -> None:
    camille = desk.person("camille")
    camille.command("/catalogue", "machine virtuelle")
    camille.press("Ouvrir le service Machine virtuelle")
    camille.press("Demander un service")
    camille.submit(
        {
            "Titre": "Une machine pour le wiki",
            "Usage prévu": "Un wiki.",
            "Système": "Debian",
            "Mémoire (en Go)": "8",
            "Disque (en Go)": "100",
            "Doit-elle être joignable depuis Internet ?": "Non",
            "Administratrice ou administrateur": administrator,
            "Impact utilisateur": "Moi seul·e",
            "Urgence utilisateur": "Haute",
            "Site": "IUT",
        }
    )
    assert not camille.has_modal


def day(desk: Desk, days: int) -> str:
    return (desk.now.astimezone(ZoneInfo("Europe/Paris")) + timedelta(days=days)).date().isoformat()


def test_who_is_away_says_so_in_the_home_and_a_substitute_is_asked_too(asking: Desk) -> None:
    lea, karim = asking.person("lea"), asking.person("karim")
    request_machine(asking, "lea")
    [asked] = lea.reads()
    assert "Une machine pour le wiki" in asked
    assert karim.reads() == []

    assert "[Mon absence]" in lea.home()
    lea.press("Mon absence", "home")
    lea.submit({FIRST: day(asking, 0), LAST: day(asking, 3), WHO: "karim"})
    assert not lea.has_modal
    [asked] = karim.reads()
    assert "Une machine pour le wiki" in asked
    assert "Karim Benali peut donner les accords à votre place." in lea.home_text

    lea.press("Modifier mon absence", "home")
    lea.submit({LAST: day(asking, 5), WHO: None})
    assert "Personne ne décide à votre place" in lea.home_text
    lea.press("Supprimer mon absence", "home")
    assert "[Mon absence]" in lea.home_text
    assert len(karim.reads()) == 1


@pytest.mark.parametrize(
    ("first", "last", "who", "field", "words"),
    [
        (3, 0, None, LAST, "Cette date précède le premier jour."),
        (-4, -2, None, LAST, "Cette date est passée"),
        (0, 3, "lea", WHO, "Vous ne pouvez pas vous remplacer vous-même."),
        (0, 3, "guichet", WHO, "Personne ne lit ce compte"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_at_its_field(
    desk: Desk, first: int, last: int, who: str | None, field: str, words: str
) -> None:
    lea = desk.person("lea")
    lea.visit_home()
    lea.press("Mon absence", "home")
    answer = lea.submit({FIRST: day(desk, first), LAST: day(desk, last), **({WHO: who} if who else {})})
    assert list(answer["errors"]) == [field]
    assert words in answer["errors"][field]
    assert lea.has_modal


def test_a_silent_approver_gets_another_message_and_an_e_mail_that_opens_it(asking: Desk) -> None:
    lea = asking.person("lea")
    asking.stop_clock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))  # a Monday
    request_machine(asking, "lea")
    periodic.run_due(asking.sessions, now=asking.now)
    asking.ahead += timedelta(days=2, minutes=1)
    periodic.run_due(asking.sessions, now=asking.now)
    asking.deliver()
    assert ["Une machine pour le wiki" in each for each in lea.reads()] == [True, True]
    mail = asking.mails()[-1]
    assert "lea.martin@univ.example" in str(mail["headers"])
    assert mail["subject"] == "[n° 1 · Votre accord est demandé] Une machine pour le wiki"
    assert "Camille Bernard a besoin de votre accord pour sa demande." in mail["text"]
    newest = lea.messages()[-1]["ts"]
    assert newest.replace(".", "") in mail["text"]


def test_a_deactivated_approver_is_dropped_at_once_and_the_team_is_told(asking: Desk) -> None:
    karim = asking.person("karim")
    fallback = Approvers(Source.PEOPLE, (karim.slack_id,))
    karim.visit_home()  # the help desk knows him
    set_step(asking, replace(STEP, fallback=fallback))
    request_machine(asking, "lea")
    assert karim.reads() == []
    assert asking.slack.control.post("person", user="lea", deleted=True)["ok"]
    asking.deliver()
    [asked] = karim.reads()
    assert "Une machine pour le wiki" in asked
    [line] = karim.reads_thread("#dnum-infrastructures")[-1:]
    assert "L’accord de Léa Martin (Responsable du budget) ne peut plus être demandé" in line
    assert "Nous cherchons à qui d’autre le demander." in line
