"""Everybody can use the help desk: axe-core finds nothing on its screens, light or dark, wide or narrow."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.support.browser import SlackPage
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.help_desk import TRIAGE, Desk

pytestmark = [pytest.mark.page, ON_SQLITE_ONLY]

WCAG_2_1_AA = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "resultTypes": ["violations"],
    "preload": False,  # no rule of these needs the style sheets' sources
}


class Look(NamedTuple):
    """A colour scheme on a screen of some size."""

    scheme: Any
    width: int
    height: int


LOOKS = (Look("light", 1280, 800), Look("dark", 400, 800))


def problems(page: Page) -> list[str]:
    """What axe-core finds, a line for each element: the rule, where, and what is wrong."""
    violations = Axe().run(page, options=WCAG_2_1_AA).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['html']}: {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]


# -- the screens -----------------------------------------------------------------------------------------


def cards(desk: Desk, slack_page: SlackPage) -> None:
    """The team's channel: a new card, a solved one, and one that was seen too late; the actions of a card."""
    desk.person("camille").file_ticket("Écran noir", Description="Depuis *ce matin*.")
    desk.person("karim").resolve("Câble remis.")
    desk.person("oliver").file_ticket("No sound")
    desk.person("lea").press("Je prends", TRIAGE)
    desk.person("karim").press("Je prends", TRIAGE, stale=True)
    slack_page.channel("karim", TRIAGE)
    expect(slack_page.message("Trop tard.")).to_be_visible()
    slack_page.message("Écran noir").hover()


def thread(desk: Desk, slack_page: SlackPage) -> None:
    """A card and the thread under it."""
    desk.person("camille").file_ticket("Écran noir")
    desk.person("karim").resolve("Câble remis.")
    desk.person("camille").press("Ça ne marche toujours pas", "@guichet")
    desk.person("camille").submit({"Qu’est-ce qui ne marche toujours pas ?": "Toujours noir."})
    slack_page.channel("karim", TRIAGE)
    slack_page.message("Demandeur").get_by_role("link", name="réponse").click()
    expect(slack_page.page.get_by_role("region", name="Fil dans #dnum-assistance")).to_be_visible()


def ticket_form_with_errors(_desk: Desk, slack_page: SlackPage) -> None:
    """The ticket form, sent while it is empty."""
    slack_page.channel("camille")
    slack_page.type_command("/ticket")
    form = slack_page.dialog("Ticket informatique")
    form.get_by_role("button", name="Enregistrer et fermer").click()
    expect(form.get_by_label("Titre")).to_have_attribute("aria-invalid", "true")


def catalogue_page(_desk: Desk, slack_page: SlackPage) -> None:
    """A group of the catalogue."""
    slack_page.home("camille").get_by_role("button", name="Catalogue des Services Numériques").click()
    dialog = slack_page.dialog("Catalogue de services")
    dialog.get_by_role("button", name="Ouvrir le groupe Achat").click()
    expect(dialog.get_by_role("button", name="Ouvrir le groupe Matériel")).to_be_visible()


def service_form(_desk: Desk, slack_page: SlackPage) -> None:
    """A service's own questions."""
    slack_page.channel("camille")
    slack_page.type_command("/catalogue Second écran")
    dialog = slack_page.dialog("Catalogue de services")
    dialog.get_by_role("button", name="Ouvrir le service Second écran").click()
    dialog.get_by_role("button", name="Demander un service").click()
    expect(slack_page.dialog("Demande de service").get_by_role("radiogroup", name="Taille")).to_be_visible()


def home(desk: Desk, slack_page: SlackPage) -> None:
    """The App Home, with enough tickets for a second page."""
    desk.add_tickets("camille", 7)
    expect(slack_page.home("camille").get_by_role("button", name="Plus anciens")).to_be_visible()


def approval(desk: Desk, slack_page: SlackPage) -> None:
    """The direct message that asks for an approval, after one that was given."""
    for title in ("Écran noir", "Plus de son"):
        desk.person("camille").file_ticket(title)
        desk.person("karim").resolve("Câble remis.")
        if title == "Écran noir":
            desk.person("camille").press("C'est réparé, clore", "@guichet")
    slack_page.channel("camille")
    expect(slack_page.page.get_by_role("button", name="C’est réparé, clore")).to_be_visible()


def mailbox(desk: Desk, slack_page: SlackPage) -> None:
    """The mailbox, with an e-mail open."""
    desk.person("camille").file_ticket("Écran noir")
    slack_page.mail(1)
    expect(slack_page.page.get_by_role("heading", name="[n° 1 · Reçu] Écran noir")).to_be_visible()


def letter(desk: Desk, slack_page: SlackPage) -> None:
    """An e-mail's HTML, as its reader gets it."""
    desk.person("camille").file_ticket("Écran noir")
    slack_page.page.set_content(
        desk.mails()[0]["html"]
    )  # its own page lets no script run, axe-core's neither
    expect(slack_page.page.get_by_role("heading", name="Écran noir")).to_be_visible()


def log(desk: Desk, slack_page: SlackPage) -> None:
    """The log, with a call open."""
    desk.person("camille").file_ticket("Écran noir")
    slack_page.page.goto("/log?as=camille")
    slack_page.page.get_by_role("main").locator("summary").first.click()
    expect(slack_page.page.locator("pre").first).to_be_visible()


SCREENS = (
    cards,
    thread,
    ticket_form_with_errors,
    catalogue_page,
    service_form,
    home,
    approval,
    mailbox,
    letter,
    log,
)


# -- the checks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("open_screen", SCREENS, ids=lambda screen: screen.__name__)
def test_nobody_is_kept_out_of(
    desk: Desk, slack_page: SlackPage, open_screen: Callable[[Desk, SlackPage], None]
) -> None:
    open_screen(desk, slack_page)
    found = []
    for look in LOOKS:
        slack_page.page.emulate_media(color_scheme=look.scheme)
        slack_page.page.set_viewport_size({"width": look.width, "height": look.height})
        found += [f"{look.scheme}, {look.width} px: {problem}" for problem in problems(slack_page.page)]
    assert not found, "\n\n".join(found)


def test_the_check_finds_what_keeps_people_out(slack_page: SlackPage) -> None:
    home = slack_page.home("camille")
    expect(home).to_contain_text("Comment ça marche")  # once it is shown, it is not updated again
    slack_page.page.locator("h1").evaluate("title => title.style.color = '#bbbbbb'")
    slack_page.page.get_by_label("Voir comme").evaluate("menu => menu.labels[0].remove()")
    assert sorted(line.split(":")[0] for line in problems(slack_page.page)) == [
        "color-contrast",
        "select-name",
    ]
