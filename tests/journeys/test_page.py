"""Guichet by hand: what people do in the local Slack's page, in a browser, in French and in English."""

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from models.lifecycle import Ending, Kind, Priority, Status
from tests.support.browser import SlackPage
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.help_desk import TRIAGE, Desk

pytestmark = [pytest.mark.page, ON_SQLITE_ONLY]


class LocalizedText(NamedTuple):
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
    resolved_mail: str


FRENCH = LocalizedText(
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
    received="Nous avons bien reçu votre ticket.",
    asked="Voici la solution. Est-ce que cela marche chez vous ?",
    approve="C’est réparé, clore",
    approved="Vous avez approuvé cette solution : le ticket est clos.",
    subject="] Wi-Fi *B204* :tada:",
    resolved_mail="Une solution est proposée pour votre ticket.",
)
ENGLISH = LocalizedText(
    who="oliver",
    new_ticket="New IT ticket",
    form="IT ticket",
    title="Title",
    impact=("User impact", "My team or a room"),
    urgency=("User urgency", "Critical (work has stopped)"),
    priority="Resulting priority: Critical",
    site=("Site", "IUT (University Institute of Technology)"),
    description="Description",
    files="Attachments",
    remove="Remove capture.png",
    save="Save and close",
    received="We have received your ticket.",
    asked="Here is the solution. Does it work for you?",
    approve="It works, close",
    approved="You signed off this solution. The ticket is closed.",
    subject="] Wi-Fi *B204* :tada:",
    resolved_mail="We have proposed a solution for your ticket.",
)


@pytest.mark.parametrize("words", [FRENCH, ENGLISH], ids=["french", "english"])
def test_a_ticket_with_a_file_is_filed_taken_resolved_and_approved(
    desk: Desk, slack_page: SlackPage, tmp_path: Path, words: LocalizedText
) -> None:
    page = slack_page.page
    (tmp_path / "capture.png").write_bytes(b"\x89PNG\r\n\x1a\n")

    slack_page.home(words.who).get_by_role("button", name=words.new_ticket).click()
    form = slack_page.dialog(words.form)
    expect(form.get_by_label(words.title)).to_be_focused()
    form.get_by_label(words.title).fill("Wi-Fi *B204* :tada:")
    form.get_by_label(words.description).fill("Depuis <8 h>.\nTout le monde.")
    slack_page.choose(form, *words.impact)
    slack_page.choose(form, *words.urgency)
    expect(form.get_by_text(words.priority)).to_be_visible()
    expect(form.get_by_label(words.title)).to_have_value("Wi-Fi *B204* :tada:")
    form.get_by_label(words.site[0]).select_option(words.site[1])
    form.get_by_label(words.files).set_input_files(tmp_path / "capture.png")
    expect(form.get_by_role("button", name=words.remove)).to_be_visible()
    slack_page.submit(form, words.save)
    expect(page.get_by_role("main").get_by_text("Wi-Fi *B204* :tada:")).to_be_visible()

    slack_page.channel(words.who)
    card = slack_page.message(words.received)
    expect(card.get_by_role("heading", name="Wi-Fi *B204* :tada:")).to_be_visible()

    slack_page.channel("karim", TRIAGE)
    triage = slack_page.message("Demandeur")
    expect(triage.get_by_role("heading", name="Wi-Fi *B204* :tada:")).to_be_visible()
    expect(triage).to_contain_text("Depuis <8 h>.")
    expect(triage).to_contain_text("capture.png")
    slack_page.press(triage, "Je prends")
    expect(triage).to_contain_text("En charge : @Karim Benali")
    expect(triage.get_by_role("button", name="Je prends")).to_have_count(0)
    triage.get_by_role("button", name="Résoudre").click()
    solution = slack_page.dialog("Résoudre")
    solution.get_by_label("Solution").fill("Borne rallumée.")
    slack_page.submit(solution, "Résoudre")
    expect(triage).to_contain_text("Borne rallumée.")

    slack_page.channel(words.who)
    request = slack_page.message(words.asked)
    expect(request).to_contain_text("Borne rallumée.")
    slack_page.press(request, words.approve)
    answered = slack_page.message(words.approved)
    expect(answered).to_be_visible()
    expect(page.get_by_role("button", name=words.approve)).to_have_count(0)

    page.goto(f"/mail?as={words.who}")
    mails = page.get_by_role("link", name=words.subject)
    expect(mails).to_have_count(2)
    mails.first.click()  # the newest
    expect(page.get_by_text(words.resolved_mail)).to_be_visible()
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
def test_a_service_is_found_in_the_catalogue_and_requested(
    desk: Desk, slack_page: SlackPage, shelf: Shelf
) -> None:
    page = slack_page.page
    slack_page.home(shelf.who).get_by_role("button", name=shelf.catalogue).click()
    dialog = slack_page.dialog(shelf.title)
    for button in shelf.way:
        dialog.get_by_role("button", name=button).click()
    expect(dialog.get_by_text(shelf.breadcrumb)).to_be_visible()
    dialog.get_by_role("button", name=shelf.request).click()

    form = slack_page.dialog(shelf.form)
    expect(form.get_by_label("Titre" if shelf.who == "camille" else "Title")).to_have_value(shelf.name)
    for question, answer in shelf.answers:
        form.get_by_role("radiogroup", name=question).get_by_label(answer).check()
    form.get_by_label(shelf.office).fill("B204")
    for label, option in shelf.choices:
        form.get_by_label(label).select_option(option)
    slack_page.submit(form, shelf.save)

    slack_page.channel(shelf.who)
    expect(slack_page.message(shelf.received)).to_contain_text(shelf.name)
    slack_page.channel("marc", "#dnum-postes")
    expect(page.get_by_role("article")).to_contain_text("27 pouces")
    ticket = desk.ticket()
    assert (ticket.kind, ticket.service_id) == (Kind.REQUEST, "second-ecran")


def test_a_refusal_asks_why_and_comes_back_to_the_technician(desk: Desk, slack_page: SlackPage) -> None:
    desk.person("camille").file_ticket("Écran noir")
    desk.person("karim").resolve("Câble remis.")
    slack_page.channel("camille")
    slack_page.press(slack_page.message("Voici la solution."), "Ça ne marche toujours pas")
    form = slack_page.dialog("Refuser la solution")
    reason = form.get_by_label("Qu’est-ce qui ne marche toujours pas ?")
    form.get_by_role("button", name="Renvoyer au technicien").click()
    expect(reason).to_have_attribute("aria-invalid", "true")
    reason.fill("Toujours noir.")
    slack_page.submit(form, "Renvoyer au technicien")
    expect(slack_page.message("Vous avez refusé cette solution")).to_be_visible()

    slack_page.channel("karim", TRIAGE)
    triage = slack_page.message("Demandeur")
    expect(triage).to_contain_text("Toujours noir.")
    triage.get_by_role("link", name="1 réponse").click()
    thread = slack_page.page.get_by_role("region", name="Fil dans #dnum-assistance")
    expect(thread).to_contain_text("Solution refusée par Camille Bernard")


def test_the_command_opens_the_form_with_its_words(slack_page: SlackPage) -> None:
    slack_page.channel("camille")
    slack_page.type_command("/ticket Plus de son")
    form = slack_page.dialog("Ticket informatique")
    expect(form.get_by_label("Titre")).to_have_value("Plus de son")
    expect(form.get_by_label("Statut")).to_have_value("new")


def test_a_title_of_blanks_is_told_at_its_field(slack_page: SlackPage) -> None:
    slack_page.channel("camille")
    slack_page.type_command("/ticket")
    form = slack_page.dialog("Ticket informatique")
    form.get_by_label("Titre").fill("   ")
    form.get_by_role("button", name="Enregistrer et fermer").click()
    expect(form.get_by_label("Titre")).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Titre")).to_be_focused()


def test_a_database_that_fails_leaves_the_form_with_its_text(desk: Desk, slack_page: SlackPage) -> None:
    slack_page.channel("camille")
    slack_page.type_command("/ticket Plus de son")
    form = slack_page.dialog("Ticket informatique")
    form.get_by_label("Description").fill("Depuis hier.")
    for label, option in (("Impact utilisateur", "Moi seul·e"), ("Urgence utilisateur", "Haute")):
        slack_page.choose(form, label, option)
    form.get_by_label("Site").select_option("IUT")
    with desk.locked_database():
        form.get_by_role("button", name="Enregistrer et fermer").click()
        expect(form.get_by_text("Le centre d’aide ne peut rien enregistrer pour l’instant.")).to_be_visible()
    expect(form.get_by_label("Description")).to_have_value("Depuis hier.")
    slack_page.submit(form, "Enregistrer et fermer")
    assert desk.ticket().description == "Depuis hier."


def test_a_click_that_comes_too_late_is_told_to_its_author_only(desk: Desk, slack_page: SlackPage) -> None:
    desk.person("camille").file_ticket("Écran noir")
    desk.person("karim").take()
    desk.person("lea").press("Je prends", TRIAGE, stale=True)
    slack_page.channel("lea", TRIAGE)
    late = slack_page.message("Trop tard. Pris par Karim Benali")
    expect(late).to_contain_text("Visible par vous uniquement")
    slack_page.channel("karim", TRIAGE)
    expect(slack_page.message("Demandeur")).to_be_visible()
    expect(late).to_have_count(0)


def test_tickets_are_read_from_the_home_and_back(desk: Desk, slack_page: SlackPage) -> None:
    desk.add_tickets("camille", 7)
    home = slack_page.home("camille")
    home.get_by_role("button", name="Plus anciens").click()
    home.get_by_role("button", name="Ouvrir le n° 1").click()
    detail = slack_page.dialog("n° 1")
    expect(detail.get_by_role("heading", name="Nouveau souci 1")).to_be_visible()
    expect(detail.get_by_role("button", name="Annuler ce ticket")).to_be_visible()
    detail.get_by_role("button", name="Fermer").last.click()
    expect(slack_page.page.get_by_role("dialog")).to_have_count(0)
    expect(home.get_by_text("Nouveau souci 2")).to_be_visible()


def test_a_message_to_guichet_is_answered_with_buttons_that_work(desk: Desk, slack_page: SlackPage) -> None:
    slack_page.channel("camille")
    slack_page.type_command("Bonjour ?")
    expect(slack_page.message("Bonjour ?")).to_be_visible()
    while not desk.undelivered():  # Slack tells the bot of the message
        slack_page.page.wait_for_timeout(20)
    desk.ahead += timedelta(seconds=8)
    desk.deliver()
    answer = slack_page.message("Comment pouvons-nous vous aider ?")
    answer.get_by_role("button", name="Mes tickets").click()
    expect(slack_page.dialog("Mes tickets")).to_contain_text("Aucun ticket en cours.")


def test_the_home_follows_a_ticket_while_it_is_looked_at(desk: Desk, slack_page: SlackPage) -> None:
    camille = desk.person("camille")
    camille.file_ticket("Écran noir")
    home = slack_page.home("camille")
    expect(home).to_contain_text("Incident · Nouveau")
    desk.person("karim").take()
    expect(home).to_contain_text("Incident · En cours")
