"""Guichet by hand: what people do in the local Slack's page, in a browser, in French and in English."""

from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from models.lifecycle import Ending, Kind, Priority, Status
from tests.support.browser import Window
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.help_desk import TRIAGE, Desk

pytestmark = [pytest.mark.page, ON_SQLITE_ONLY]


class Words(NamedTuple):
    """What a requester reads and presses."""

    who: str
    new_ticket: str
    form: str
    title: str
    impact: tuple[str, str]
    urgency: tuple[str, str]
    priority: str
    site: tuple[str, str]
    description: str
    files: str
    remove: str
    save: str
    received: str
    asked: str
    approve: str
    approved: str
    subject: str
    closed_mail: str


FRENCH = Words(
    who="camille",
    new_ticket="Nouveau Ticket Informatique",
    form="Ticket informatique",
    title="Titre",
    impact=("Impact utilisateur", "Mon service ou une salle"),
    urgency=("Urgence utilisateur", "Critique (activité bloquée)"),
    priority="Priorité obtenue : Critique",
    site=("Site", "IUT"),
    description="Description",
    files="Pièces attachées",
    remove="Retirer capture.png",
    save="Enregistrer et fermer",
    received="Nous avons votre ticket.",
    asked="Voici la solution. Est-ce que cela marche chez vous ?",
    approve="C’est réparé, clore",
    approved="Vous avez approuvé cette solution : le ticket est clos.",
    subject="[n° 1] Wi-Fi *B204* :tada:",
    closed_mail="Votre ticket est clos : vous avez approuvé la solution.",
)
ENGLISH = Words(
    who="oliver",
    new_ticket="New IT ticket",
    form="IT ticket",
    title="Title",
    impact=("User impact", "My team or a room"),
    urgency=("User urgency", "Critical (work blocked)"),
    priority="Resulting priority: Critical",
    site=("Site", "IUT (University Institute of Technology)"),
    description="Description",
    files="Attachments",
    remove="Remove capture.png",
    save="Save and close",
    received="We have your ticket.",
    asked="Here is the solution. Does it work for you?",
    approve="It works, close",
    approved="You approved this solution: the ticket is closed.",
    subject="[No. 1] Wi-Fi *B204* :tada:",
    closed_mail="Your ticket is closed: you approved the solution.",
)


@pytest.mark.parametrize("words", [FRENCH, ENGLISH], ids=["french", "english"])
def test_a_ticket_with_a_file_is_filed_taken_resolved_and_approved(
    desk: Desk, window: Window, tmp_path: Path, words: Words
) -> None:
    page = window.page
    (tmp_path / "capture.png").write_bytes(b"\x89PNG\r\n\x1a\n")

    window.home(words.who).get_by_role("button", name=words.new_ticket).click()
    form = window.dialog(words.form)
    expect(form.get_by_label(words.title)).to_be_focused()
    form.get_by_label(words.title).fill("Wi-Fi *B204* :tada:")
    form.get_by_label(words.description).fill("Depuis <8 h>.\nTout le monde.")
    window.choose(form, *words.impact)
    window.choose(form, *words.urgency)
    expect(form.get_by_text(words.priority)).to_be_visible()
    expect(form.get_by_label(words.title)).to_have_value("Wi-Fi *B204* :tada:")
    form.get_by_label(words.site[0]).select_option(words.site[1])
    form.get_by_label(words.files).set_input_files(tmp_path / "capture.png")
    expect(form.get_by_role("button", name=words.remove)).to_be_visible()
    window.submit(form, words.save)
    expect(page.get_by_role("main").get_by_text("Wi-Fi *B204* :tada:")).to_be_visible()

    window.channel(words.who)
    card = window.message(words.received)
    expect(card.get_by_role("heading", name="Wi-Fi *B204* :tada:")).to_be_visible()

    window.channel("karim", TRIAGE)
    triage = window.message("Demandeur")
    expect(triage.get_by_role("heading", name="Wi-Fi *B204* :tada:")).to_be_visible()
    expect(triage).to_contain_text("Depuis <8 h>.")
    expect(triage).to_contain_text("capture.png")
    window.press(triage, "Je prends")
    expect(triage).to_contain_text("En charge : @Karim Benali")
    expect(triage.get_by_role("button", name="Je prends")).to_have_count(0)
    triage.get_by_role("button", name="Résoudre").click()
    solution = window.dialog("Résoudre")
    solution.get_by_label("Solution").fill("Borne rallumée.")
    window.submit(solution, "Résoudre")
    expect(triage).to_contain_text("Borne rallumée.")

    window.channel(words.who)
    request = window.message(words.asked)
    expect(request).to_contain_text("Borne rallumée.")
    window.press(request, words.approve)
    answered = window.message(words.approved)
    expect(answered).to_be_visible()
    expect(page.get_by_role("button", name=words.approve)).to_have_count(0)

    page.goto(f"/mail?as={words.who}")
    mails = page.get_by_role("link", name=words.subject)
    expect(mails).to_have_count(3)
    mails.first.click()  # the newest
    expect(page.get_by_text(words.closed_mail)).to_be_visible()
    page.get_by_role("link", name="HTML").click()
    expect(page.frame_locator("iframe").get_by_role("heading", name="Wi-Fi *B204* :tada:")).to_be_visible()

    ticket = desk.ticket()
    assert (ticket.status, ticket.ending, ticket.priority) == (Status.CLOSED, Ending.APPROVED, Priority.P1)
    assert ticket.description == "Depuis <8 h>.\nTout le monde."
    assert desk.person("karim").thread_files() == ["capture.png"]


class Shelf(NamedTuple):
    """The way through the catalogue to a service, and its form."""

    who: str
    catalogue: str
    title: str
    way: tuple[str, str, str]
    breadcrumb: str
    request: str
    form: str
    name: str
    answers: tuple[tuple[str, str], ...]
    office: str
    choices: tuple[tuple[str, str], ...]
    save: str
    received: str


@pytest.mark.parametrize(
    "shelf",
    [
        Shelf(
            who="camille",
            catalogue="Catalogue des Services Numériques",
            title="Catalogue de services",
            way=("Ouvrir le groupe Achat", "Ouvrir le groupe Matériel", "Ouvrir le service Second écran"),
            breadcrumb="Catalogue › Achat › Matériel › Second écran",
            request="Demander un service",
            form="Demande de service",
            name="Second écran",
            answers=(("Taille", "27 pouces"), ("Un écran reconditionné vous convient-il ?", "Non")),
            office="Bureau où installer l’écran",
            choices=(("Impact utilisateur", "Moi seul·e"), ("Urgence utilisateur", "Basse"), ("Site", "IUT")),
            save="Enregistrer et fermer",
            received="Demande de service · Nouveau",
        ),
        Shelf(
            who="oliver",
            catalogue="IT service catalogue",
            title="Service catalogue",
            way=("Open the group Purchasing", "Open the group Hardware", "Open the service Second screen"),
            breadcrumb="Catalogue › Purchasing › Hardware › Second screen",
            request="Request this service",
            form="Service request",
            name="Second screen",
            answers=(("Size", "27 inches"), ("Would a refurbished display suit you?", "No")),
            office="Office where it is to be set up",
            choices=(
                ("User impact", "Just me"),
                ("User urgency", "Low"),
                ("Site", "IUT (University Institute of Technology)"),
            ),
            save="Save and close",
            received="Service request · New",
        ),
    ],
    ids=["french", "english"],
)
def test_a_service_is_found_in_the_catalogue_and_requested(desk: Desk, window: Window, shelf: Shelf) -> None:
    page = window.page
    window.home(shelf.who).get_by_role("button", name=shelf.catalogue).click()
    dialog = window.dialog(shelf.title)
    for button in shelf.way:
        dialog.get_by_role("button", name=button).click()
    expect(dialog.get_by_text(shelf.breadcrumb)).to_be_visible()
    dialog.get_by_role("button", name=shelf.request).click()

    form = window.dialog(shelf.form)
    expect(form.get_by_label("Titre" if shelf.who == "camille" else "Title")).to_have_value(shelf.name)
    for question, answer in shelf.answers:
        form.get_by_role("radiogroup", name=question).get_by_label(answer).check()
    form.get_by_label(shelf.office).fill("B204")
    for label, option in shelf.choices:
        form.get_by_label(label).select_option(option)
    window.submit(form, shelf.save)

    window.channel(shelf.who)
    expect(window.message(shelf.received)).to_contain_text(shelf.name)
    window.channel("marc", "#dnum-postes")
    expect(page.get_by_role("article")).to_contain_text("27 pouces")
    ticket = desk.ticket()
    assert (ticket.kind, ticket.service_id) == (Kind.REQUEST, "second-ecran")


def test_a_refusal_asks_why_and_comes_back_to_the_technician(desk: Desk, window: Window) -> None:
    desk.person("camille").file_ticket("Écran noir")
    desk.person("karim").resolve("Câble remis.")
    window.channel("camille")
    window.press(window.message("Voici la solution."), "Ça ne marche toujours pas")
    form = window.dialog("n° 1")
    reason = form.get_by_label("Qu’est-ce qui ne marche toujours pas ?")
    form.get_by_role("button", name="Envoyer").click()
    expect(reason).to_have_attribute("aria-invalid", "true")
    reason.fill("Toujours noir.")
    window.submit(form, "Envoyer")
    expect(window.message("Vous avez refusé cette solution")).to_be_visible()

    window.channel("karim", TRIAGE)
    triage = window.message("Demandeur")
    expect(triage).to_contain_text("Toujours noir.")
    triage.get_by_role("link", name="1 réponse").click()
    thread = window.page.get_by_role("region", name="Fil dans #dnum-assistance")
    expect(thread).to_contain_text("Solution refusée par Camille Bernard")


def test_the_command_opens_the_form_with_its_words(window: Window) -> None:
    window.channel("camille")
    window.type_command("/ticket Plus de son")
    form = window.dialog("Ticket informatique")
    expect(form.get_by_label("Titre")).to_have_value("Plus de son")
    expect(form.get_by_label("Statut")).to_have_value("new")


def test_a_title_of_blanks_is_told_at_its_field(window: Window) -> None:
    window.channel("camille")
    window.type_command("/ticket")
    form = window.dialog("Ticket informatique")
    form.get_by_label("Titre").fill("   ")
    form.get_by_role("button", name="Enregistrer et fermer").click()
    expect(form.get_by_label("Titre")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Titre")).to_be_focused()


def test_a_database_that_fails_leaves_the_form_with_its_text(desk: Desk, window: Window) -> None:
    window.channel("camille")
    window.type_command("/ticket Plus de son")
    form = window.dialog("Ticket informatique")
    form.get_by_label("Description").fill("Depuis hier.")
    for label, option in (("Impact utilisateur", "Moi seul·e"), ("Urgence utilisateur", "Haute")):
        window.choose(form, label, option)
    form.get_by_label("Site").select_option("IUT")
    with desk.locked_database():
        form.get_by_role("button", name="Enregistrer et fermer").click()
        expect(form.get_by_text("Le centre d’aide ne peut rien enregistrer pour l’instant.")).to_be_visible()
    expect(form.get_by_label("Description")).to_have_value("Depuis hier.")
    window.submit(form, "Enregistrer et fermer")
    assert desk.ticket().description == "Depuis hier."


def test_a_click_that_comes_too_late_is_told_to_its_author_only(desk: Desk, window: Window) -> None:
    desk.person("camille").file_ticket("Écran noir")
    desk.person("karim").take()
    desk.person("lea").press("Je prends", TRIAGE, stale=True)
    window.channel("lea", TRIAGE)
    late = window.message("Trop tard. Pris par Karim Benali")
    expect(late).to_contain_text("Visible par vous uniquement")
    window.channel("karim", TRIAGE)
    expect(window.message("Demandeur")).to_be_visible()
    expect(late).to_have_count(0)


def test_tickets_are_read_from_the_home_and_back(desk: Desk, window: Window) -> None:
    desk.add_tickets("camille", 7)
    home = window.home("camille")
    home.get_by_role("button", name="Plus anciens").click()
    home.get_by_role("button", name="Ouvrir le n° 1").click()
    detail = window.dialog("n° 1")
    expect(detail.get_by_role("heading", name="Nouveau souci 1")).to_be_visible()
    expect(detail.get_by_role("button", name="Annuler ce ticket")).to_be_visible()
    detail.get_by_role("button", name="Fermer").last.click()
    expect(window.page.get_by_role("dialog")).to_have_count(0)
    expect(home.get_by_text("Nouveau souci 2")).to_be_visible()


def test_a_message_to_guichet_is_answered_with_buttons_that_work(window: Window) -> None:
    window.channel("camille")
    window.type_command("Bonjour ?")
    answer = window.message("Personne ne lit ce qui est écrit ici.")
    answer.get_by_role("button", name="Mes tickets").click()
    expect(window.dialog("Mes tickets")).to_contain_text("Aucun ticket en cours.")


def test_the_home_follows_a_ticket_while_it_is_looked_at(desk: Desk, window: Window) -> None:
    camille = desk.person("camille")
    camille.file_ticket("Écran noir")
    home = window.home("camille")
    expect(home).to_contain_text("n° 1 · Incident · Nouveau")
    desk.person("karim").take()
    expect(home).to_contain_text("n° 1 · Incident · En cours")
