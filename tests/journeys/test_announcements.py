"""An outage that is announced in the channels of its sites, from its declaration to its review, in French and
in English."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest
from slack_sdk import WebClient

from bot.settings.model import Settings
from models.catalogue import Service
from playground.state.workspace import BOT_TOKEN
from tests.support.announcing import HEALTH, IUT, add_channels, change_channel, read_channels
from tests.support.help_desk import DIRECT, TRIAGE, Desk, Person
from tests.support.outbox_rows import forgive


class Words(NamedTuple):
    """What a technician presses and everybody reads."""

    who: str
    command: str
    locale: str
    title: str
    sites: str
    iut: str
    health: str
    elsewhere: str
    vpn: str
    box: str
    update: str
    amend: str
    end: str
    review: str
    progress: str
    resolved: str
    update_form: Mapping[str, str]
    review_form: Mapping[str, str]
    lines: str


FRENCH = Words(
    "karim",
    "/panne",
    "fr",
    "Titre",
    "Sites",
    "IUT",
    "Campus Santé – Médecine et pharmacie",
    "INSPÉ",
    "Accès distant (VPN)",
    "Annonce",
    "Prévenir",
    "Modifier",
    "Résoudre la panne",
    "Bilan",
    "⚠️ Panne en cours",
    "✅ Panne résolue",
    {"Où on en est": "On redémarre.", "Prochaines nouvelles": "Dans 30 minutes"},
    {
        "Ce qui s’est passé": "Un disque plein.",
        "Pourquoi": "Des journaux.",
        "Ce qui est fait pour l’éviter": "Une alerte.",
    },
    "Ce qui s’est passé\nUn disque plein.\nPourquoi\nDes journaux.\n"
    "Ce qui est fait pour l’éviter\nUne alerte.",
)
ENGLISH = Words(
    "oliver",
    "/outage",
    "en",
    "Title",
    "Sites",
    "IUT (University Institute of Technology)",
    "Health Campus – Medicine and Pharmacy",
    "INSPÉ (Institute of Education)",
    "Remote access (VPN)",
    "Announcement",
    "Send an update",
    "Edit",
    "Resolve the outage",
    "What happened",
    "⚠️ Outage in progress",
    "✅ Outage resolved",
    {"How it is going": "Restarting.", "Next update": "In 30 minutes"},
    {"What went wrong": "A full disk.", "Why": "Logs.", "What is done about it": "An alert."},
    "What went wrong\nA full disk.\nWhy\nLogs.\nWhat is done about it\nAn alert.",
)


@pytest.fixture(params=[FRENCH, ENGLISH], ids=["fr", "en"])
def words(request: pytest.FixtureRequest) -> Words:
    found: Words = request.param
    return found


@pytest.fixture
def settings(settings: Settings, words: Words) -> Settings:
    return settings.model_copy(update={"default_locale": words.locale})


@pytest.fixture
def technician(desk: Desk, words: Words) -> Person:
    add_channels(desk)
    person = desk.person(words.who)
    if words is ENGLISH:
        person.join(TRIAGE)
    return person


def declare(technician: Person, words: Words, *sites: str) -> None:
    technician.command(words.command, "Wi-Fi")
    technician.choose(words.sites, list(sites))
    technician.submit()


def test_one_message_says_how_it_goes_from_the_beginning_to_the_review(
    desk: Desk, technician: Person, words: Words
) -> None:
    declare(technician, words, words.iut)
    [first] = technician.messages(IUT)
    assert first["text"].startswith(f"{words.progress}\nWi-Fi\n")
    assert words.iut in first["text"]
    assert not technician.messages(HEALTH)

    technician.press(words.update, TRIAGE)
    technician.submit(words.update_form)
    assert next(iter(words.update_form.values())) in technician.reads(IUT)[0]
    technician.press(words.amend, TRIAGE)
    technician.submit({words.title: "Wi-Fi & VPN"})
    assert technician.reads(IUT)[0].startswith(f"{words.progress}\nWi-Fi & VPN\n")

    technician.press(words.end, TRIAGE)
    technician.submit({"Solution": "OK."})
    over = technician.reads(IUT)[0]
    assert over.startswith(f"{words.resolved}\nWi-Fi & VPN\n")
    assert over.endswith("OK.")
    technician.press(words.review, TRIAGE)
    technician.submit(words.review_form)
    [last] = technician.messages(IUT)
    assert last["text"].endswith(words.lines)
    assert last["ts"] == first["ts"]
    assert not desk.undelivered()


def test_the_box_names_the_channels_of_the_chosen_sites(technician: Person, words: Words) -> None:
    technician.command(words.command, "Wi-Fi")
    assert f"{IUT}, {HEALTH}" in technician.modal_text or f"{HEALTH}, {IUT}" in technician.modal_text
    technician.choose(words.sites, [words.iut])
    assert IUT in technician.modal_text
    assert HEALTH not in technician.modal_text
    technician.command(words.command, "Wi-Fi")
    technician.choose(words.sites, [words.elsewhere])
    assert words.box not in technician.modal["labels"]
    assert technician.modal["values"][words.title] == "Wi-Fi"
    technician.submit()
    assert not technician.messages(IUT)


def test_a_confidential_service_is_never_announced(desk: Desk, technician: Person, words: Words) -> None:
    technician.command(words.command, "VPN")
    assert words.box in technician.modal["labels"]
    with desk.sessions.begin() as session:
        session.get_one(Service, "vpn").is_confidential = True
    technician.choose("Services", [words.vpn])
    assert words.box not in technician.modal["labels"]
    assert list(technician.submit()["errors"]) == ["Services"]
    assert not technician.messages(IUT)


def test_what_is_announced_takes_no_confidential_service(
    desk: Desk, technician: Person, words: Words
) -> None:
    declare(technician, words, words.iut)
    technician.press(words.amend, TRIAGE)
    with desk.sessions.begin() as session:
        session.get_one(Service, "vpn").is_confidential = True
    errors = technician.submit({"Services": [words.vpn]})["errors"]
    assert list(errors) == ["Services"]
    assert "VPN" not in technician.reads(IUT)[0]


def test_an_unticked_box_announces_nothing(technician: Person, words: Words) -> None:
    technician.command(words.command, "Wi-Fi")
    technician.choose(words.sites, [words.iut])
    technician.submit({words.box: []})
    assert not technician.messages(IUT)
    assert technician.messages(TRIAGE)


def test_a_channel_that_is_shared_is_not_offered(desk: Desk, technician: Person, words: Words) -> None:
    change_channel(desk, IUT, shared=True)
    technician.command(words.command, "Wi-Fi")
    assert IUT not in technician.modal_text
    technician.choose(words.sites, [words.iut])
    assert words.box not in technician.modal["labels"]


def test_nothing_more_is_told_in_a_channel_that_was_shared_meanwhile(
    desk: Desk, technician: Person, words: Words
) -> None:
    declare(technician, words, words.iut)
    before = technician.reads(IUT)
    change_channel(desk, IUT, shared=True)
    technician.press(words.update, TRIAGE)
    technician.submit(words.update_form)
    assert technician.reads(IUT) == before
    change_channel(desk, IUT, shared=False)
    assert next(iter(words.update_form.values())) in technician.reads(IUT)[0]


def test_in_a_channel_that_was_archived_it_goes_on_once_it_is_back(
    desk: Desk, technician: Person, words: Words
) -> None:
    declare(technician, words, words.iut)
    change_channel(desk, IUT, archived=True)
    technician.press(words.update, TRIAGE)
    technician.submit(words.update_form)
    technician.command(words.command, "Wi-Fi")
    assert IUT not in technician.modal_text
    technician.close()
    change_channel(desk, IUT, archived=False)
    read_channels(desk)
    desk.deliver()
    [message] = technician.reads(IUT)
    assert next(iter(words.update_form.values())) in message


def test_a_renamed_channel_keeps_its_message(desk: Desk, technician: Person, words: Words) -> None:
    declare(technician, words, words.iut)
    change_channel(desk, IUT, name="infos-campus")
    technician.press(words.update, TRIAGE)
    technician.submit(words.update_form)
    [message] = technician.reads("#infos-campus")
    assert next(iter(words.update_form.values())) in message
    technician.command(words.command, "Wi-Fi")
    assert "#infos-campus" in technician.modal_text


def test_a_site_that_is_added_has_it_announced_too(technician: Person, words: Words) -> None:
    declare(technician, words, words.iut)
    technician.press(words.amend, TRIAGE)
    technician.submit({words.sites: [words.health]})
    assert len(technician.messages(IUT)) == len(technician.messages(HEALTH)) == 1
    assert words.health in technician.reads(IUT)[0]


def test_a_message_that_somebody_deleted_is_posted_anew_while_it_lasts(
    desk: Desk, technician: Person, words: Words
) -> None:
    declare(technician, words, words.iut)
    [message] = technician.messages(IUT)
    channel = desk.slack.slack.workspace.channel(IUT)
    assert channel is not None
    client = WebClient(token=BOT_TOKEN, base_url=desk.slack.api_url)
    client.chat_delete(channel=channel.id, ts=message["ts"])
    technician.press(words.update, TRIAGE)
    technician.submit(words.update_form)
    forgive(desk, "message_not_found")
    [again] = technician.messages(IUT)
    assert again["ts"] != message["ts"]


def test_who_declares_twice_announces_once(desk: Desk, technician: Person, words: Words) -> None:
    declare(technician, words, words.iut)
    desk.repeat_last()
    desk.deliver()
    assert len(technician.messages(IUT)) == 1


def test_who_follows_it_reads_in_their_ticket_what_happened(
    desk: Desk, technician: Person, words: Words
) -> None:
    declare(technician, words, words.iut)
    oliver = desk.person("oliver")
    oliver.home()
    oliver.press("I am affected too", "home")
    oliver.close()
    technician.press(words.end, TRIAGE)
    technician.submit({"Solution": "OK."})
    technician.press(words.review, TRIAGE)
    technician.submit(words.review_form)
    oliver.press("View details", DIRECT)
    shown = oliver.modal_text
    for line in words.review_form.values():
        assert line in shown
    assert "What is done about it" in shown
