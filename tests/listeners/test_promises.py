"""What people read of opening hours and targets: in the form, on their card, in its thread, by e-mail."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.catalogue.service_levels import ask_for_clocks
from bot.delivery import periodic
from bot.services.catalogue import default_team
from models.base import LocalizedText
from models.calendar.calendar import Calendar
from models.calendar.frames import WHOLE_DAY, Frame
from models.catalogue import CatalogueState, Service, Team
from models.person import Person as PersonRow
from tests.support.help_desk import DIRECT, ENGLISH_FORM, FORM, TRIAGE, Desk, Person

WEDNESDAY = datetime.fromisoformat("2026-12-02T10:00:00+01:00")
SATURDAY = WEDNESDAY + timedelta(days=3)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
IMPACT, URGENCY = "Impact utilisateur", "Urgence utilisateur"
CLOSED = "🌙 Nous sommes fermés : réouverture lundi 7 décembre à 8 h."
RECLASSIFY = "Requalifier, passer à une équipe…"


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    """On a Wednesday, at ten."""
    desk.stop_clock(WEDNESDAY)
    return desk


@pytest.fixture
def closed_desk(desk: Desk) -> Desk:
    """On a Saturday, at ten."""
    desk.stop_clock(SATURDAY)
    return desk


def card(person: Person) -> list[str]:
    return person.reads()[0].splitlines()


def later(desk: Desk, by: timedelta) -> None:
    """Let time pass, and the periodic jobs run."""
    desk.ahead += by
    for _ in range(2):  # the first run of all adds their rows
        periodic.run_due(desk.sessions, now=desk.now)
    desk.deliver()


# -- the form ---


def test_the_form_shows_when_the_desk_is_open(open_desk: Desk, camille: Person, oliver: Person) -> None:
    camille.command("/ticket")
    assert "La DNum est ouverte du lundi au vendredi, de 8 h à 18 h." in camille.modal_text
    oliver.command("/ticket")
    hours = "The IT department is open Monday to Friday, 8 am to 6 pm (Paris time)."
    assert hours in oliver.modal_text


def test_it_promises_nothing_by_urgency(closed_desk: Desk, camille: Person) -> None:
    camille.command("/ticket")
    before = camille.modal_text
    camille.choose(URGENCY, "Critique (activité bloquée)")
    assert camille.modal_text.count("\n") == before.count("\n")
    assert "Objectif" not in camille.modal_text


def test_while_it_is_closed_who_is_not_alone_reads_what_to_do(closed_desk: Desk, camille: Person) -> None:
    camille.command("/ticket", "Plus de réseau")
    assert CLOSED not in camille.modal_text
    camille.choose(IMPACT, "Mon service ou une salle")
    assert CLOSED in camille.modal_text
    camille.choose(URGENCY, "Haute")
    assert camille.modal_text.count(CLOSED) == 1
    camille.choose(IMPACT, "Moi seul·e")
    assert CLOSED not in camille.modal_text
    camille.submit(FORM)
    assert closed_desk.ticket().title == "Plus de réseau"


def test_while_it_is_open_there_is_nothing_else_to_do(open_desk: Desk, camille: Person) -> None:
    camille.command("/ticket")
    camille.choose(IMPACT, "Plusieurs services")
    assert "Nous sommes fermés" not in camille.modal_text


def test_the_catalogue_says_what_to_do_while_it_is_closed(closed_desk: Desk, oliver: Person) -> None:
    with closed_desk.sessions.begin() as session:
        state = session.get_one(CatalogueState, 1)
        state.out_of_hours = LocalizedText("Astreinte : 18.", "Call 18.")
    oliver.command("/ticket")
    oliver.choose("User impact", "Several departments")
    text = "🌙 We are closed at the moment, and reopen on Monday 7 December at 7 am (your time). Call 18."
    assert text in oliver.modal_text


def test_a_team_with_its_own_hours_is_named(closed_desk: Desk, camille: Person) -> None:
    saturdays = ((Frame(8 * 60, 12 * 60),),) * 6 + ((),)
    with closed_desk.sessions.begin() as session:
        default_team(session).calendar = Calendar("Europe/Paris", saturdays, 4 * 60)
    camille.command("/ticket")
    text = "L’équipe Assistance de proximité est disponible du lundi au samedi, de 8 h à 12 h."
    assert text in camille.modal_text
    camille.choose(IMPACT, "Mon service ou une salle")
    assert "Nous sommes fermés" not in camille.modal_text


def test_a_service_that_never_closes_says_so(closed_desk: Desk, camille: Person) -> None:
    with closed_desk.sessions.begin() as session:
        session.get_one(Service, "hameconnage").is_always_open = True
    camille.command("/catalogue", "hameçonnage")
    camille.press("Ouvrir")
    camille.press("Signaler un problème")
    assert "Ce service est assuré jour et nuit, tous les jours." in camille.modal_text
    camille.choose(IMPACT, "Plusieurs services")
    assert "Nous sommes fermés" not in camille.modal_text


# -- the receipt and the card ---


def test_the_receipt_says_by_when_somebody_responds(open_desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    assert card(camille)[3] == "Objectif : prise en charge avant 3 décembre 2026, 09:00."
    [block] = [each for each in camille.messages()[0]["blocks"] if each["type"] == "rich_text"]
    [date] = [each for each in block["elements"][0]["elements"] if each["type"] == "date"]
    assert date["timestamp"] == (WEDNESDAY + DAY).timestamp()
    [mail] = open_desk.mails()
    for part in ("text", "html"):
        assert "Objectif : prise en charge avant jeudi 3 décembre à 10 h." in mail[part]
        assert "heures d’ouverture" not in mail[part]


def test_outside_hours_it_says_when_the_desk_opens(closed_desk: Desk, oliver: Person) -> None:
    oliver.file_ticket("No Wi-Fi")
    assert card(oliver)[3:5] == [
        "Raised outside our opening hours: we open 7 December 2026, 07:00.",
        "We aim to respond by 7 December 2026, 17:00.",
    ]
    [mail] = closed_desk.mails()
    for part in ("text", "html"):
        assert "Raised outside our opening hours: we open Monday 7 December at 7 am." in mail[part]
        assert "We aim to respond by Monday 7 December at 5 pm." in mail[part]


@pytest.mark.parametrize("zone", ["Europe", "", "Mars/Olympus"])
def test_an_email_to_an_unknown_time_zone_has_the_desks_time(
    closed_desk: Desk, camille: Person, zone: str
) -> None:
    camille.visit_home()
    with closed_desk.sessions.begin() as session:
        session.execute(update(PersonRow).values(time_zone=zone))
    camille.file_ticket()
    [mail] = closed_desk.mails()
    assert "nous ouvrons lundi 7 décembre à 8 h. Objectif" in mail["text"]


def test_a_screen_reader_and_a_notification_have_the_target(open_desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    [post] = [call for call in open_desk.calls("chat.postMessage") if call["arguments"]["channel"][0] == "D"]
    assert "Objectif : prise en charge avant <!date^" in post["arguments"]["text"].replace("\u00a0", " ")


def test_the_card_keeps_the_target_current(open_desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    karim.take()
    assert "Résolution visée avant 7 décembre 2026, 09:00." in card(camille)
    karim.menu("Mettre en attente…")
    karim.submit({"En attente de": "une pièce"})
    assert "Votre ticket est en attente : nous attendons une pièce." in card(camille)
    assert not any("visée" in line for line in card(camille))
    karim.press("Reprendre", TRIAGE)
    assert any(line.startswith("Résolution visée") for line in card(camille))
    karim.resolve()
    assert not any("visée" in line for line in card(camille))


def test_a_request_is_completed_and_not_resolved(open_desk: Desk, oliver: Person) -> None:
    oliver.command("/catalogue", "second screen")
    oliver.press("Open", nth=1)
    oliver.press("Request this service")
    answers = {"Size": "27 inches", "Would a refurbished display suit you?": "Yes"}
    oliver.submit({**answers, "Office where it is to be set up": "A112", **ENGLISH_FORM})
    assert "We aim to respond by 3 December 2026, 09:00." in card(oliver)
    open_desk.person("marc").take("#dnum-postes")
    assert "We aim to complete it by 7 December 2026, 09:00." in card(oliver)


def test_who_is_filed_for_reads_it_too(open_desk: Desk, camille: Person, karim: Person) -> None:
    karim.command("/ticket", "Écran noir")
    karim.submit({**FORM, "Demandeur": camille.slack_id})
    assert card(camille)[3] == "Objectif : prise en charge avant 3 décembre 2026, 09:00."


# -- later, and late ---


def test_a_later_target_is_told_once_in_the_thread_with_the_reason(
    open_desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    karim.menu(RECLASSIFY)
    karim.submit(
        {"Urgence": "Basse", "Équipe": "Réseau et téléphonie", "Pourquoi, pour l’autre équipe": "Pour vous."}
    )
    assert len(camille.reads()) == 1
    [told] = camille.reads_thread(DIRECT)
    assert told.splitlines() == [
        "L’objectif annoncé pour votre ticket est repoussé.",
        "Requalifié par Karim Benali (urgence : Haute → Basse, priorité : Moyenne → Basse).",
        "Objectif : prise en charge avant 4 décembre 2026, 09:00.",
    ]
    assert "Pour vous." not in told
    assert "Objectif : prise en charge avant 4 décembre 2026, 09:00." in card(camille)
    assert open_desk.undelivered() == []


def test_a_target_that_is_earlier_in_the_end_is_not_told_as_later(
    open_desk: Desk, camille: Person, karim: Person
) -> None:
    day_and_night = Calendar("Europe/Paris", ((WHOLE_DAY,),) * 7, 5 * 60)
    with open_desk.sessions.begin() as session:
        session.get_one(Team, "reseau").calendar = day_and_night
    camille.file_ticket()
    karim.menu(RECLASSIFY)
    karim.submit(
        {"Urgence": "Basse", "Équipe": "Réseau et téléphonie", "Pourquoi, pour l’autre équipe": "Pour vous."}
    )
    assert card(camille)[3] == "Objectif : prise en charge avant 2 décembre 2026, 19:00."  # and not the 3rd
    assert camille.messages()[0]["replies"] == []
    assert open_desk.undelivered() == []


def test_a_target_that_was_missed_meanwhile_is_not_told_as_later(
    open_desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket(**{URGENCY: "Critique (activité bloquée)"})
    karim.menu(RECLASSIFY)
    open_desk.ahead = DAY * 2
    karim.submit({"Urgence": "Haute"})
    assert camille.messages()[0]["replies"] == []


@pytest.mark.parametrize(
    ("who", "late"),
    [
        (
            "camille",
            "⚠️ Nous avons du retard. La prise en charge était visée pour 3 décembre 2026, 09:00 au plus "
            "tard.",
        ),
        ("oliver", "⚠️ We are running late. We aimed to respond by 3 December 2026, 09:00."),
    ],
)
def test_the_card_says_that_we_are_running_late_without_a_message(
    open_desk: Desk, who: str, late: str
) -> None:
    person = open_desk.person(who)
    person.file_ticket()
    later(open_desk, DAY - HOUR)
    assert not any("⚠️" in line for line in card(person))
    edits = len(open_desk.calls("chat.update"))
    later(open_desk, HOUR)
    assert late in card(person)
    assert len(open_desk.calls("chat.update")) == edits + 1
    later(open_desk, HOUR)
    assert len(open_desk.calls("chat.update")) == edits + 1
    assert len(person.reads()) == 1
    assert len(open_desk.mails()) == 1


def change_hours(desk: Desk, first: int, last: int) -> None:
    """Load other opening hours, from Monday to Friday."""
    frames = (Frame(first * 60, last * 60),)
    with desk.sessions.begin() as session:
        state = session.get_one(CatalogueState, 1)
        state.calendar = Calendar("Europe/Paris", (frames,) * 5 + ((), ()), 600)
        ask_for_clocks(session)


def test_hours_that_are_changed_again_and_again_are_told_each_time(open_desk: Desk, camille: Person) -> None:
    camille.file_ticket()
    later(open_desk, HOUR)
    for first, last in [(10, 12), (8, 18), (10, 12), (8, 18)]:
        change_hours(open_desk, first, last)
        later(open_desk, timedelta(minutes=2))
    assert len(camille.reads_thread(DIRECT)) == 2
    assert card(camille)[3] == "Objectif : prise en charge avant 3 décembre 2026, 09:00."
    assert open_desk.undelivered() == []


def test_a_promise_that_is_missed_again_after_a_change_of_hours_says_so(
    open_desk: Desk, camille: Person
) -> None:
    camille.file_ticket()
    later(open_desk, DAY)
    for first, last in [(16, 18), (8, 18)]:
        change_hours(open_desk, first, last)
        for _ in range(2):
            later(open_desk, timedelta(minutes=2))
    assert card(camille)[3].startswith("⚠️ Nous avons du retard.")
    assert open_desk.ticket().late_at is None
