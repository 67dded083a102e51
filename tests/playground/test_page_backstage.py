"""The page's backstage, and what a message's menu does with it."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from playground.page.backstage.forms import SECTIONS
from playground.page.text.translations import TABLE
from playground.testing import Playground
from tests.support.browser import open_page

pytestmark = pytest.mark.page
FORMS = [form for forms in SECTIONS.values() for form in forms]


@pytest.fixture
def page(browser: Browser, playground: Playground) -> Iterator[Page]:
    with open_page(browser, playground.base_url) as page:
        yield page


def do(page: Page, form: str, **fields: str) -> None:
    """Fill one of the forms in, by the names of its fields, and send it."""
    card = page.locator(f"#bs-{form}")
    for name, value in fields.items():
        field = card.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    card.get_by_role("button").click()


@pytest.mark.parametrize(("button", "least"), [("+ 1 heure", 3600), ("Prochaine ouverture", 1)])
def test_a_button_moves_time_on(playground: Playground, page: Page, button: str, least: int) -> None:
    page.goto("/backstage?as=camille")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Fait : avancer le temps")).to_be_visible()
    assert playground.clock.offset >= least


def test_a_week_passes_on_every_page_until_it_is_stopped(playground: Playground, page: Page) -> None:
    page.goto("/backstage?as=oliver")
    page.get_by_role("button", name="+1 week").click()
    expect(page.get_by_text("Time is passing, until ")).to_be_visible()
    page.goto("/?as=oliver&channel=general")
    time = page.locator("#bar-clock time")
    before = time.inner_text()
    expect(time).not_to_have_text(before)
    page.get_by_role("button", name="Stop time").click()
    expect(page.get_by_role("button", name="Stop time")).to_have_count(0)
    assert 0 < playground.clock.offset < 7 * 86_400
    assert playground.slack.passing.until is None


@pytest.mark.parametrize("width", [400, 730, 1000])
def test_the_passing_time_fits_into_narrow_windows(playground: Playground, page: Page, width: int) -> None:
    playground.control.post("clock", advance=3600)
    playground.control.post("pass_time", seconds=86_400, pace=60)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/?as=camille&channel=general")
    expect(page.get_by_role("heading", name="general")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_another_app_posts_a_message(playground: Playground, page: Page) -> None:
    page.goto("/backstage?as=oliver")
    do(page, "app_message", text="disk full")
    expect(page.get_by_text("Done: Message from another app")).to_be_visible()
    page.goto("/?as=oliver&channel=general")
    expect(page.get_by_text("disk full")).to_be_visible()
    expect(page.get_by_text("supervision")).to_be_visible()


def test_a_method_is_made_to_fail(playground: Playground, page: Page) -> None:
    page.goto("/backstage?as=camille")
    do(page, "faults", method="chat.update", error="update_failed")
    expect(page.get_by_text("Fait : Panne ou lenteur d’une méthode")).to_be_visible()
    fault = playground.slack.faults.take("chat.update")
    assert fault is not None
    assert fault.error == "update_failed"


def test_somebody_is_deactivated_and_a_channel_moves(playground: Playground, page: Page) -> None:
    old = playground.slack.workspace.channel("general")
    assert old is not None
    before = old.id
    page.goto("/backstage?as=karim")
    do(page, "person", user="camille", change="bs_deactivate")
    expect(page.get_by_text("Fait : Changer une personne")).to_be_visible()
    do(page, "channel", channel=before, change="bs_new_id")
    expect(page.get_by_text("Fait : Changer un canal")).to_be_visible()
    moved = playground.slack.workspace.channel("general")
    assert moved is not None
    assert moved.id != before
    page.goto("/?as=karim")
    expect(page.get_by_label("Voir comme").get_by_role("option", name="Camille Bernard")).to_have_count(0)


def test_a_refused_call_is_shown(page: Page) -> None:
    page.goto("/backstage?as=camille")
    do(page, "repeat")
    expect(page.get_by_text("Refusé : no such event has reached the app")).to_be_visible()


@pytest.mark.parametrize("form", FORMS, ids=[form.key for form in FORMS])
def test_every_form_is_processed(page: Page, form: object) -> None:
    """A form sent without changes is carried out or refused, without a server error."""
    key = form.key  # type: ignore[attr-defined]
    page.goto("/backstage?as=camille")
    with page.expect_response(lambda response: f"/backstage/{key}" in response.url) as sent:
        do(page, key)
    assert sent.value.status == 303
    expect(page.get_by_text(re.compile("^(Fait|Refusé|Done|Refused) ?: "))).to_be_visible()


def test_a_message_is_forwarded_from_its_menu(playground: Playground, page: Page) -> None:
    playground.control.post("message", user="karim", channel="#general", text="prenez X14")
    page.goto("/?as=camille&channel=general")
    message = page.get_by_role("article").filter(has_text="prenez X14")
    message.hover()
    message.get_by_role("button", name="Autres actions").click()
    page.get_by_role("button", name="Transférer le message").click()
    dialog = page.get_by_role("dialog", name="Transférer le message")
    dialog.get_by_label("Vers").select_option("@guichet")
    dialog.get_by_label("Commentaire (facultatif)").fill("regardez")
    dialog.get_by_role("button", name="Transférer").click()
    expect(dialog).to_be_hidden()
    page.goto("/?as=camille&app=home")
    page.get_by_role("link", name="guichet", exact=True).click()
    expect(page.get_by_text("regardez")).to_be_visible()
    expect(page.get_by_text("prenez X14")).to_be_visible()


def test_me_and_a_links_preview_and_a_file_taken_out(playground: Playground, page: Page) -> None:
    page.goto("/?as=camille&channel=general")
    page.get_by_label("Écrire à #general").fill("/me redémarre")
    page.keyboard.press("Enter")
    expect(page.locator(".message.me")).to_contain_text("redémarre")
    file = {"name": "releve.txt", "content_base64": "YQ=="}
    text = "voir https://wiki.univ.example/wifi"
    playground.control.post("message", user="camille", channel="#general", text=text, files=[file])
    message = page.get_by_role("article").filter(has_text="voir https")
    for action, shown in (("Afficher l’aperçu du lien", "wifi"), ("Retirer releve.txt", "voir https")):
        message.hover()
        message.get_by_role("button", name="Autres actions").click()
        page.get_by_role("button", name=action).click()
        expect(message).to_contain_text(shown)
    expect(message.get_by_text("releve.txt")).to_have_count(0)
    expect(message.locator(".attachment")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_the_backstage_is_accessible_and_fits(page: Page, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/backstage?as=camille")
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_word_of_a_form_is_in_the_table() -> None:
    keys = {f"bs_{form.key}" for form in FORMS} | set(SECTIONS)
    for field in (field for form in FORMS for field in form.fields):
        keys |= {field.label, *(field.options if field.kind == "choice" else ())}
    assert keys <= TABLE.keys()
