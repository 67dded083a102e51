"""The playground's page in a browser, with a small app on the other side."""

import re
import smtplib
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from playground.testing import Control, Playground
from tests.playground.page_app import MANIFEST, Counterpart, card, mrkdwn, plain
from tests.playground.page_app import form as form_view
from tests.support.browser import open_page
from tests.support.help_desk import TIMEOUT

pytestmark = pytest.mark.page


@pytest.fixture(scope="module")
def slack() -> Iterator[Playground]:
    with Playground(MANIFEST, ack_seconds=TIMEOUT) as playground:
        yield playground


@pytest.fixture(scope="module")
def connected(slack: Playground) -> Iterator[Counterpart]:
    with Counterpart(slack) as counterpart:
        yield counterpart


@pytest.fixture
def app(slack: Playground, connected: Counterpart) -> Counterpart:
    """The app, with a workspace where nothing has happened yet."""
    slack.reset()
    connected.seen.clear()
    connected.answer = {}
    return connected


@pytest.fixture
def page(browser: Browser, slack: Playground) -> Iterator[Page]:
    """A page of 1280 by 800; an error of its scripts fails the test."""
    with open_page(browser, slack.base_url) as page:
        yield page


def channel_id(slack: Playground, name: str) -> str:
    channel = slack.slack.workspace.channel(name)
    assert channel is not None
    return channel.id


def person_id(slack: Playground, name: str) -> str:
    person = slack.slack.workspace.person(name)
    assert person is not None
    return person.id


def direct_message(slack: Playground, name: str) -> str:
    return str(slack.slack.workspace.direct_message(person_id(slack, name)).id)


def write(slack: Playground, who: str, text: str) -> None:
    """Somebody else writes in #general."""
    with closing(Control(slack.base_url)) as control:
        assert control.post("message", user=who, channel="#general", text=text)["ok"]


def open_home(page: Page, who: str = "camille") -> None:
    page.goto(f"/?as={who}&app=home")
    expect(page.get_by_role("heading", name="Bonjour, que pouvons-nous faire ?")).to_be_visible()


def open_form(page: Page) -> Locator:
    """The modal with every kind of input, opened from the App Home."""
    open_home(page)
    page.get_by_role("button", name="Nouveau Ticket Informatique").click()
    dialog = page.get_by_role("dialog", name="Ticket informatique")
    expect(dialog).to_be_visible()
    return dialog


def fill_required(form: Locator) -> None:
    form.get_by_label("Titre").fill("Plus de wifi")
    form.get_by_label("Site").select_option("Clignancourt")
    form.get_by_label("Impact").select_option("Fort")
    # The app updates the form: the errors of an earlier submission would be overwritten.
    expect(form.get_by_text("à calculer")).to_have_count(0)


def submit(form: Locator) -> None:
    form.get_by_role("button", name="Enregistrer et fermer").click()


def values(app: Counterpart) -> dict[str, Any]:
    """What the last submission held, by block_id."""
    state = app.last("view_submission")["view"]["state"]["values"]
    return {block_id: actions["value"] for block_id, actions in state.items()}


# -- the workspace ---------------------------------------------------------------------------------------


def test_each_person_sees_their_own_channels(app: Counterpart, page: Page) -> None:
    page.goto("/?as=camille")
    sidebar = page.get_by_role("navigation", name="Conversations")
    expect(sidebar.get_by_role("link", name="general")).to_be_visible()
    expect(sidebar.get_by_role("link", name="guichet", exact=True)).to_be_visible()
    expect(sidebar.get_by_role("link", name="dnum-assistance")).to_have_count(0)
    page.get_by_label("Voir comme").select_option("Karim Benali")
    expect(sidebar.get_by_role("link", name="dnum-assistance (Canal privé)")).to_be_visible()


def test_a_channel_one_is_not_in_stays_closed(slack: Playground, app: Counterpart, page: Page) -> None:
    channel = channel_id(slack, "dnum-assistance")
    app.client.chat_postMessage(channel=channel, text="secret")
    page.goto(f"/?as=camille&channel={channel}")
    expect(page.get_by_text("Camille Bernard ne voit pas cette conversation.")).to_be_visible()
    expect(page.get_by_text("secret")).to_have_count(0)
    expect(page.get_by_text("dnum-assistance")).to_have_count(0)


def test_the_page_speaks_its_readers_language(app: Counterpart, page: Page) -> None:
    page.goto("/?as=oliver")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Direct messages")).to_be_visible()


def test_a_message_arrives_by_itself_and_disturbs_nothing(
    slack: Playground, app: Counterpart, page: Page
) -> None:
    page.goto("/?as=camille&channel=general")
    composer = page.get_by_label("Écrire à #general")
    composer.press_sequentially("je suis en train d’écr")
    write(slack, "lea", "Bonjour à tous")
    expect(page.get_by_role("article", name="Message de Léa Martin")).to_contain_text("Bonjour à tous")
    expect(page.locator("[aria-live=polite]")).to_have_text("Léa Martin : Bonjour à tous")
    expect(composer).to_be_focused()
    expect(composer).to_have_value("je suis en train d’écr")


def test_unread_messages_are_counted_until_they_are_seen(
    slack: Playground, app: Counterpart, page: Page
) -> None:
    open_home(page)
    write(slack, "lea", "un")
    write(slack, "lea", "deux")
    unread = page.get_by_role("link", name="general (2 non lus)")
    unread.click()
    expect(page.get_by_text("deux", exact=True)).to_be_visible()
    expect(unread).to_have_count(0)


def test_what_is_written_is_shown_as_written(slack: Playground, app: Counterpart, page: Page) -> None:
    page.goto("/?as=camille&channel=general")
    page.get_by_label("Écrire à #general").fill("<img src=x onerror=alert(1)> & <b>gras</b>\nligne 2")
    page.keyboard.press("Enter")
    message = page.get_by_role("article", name="Message de Camille Bernard")
    expect(message).to_contain_text("<img src=x onerror=alert(1)> & <b>gras</b>")
    expect(page.get_by_label("Écrire à #general")).to_have_value("")


def test_a_window_made_smaller_goes_on_showing_the_last_message(
    slack: Playground, app: Counterpart, page: Page
) -> None:
    for number in range(1, 9):
        write(slack, "lea", f"{number} " + "mot " * 80)
    page.goto("/?as=camille&channel=general")
    last = page.get_by_role("article").filter(has_text="8 mot")
    expect(last).to_be_in_viewport(ratio=0.9)
    page.set_viewport_size({"width": 400, "height": 600})
    expect(last).to_be_in_viewport(ratio=0.9)
    page.get_by_role("article").first.scroll_into_view_if_needed()
    expect(last).not_to_be_in_viewport()
    page.set_viewport_size({"width": 400, "height": 500})
    expect(last).not_to_be_in_viewport()


def test_a_thread_opens_beside_the_channel(slack: Playground, app: Counterpart, page: Page) -> None:
    write(slack, "lea", "Qui vient ?")
    page.goto("/?as=camille&channel=general")
    page.get_by_role("article", name="Léa Martin").hover()
    page.get_by_role("link", name="Répondre dans le fil").click()
    thread = page.get_by_role("complementary", name="Fil")
    expect(thread.get_by_label("Répondre…")).to_be_focused()
    thread.get_by_label("Répondre…").fill("Moi")
    thread.get_by_role("button", name="Envoyer").click()
    expect(thread.get_by_role("article", name="Camille Bernard")).to_contain_text("Moi")
    expect(page.get_by_role("main").get_by_role("link", name="1 réponse")).to_be_visible()
    thread.get_by_role("link", name="Fermer le fil").click()
    expect(thread).to_have_count(0)


def test_what_is_not_sent_yet_waits_in_its_channel(app: Counterpart, page: Page) -> None:
    page.goto("/?as=camille&channel=general")
    page.get_by_label("Écrire à #general").fill("un brouillon")
    page.get_by_role("link", name="annonces").click()
    expect(page.get_by_label("Écrire à #annonces")).to_have_value("")
    page.get_by_role("link", name="general").click()
    expect(page.get_by_label("Écrire à #general")).to_have_value("un brouillon")


def test_an_address_that_leads_nowhere_says_so(app: Counterpart, page: Page) -> None:
    for path in ("/?as=camille&channel=CNOWHERE", "/mail/42?as=camille"):
        response = page.goto(path)
        assert response is not None
        assert response.status == 404
        expect(page.get_by_role("heading", name="Cette page n’existe pas.")).to_be_visible()


def test_an_ephemeral_message_is_seen_by_one_person(slack: Playground, app: Counterpart, page: Page) -> None:
    channel = channel_id(slack, "dnum-assistance")
    app.client.chat_postEphemeral(channel=channel, user=person_id(slack, "karim"), text="Pris par Léa")
    page.goto(f"/?as=karim&channel={channel}")
    expect(page.get_by_text("Visible par vous uniquement")).to_be_visible()
    page.goto(f"/?as=lea&channel={channel}")
    expect(page.get_by_text("Pris par Léa")).to_have_count(0)


def test_files_are_shared_and_downloaded(
    slack: Playground, app: Counterpart, page: Page, tmp_path: Path
) -> None:
    (tmp_path / "journal.txt").write_text("erreur 42")
    (tmp_path / "a.txt").write_text("a")
    page.goto("/?as=camille&channel=general")
    page.get_by_label("Joindre des fichiers").set_input_files([tmp_path / "journal.txt", tmp_path / "a.txt"])
    expect(page.get_by_role("button", name="Retirer journal.txt")).to_be_visible()
    page.get_by_role("button", name="Envoyer").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger journal.txt").click()
    assert download.value.path().read_text() == "erreur 42"
    expect(page.get_by_text("9 octets")).to_be_visible()
    expect(page.get_by_text("1 octet", exact=True)).to_be_visible()


# -- threads, and messages of one's own -------------------------------------------------------------------


def open_thread(slack: Playground, app: Counterpart, page: Page, **message: Any) -> tuple[Locator, str]:
    """The thread of a message of the app to camille, and that message's ts."""
    channel = direct_message(slack, "camille")
    root = str(app.client.chat_postMessage(channel=channel, **{"text": "n° 1042"} | message)["ts"])
    page.goto(f"/?as=camille&channel={channel}&thread={root}")
    return page.get_by_role("complementary", name="Fil"), root


def reply(thread: Locator, text: str) -> Locator:
    """Camille writes in the thread; her only message there."""
    thread.get_by_label("Répondre…").fill(text)
    thread.get_by_role("button", name="Envoyer").click()
    mine = thread.get_by_role("article", name="Camille Bernard")
    expect(mine).to_be_visible()
    return mine


def choose_action(message: Locator, name: str) -> None:
    """Open a message's menu and choose, all by keyboard."""
    message.get_by_role("button", name="Autres actions").focus()
    message.page.keyboard.press("Enter")
    item = message.get_by_role("button", name=name)
    for _ in range(5):
        if item.evaluate("item => item === document.activeElement"):
            break
        message.page.keyboard.press("ArrowDown")
    message.page.keyboard.press("Enter")


def test_a_file_is_sent_in_a_thread(slack: Playground, app: Counterpart, page: Page, tmp_path: Path) -> None:
    (tmp_path / "journal.txt").write_text("erreur 42")
    thread, root = open_thread(slack, app, page)
    thread.get_by_label("Joindre des fichiers").set_input_files(tmp_path / "journal.txt")
    expect(thread.get_by_role("button", name="Retirer journal.txt")).to_be_visible()
    mine = reply(thread, "le journal")
    expect(mine.get_by_role("link", name="Télécharger journal.txt")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="1 réponse")).to_be_visible()
    event = app.heard("file_share")
    assert (event["thread_ts"], event["files"][0]["name"]) == (root, "journal.txt")


def test_ones_own_message_is_changed_by_keyboard(slack: Playground, app: Counterpart, page: Page) -> None:
    thread, root = open_thread(slack, app, page)
    mine = reply(thread, "voir @lea & https://univ.example")
    choose_action(mine, "Modifier le message")
    dialog = page.get_by_role("dialog", name="Modifier le message")
    text = dialog.get_by_label("Texte du message")
    expect(text).to_be_focused()
    expect(text).to_have_value("voir @lea & https://univ.example")
    text.fill("c’est réparé")
    text.press("Enter")
    expect(dialog).to_have_count(0)
    changed = thread.get_by_role("article").filter(has_text="c’est réparé (modifié)")
    expect(changed.get_by_role("button", name="Autres actions")).to_be_focused()
    event = app.heard("message_changed")
    assert (event["message"]["text"], event["message"]["thread_ts"]) == ("c’est réparé", root)


def test_an_impossible_edit_is_refused_at_its_input(slack: Playground, app: Counterpart, page: Page) -> None:
    thread, _ = open_thread(slack, app, page)
    choose_action(reply(thread, "Bonjour"), "Modifier le message")
    dialog = page.get_by_role("dialog", name="Modifier le message")
    for text, words in (("", "Ce message est vide."), ("x" * 12_001, "Ce message est trop long")):
        dialog.get_by_label("Texte du message").fill(text)
        dialog.get_by_role("button", name="Enregistrer").click()
        expect(dialog.get_by_role("alert")).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(thread.get_by_role("article").filter(has_text="Bonjour")).to_be_visible()


def test_a_message_that_is_too_long_is_refused_and_kept(app: Counterpart, page: Page) -> None:
    page.goto("/?as=oliver&channel=general")
    composer = page.get_by_label("Message #general")
    composer.fill("x" * 12_001)
    composer.press("Enter")
    expect(page.get_by_text("This message is too long: 12,000 characters at most.")).to_be_visible()
    expect(composer).to_have_value("x" * 12_001)


def test_ones_own_message_is_deleted_once_that_is_confirmed(
    slack: Playground, app: Counterpart, page: Page
) -> None:
    thread, _ = open_thread(slack, app, page)
    mine = reply(thread, "Bonjour")
    question = page.get_by_role("dialog", name="Supprimer ce message")
    choose_action(mine, "Supprimer le message")
    question.get_by_role("button", name="Annuler").click()
    expect(mine.get_by_role("button", name="Autres actions")).to_be_focused()
    choose_action(mine, "Supprimer le message")
    question.get_by_role("button", name="Supprimer").click()
    expect(mine).to_have_count(0)
    expect(page.get_by_role("region", name="Fil dans @guichet")).to_be_focused()
    assert app.heard("message_deleted")["previous_message"]["text"] == "Bonjour"


def test_a_deleted_root_leaves_its_place_to_its_thread(
    slack: Playground, app: Counterpart, page: Page
) -> None:
    write(slack, "oliver", "The wifi is down")
    channel = channel_id(slack, "general")
    (root,) = slack.slack.workspace.channels[channel].messages
    app.client.chat_postMessage(channel=channel, text="Which one?", thread_ts=root)
    page.goto(f"/?as=oliver&channel={channel}")
    message = page.get_by_role("article")
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Delete message").click()
    page.get_by_role("dialog", name="Delete this message?").get_by_role("button", name="Delete").click()
    expect(message).to_contain_text("This message was deleted.")
    expect(message).not_to_contain_text("Oliver")
    expect(message.get_by_role("button", name="More actions")).to_have_count(0)
    message.get_by_role("link", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("article").filter(has_text="Which one?")).to_be_visible()
    expect(thread.get_by_label("Reply…")).to_be_visible()


def test_the_messages_of_others_are_theirs(slack: Playground, app: Counterpart, page: Page) -> None:
    write(slack, "lea", "Bonjour")
    page.goto("/?as=camille&channel=general")
    page.get_by_role("article").hover()
    page.get_by_role("button", name="Autres actions").click()
    expect(page.get_by_role("button", name="En faire un ticket")).to_be_visible()
    expect(page.get_by_role("button", name="Supprimer le message")).to_have_count(0)


def test_a_shortcut_runs_on_any_message_of_a_thread(slack: Playground, app: Counterpart, page: Page) -> None:
    thread, root = open_thread(slack, app, page)
    reply(thread, "Bonjour")
    for words in ("n° 1042", "Bonjour"):
        choose_action(thread.get_by_role("article").filter(has_text=words), "En faire un ticket")
        expect(page.get_by_role("dialog", name="Ticket informatique")).to_be_visible()
        sent = app.last("message_action")["message"]
        assert (sent["text"], sent["thread_ts"]) == (words, root)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_replies_of_the_app_are_unread_until_one_comes(
    slack: Playground, app: Counterpart, page: Page
) -> None:
    channel = direct_message(slack, "camille")
    root = app.client.chat_postMessage(channel=channel, text="n° 1042")["ts"]
    open_home(page)
    for text in ("Lequel ?", "Et où ?"):
        app.client.chat_postMessage(channel=channel, text=text, thread_ts=root)
    entry = page.get_by_role("link", name="guichet (3 non lus)")
    entry.click()
    expect(page.get_by_role("link", name="2 réponses")).to_be_visible()
    expect(entry).to_have_count(0)


def test_menus_of_a_card_in_a_thread_tell_the_app(slack: Playground, app: Counterpart, page: Page) -> None:
    thread, root = open_thread(slack, app, page, blocks=card())
    thread.get_by_role("button", name="Autres choix").click()
    with page.expect_response("**/page/press"):
        thread.get_by_role("button", name="Doublon").click()
    assert app.last("block_actions")["actions"][0]["selected_option"]["text"]["text"] == "Doublon"
    with page.expect_response("**/page/press"):
        thread.get_by_label("Attribué à").select_option("Léa Martin")
    body = app.last("block_actions")
    assert body["actions"][0]["selected_user"] == person_id(slack, "lea")
    assert body["container"]["message_ts"] == root
    expect(page.get_by_role("main").get_by_label("Attribué à")).to_have_value(person_id(slack, "lea"))


# -- ways into the app -----------------------------------------------------------------------------------


def test_the_composer_knows_the_commands(app: Counterpart, page: Page) -> None:
    page.goto("/?as=camille&channel=general")
    composer = page.get_by_label("Écrire à #general")
    composer.press_sequentially("/ti")
    expect(page.get_by_role("option", name="/ticket [titre] Ouvrir un ticket")).to_be_visible()
    composer.press("Tab")
    expect(composer).to_have_value("/ticket ")
    composer.press_sequentially("Plus de wifi")
    composer.press("Enter")
    expect(page.get_by_role("dialog", name="Ticket informatique")).to_be_visible()
    assert app.last("command")["text"] == "Plus de wifi"


def test_a_commands_reply_is_for_its_author(app: Counterpart, page: Page) -> None:
    page.goto("/?as=camille&channel=general")
    page.get_by_label("Écrire à #general").fill("/catalogue")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Visible par vous uniquement")).to_be_visible()
    expect(page.get_by_text("Le catalogue est vide.").locator("strong")).to_have_text("vide")


def test_an_unknown_command_is_refused_and_kept(app: Counterpart, page: Page) -> None:
    page.goto("/?as=camille&channel=general")
    page.get_by_label("Écrire à #general").fill("/inconnue texte")
    page.keyboard.press("Enter")
    expect(page.get_by_text("/inconnue n’est pas une commande valide.")).to_be_visible()
    expect(page.get_by_label("Écrire à #general")).to_have_value("/inconnue texte")
    page.get_by_role("button", name="Fermer l’avis").click()
    expect(page.get_by_text("/inconnue n’est pas une commande valide.")).to_have_count(0)


def test_an_app_that_is_late_is_said_to_be(
    slack: Playground, app: Counterpart, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack.slack.delivery.transport, "ack_seconds", 0.2)  # instead of 3 s
    page.goto("/?as=camille&channel=general")
    page.get_by_label("Écrire à #general").fill("/slow")
    page.keyboard.press("Enter")
    expect(page.get_by_text("/slow : l’application n’a pas répondu à temps.")).to_be_visible()


def test_shortcuts_stand_in_menus(slack: Playground, app: Counterpart, page: Page) -> None:
    write(slack, "lea", "Le wifi est en panne")
    page.goto("/?as=camille&channel=general")
    page.get_by_role("article", name="Léa Martin").hover()
    page.get_by_role("button", name="Autres actions").click()
    page.get_by_role("button", name="En faire un ticket").click()
    expect(page.get_by_role("dialog", name="Ticket informatique")).to_be_visible()
    assert app.last("message_action")["message"]["text"] == "Le wifi est en panne"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Raccourcis").click()
    page.get_by_role("button", name="Nouveau ticket").click()
    expect(page.get_by_role("dialog", name="Ticket informatique")).to_be_visible()
    assert "channel" not in app.last("shortcut")


# -- elements --------------------------------------------------------------------------------------------


def test_a_menu_and_a_select_tell_the_app_at_once(app: Counterpart, page: Page) -> None:
    open_home(page)
    page.get_by_role("button", name="Autres choix").click()
    with page.expect_response("**/page/press"):
        page.get_by_role("button", name="Rouvrir").click()
    with page.expect_response("**/page/press"):
        page.get_by_label("Trier par").select_option("Priorité")
    actions = [body["actions"][0] for body in app.seen if body.get("type") == "block_actions"]
    assert [a["selected_option"]["text"]["text"] for a in actions] == ["Rouvrir", "Priorité"]


def test_a_confirmation_is_asked_first(app: Counterpart, page: Page) -> None:
    open_home(page)
    question = page.get_by_role("dialog", name="Tout effacer ?")
    page.get_by_role("button", name="Tout effacer").click()
    question.get_by_role("button", name="Garder").click()
    expect(question).to_have_count(0)
    page.get_by_role("button", name="Tout effacer").click()
    with page.expect_response("**/page/press"):
        question.get_by_role("button", name="Effacer").click()
    assert [body["actions"][0]["action_id"] for body in app.seen if "actions" in body] == ["erase"]


def test_a_button_at_work_says_so_and_is_not_pressed_twice(app: Counterpart, page: Page) -> None:
    open_home(page)
    button = page.get_by_role("button", name="Catalogue des Services Numériques")
    button.dblclick()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(button).not_to_have_attribute("aria-busy", "true")
    assert len([body for body in app.seen if body.get("type") == "block_actions"]) == 1


def test_a_card_changes_under_its_readers_eyes(slack: Playground, app: Counterpart, page: Page) -> None:
    channel = channel_id(slack, "dnum-assistance")
    app.client.chat_postMessage(channel=channel, text="n° 1042", blocks=card())
    page.goto(f"/?as=karim&channel={channel}")
    page.get_by_role("button", name="Prendre en charge").click()
    expect(page.get_by_role("article")).to_contain_text("En cours")
    expect(page.get_by_role("article")).to_contain_text("(modifié)")
    expect(page.get_by_role("button", name="Prendre en charge")).to_be_focused()


def test_a_block_without_a_picture_of_its_own_shows_its_text(
    slack: Playground, app: Counterpart, page: Page
) -> None:
    channel = direct_message(slack, "camille")
    app.client.chat_postMessage(channel=channel, text="x", blocks=[{"type": "markdown", "text": "## Titre"}])
    page.goto(f"/?as=camille&channel={channel}")
    expect(page.get_by_text("## Titre", exact=True)).to_be_visible()
    page.get_by_text("Voir le JSON").click()
    expect(page.get_by_text('"type": "markdown"')).to_be_visible()


def test_an_alert_is_read_out(slack: Playground, app: Counterpart, page: Page) -> None:
    open_home(page)
    page.get_by_role("button", name="Nouveau Ticket Informatique").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    view = slack.slack.workspace.modals[person_id(slack, "camille")][-1]
    alert = {"type": "alert", "level": "error", "text": mrkdwn("Pris par *Karim* à 10:42")}
    app.client.views_update(
        view_id=view,
        view={"type": "modal", "title": {"type": "plain_text", "text": "Ticket"}, "blocks": [alert]},
    )
    expect(page.get_by_role("alert").filter(has_text="Pris par Karim à 10:42")).to_be_visible()


# -- forms -----------------------------------------------------------------------------------------------


def test_a_form_begins_at_its_first_field_and_ends_where_it_came_from(app: Counterpart, page: Page) -> None:
    form = open_form(page)
    expect(form.get_by_label("Titre")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Nouveau Ticket Informatique")).to_be_focused()
    assert app.last("view_closed")["is_cleared"] is False


def test_a_form_without_its_required_fields_is_not_sent(app: Counterpart, page: Page) -> None:
    form = open_form(page)
    expect(form.get_by_text("Les champs marqués d’un * sont obligatoires.")).to_be_visible()
    form.get_by_label("Titre").fill("Plus de wifi")
    submit(form)
    impact = form.get_by_label("Impact")
    expect(impact).to_have_attribute("aria-invalid", "true")
    expect(impact).to_have_accessible_description("Ce champ est obligatoire.")
    expect(impact).to_be_focused()
    expect(form.get_by_label("Titre")).to_have_value("Plus de wifi")
    assert not [body for body in app.seen if body.get("type") == "view_submission"]


def test_the_apps_errors_stand_under_their_fields(app: Counterpart, page: Page) -> None:
    app.answer = errors(title="Ce titre existe déjà.")
    form = open_form(page)
    fill_required(form)
    form.get_by_label("Titre").press("Enter")
    title = form.get_by_label("Titre")
    expect(title).to_have_accessible_description("En quelques mots Ce titre existe déjà.")
    expect(title).to_be_focused()
    app.answer = {}
    title.fill("Un autre titre")
    submit(form)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert values(app)["title"]["value"] == "Un autre titre"


def errors(**by_block_id: str) -> dict[str, Any]:
    return {"response_action": "errors", "errors": by_block_id}


def test_an_answer_that_slack_cannot_follow_is_told_inside_the_form(
    slack: Playground, app: Counterpart, page: Page
) -> None:
    app.answer = errors(priority="ce n’est pas un champ")
    form = open_form(page)
    fill_required(form)
    submit(form)
    expect(form.get_by_text("La connexion a rencontré un problème. Réessayez.")).to_be_visible()
    expect(form.get_by_label("Titre")).to_have_value("Plus de wifi")
    app.answer = {}
    submit(form)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("La connexion a rencontré un problème.")).to_have_count(0)


def test_a_view_pushed_over_a_form_gives_it_back_as_it_was(app: Counterpart, page: Page) -> None:
    app.answer = {"response_action": "push", "view": form_view() | {"title": plain("Détails")}}
    form = open_form(page)
    fill_required(form)
    submit(form)
    above = page.get_by_role("dialog", name="Détails")
    expect(above.get_by_label("Titre")).to_be_focused()
    expect(above.get_by_label("Titre")).to_have_value("")
    above.get_by_role("button", name="Annuler").click()
    expect(form.get_by_label("Titre")).to_have_value("Plus de wifi")
    expect(form.get_by_label("Site")).to_have_value("clignancourt")
    form.get_by_role("button", name="Fermer", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_entered_text_survives_a_refresh_of_the_form(app: Counterpart, page: Page) -> None:
    form = open_form(page)
    form.get_by_label("Titre").fill("Plus de wifi")
    form.get_by_label("Description").fill("ligne 1\nligne 2")
    form.get_by_label("Impact").focus()
    form.get_by_label("Impact").select_option("Fort")
    expect(form.get_by_text("Priorité : Haute")).to_be_visible()
    expect(form.get_by_label("Titre")).to_have_value("Plus de wifi")
    expect(form.get_by_label("Description")).to_have_value("ligne 1\nligne 2")
    expect(form.get_by_label("Impact")).to_be_focused()
    state = app.last("block_actions")["view"]["state"]["values"]
    assert state["title"]["value"]["value"] == "Plus de wifi"


def test_an_external_menu_is_filled_by_the_app_as_one_types(app: Counterpart, page: Page) -> None:
    form = open_form(page)
    service = form.get_by_label("Service")
    service.press_sequentially("w")
    expect(form.get_by_text("Tapez au moins 2 caractères.")).to_be_visible()
    service.press_sequentially("ifi")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_text(["Wifi eduroam", "Wifi invités"])
    service.press("ArrowDown")
    service.press("Enter")
    expect(form.get_by_role("button", name="Retirer Wifi invités")).to_be_visible()
    expect(service).to_be_focused()
    fill_required(form)
    submit(form)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert values(app)["service"]["selected_option"]["value"] == "wifi invités"


def test_an_option_of_an_external_menu_shows_its_description_until_it_is_chosen(
    app: Counterpart, page: Page
) -> None:
    form = open_form(page)
    form.get_by_label("Service").press_sequentially("messa")
    found = page.get_by_role("listbox").get_by_role("option")
    expect(found).to_have_text(["Messagerie Courriel, agendas"])
    found.click()
    expect(form.get_by_role("button", name="Retirer Messagerie", exact=True)).to_be_visible()


def test_every_input_arrives_in_its_own_shape(
    slack: Playground, app: Counterpart, page: Page, tmp_path: Path
) -> None:
    (tmp_path / "capture.png").write_bytes(b"\x89PNG")
    (tmp_path / "notes.txt").write_text("notes")
    form = open_form(page)
    fill_required(form)
    form.get_by_label("Étiquettes").fill("ecr")
    page.get_by_role("option", name="Écran").click()
    form.get_by_label("Collègue", exact=False).first.select_option("Léa Martin")
    form.get_by_label("Collègues").fill("karim")
    form.get_by_label("Collègues").press("Enter")
    form.get_by_label("Canal").select_option("#general")
    form.get_by_label("Date").fill("2026-12-01")
    form.get_by_label("Heure").fill("09:30")
    form.get_by_label("Rendez-vous").fill("2026-12-01T14:00")
    form.get_by_label("Nombre de postes").fill("3")
    form.get_by_label("Adresse").fill("a@univ.example")
    form.get_by_label("Lien").fill("https://univ.example")
    form.get_by_label("Clavier").check()
    form.get_by_label("Haute").check()
    form.get_by_label("Pièces attachées").set_input_files([tmp_path / "capture.png", tmp_path / "notes.txt"])
    expect(form.get_by_role("button", name="Retirer notes.txt")).to_be_visible()
    submit(form)
    expect(page.get_by_role("dialog")).to_have_count(0)
    sent = values(app)
    assert sent["site"]["selected_option"]["value"] == "clignancourt"
    assert [option["value"] for option in sent["tags"]["selected_options"]] == ["écran"]
    assert sent["who"]["selected_user"] == person_id(slack, "lea")
    assert sent["whos"]["selected_users"] == [person_id(slack, "karim")]
    assert sent["channel"]["selected_conversation"] == channel_id(slack, "general")
    assert sent["date"]["selected_date"] == "2026-12-01"
    assert sent["time"]["selected_time"] == "09:30"
    assert sent["when"]["selected_date_time"] == 1796130000  # 14:00 in Paris
    assert [sent[key]["value"] for key in ("count", "mail", "link")] == [
        "3",
        "a@univ.example",
        "https://univ.example",
    ]
    assert [option["value"] for option in sent["kit"]["selected_options"]] == ["clavier"]
    assert sent["urgency"]["selected_option"]["value"] == "haute"
    assert [file["name"] for file in sent["files"]["files"]] == ["capture.png", "notes.txt"]


def test_unacceptable_files_are_refused_with_a_reason(app: Counterpart, page: Page, tmp_path: Path) -> None:
    (tmp_path / "gros.bin").write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    form = open_form(page)
    files = form.get_by_label("Pièces attachées")
    files.set_input_files(tmp_path / "gros.bin")
    expect(form.get_by_text("gros.bin dépasse 10 Mo.")).to_be_visible()
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text("x")
    files.set_input_files([tmp_path / f"{number}.txt" for number in range(4)])
    expect(form.get_by_text("3 fichiers au plus.")).to_be_visible()
    form.get_by_role("button", name="Retirer 1.txt").click()
    expect(form.get_by_role("button", name="Retirer")).to_have_count(2)


# -- mail and log ----------------------------------------------------------------------------------------


def test_mail_is_read_as_text_and_as_html(slack: Playground, app: Counterpart, page: Page) -> None:
    page.goto("/mail?as=camille")
    expect(page.get_by_text("Aucun courrier")).to_be_visible()
    send_mail(slack)
    page.get_by_role("link", name="[n° 1042] Reçu").click()
    expect(page.get_by_text("Bonjour Camille,")).to_be_visible()
    expect(page.get_by_role("link", name="https://univ.example/t/1042")).to_be_visible()
    page.get_by_role("link", name="HTML").click()
    expect(page.frame_locator("iframe").get_by_role("heading", name="Bonjour")).to_be_visible()
    assert page.locator("iframe").get_attribute("sandbox") == "allow-popups"
    page.get_by_text("En-têtes").click()
    expect(page.get_by_text("<1042@univ.example>")).to_be_visible()


def test_a_mail_keeps_its_doctype_and_opens_its_links_elsewhere(
    slack: Playground, app: Counterpart, page: Page
) -> None:
    send_mail(
        slack, '<!DOCTYPE html><html lang="fr"><head><title>x</title></head><body>Bonjour</body></html>'
    )
    with page.expect_response("**/mail/1/html") as answer:
        page.goto("/mail/1?view=html")
    assert answer.value.text().startswith(
        '<!DOCTYPE html><html lang="fr"><head><base target="_blank"><title>x</title>'
    )


def send_mail(slack: Playground, html: str = "<h1>Bonjour</h1><script>document.title = 'x'</script>") -> None:
    mail = EmailMessage()
    mail["Subject"], mail["Message-ID"] = "[n° 1042] Reçu", "<1042@univ.example>"
    mail["From"], mail["To"] = "dnum@univ.example", "camille.bernard@univ.example"
    mail.set_content("Bonjour Camille,\nhttps://univ.example/t/1042")
    mail.add_alternative(html, subtype="html")
    host, _, port = slack.smtp_url.removeprefix("smtp://").partition(":")
    with smtplib.SMTP(host, int(port)) as smtp:
        smtp.send_message(mail)


def test_the_log_shows_calls_and_violations(slack: Playground, app: Counterpart, page: Page) -> None:
    page.goto("/log?as=camille")
    expect(page.get_by_text("Aucune règle enfreinte.")).to_be_visible()
    app.client.api_call("auth.test")
    app.client.chat_postMessage(channel=channel_id(slack, "general"), text="Bonjour")
    row = page.get_by_role("row", name="chat.postMessage")
    expect(row).to_contain_text("ok")
    row.get_by_text("#general · Bonjour").click()
    expect(row.get_by_text('"text": "Bonjour"').first).to_be_visible()
    slack.run(slack.slack.workspace.violate, "late_ack", "block_actions", "acknowledged after 3.4 s")
    expect(page.get_by_role("row", name="late_ack")).to_contain_text("acknowledged after 3.4 s")
    expect(row.get_by_text('"text": "Bonjour"').first).to_be_visible()


# -- everywhere ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/?as=camille&app=home", "/?as=camille&channel=general", "/mail", "/log"])
def test_nothing_overflows_a_narrow_window(app: Counterpart, page: Page, path: str) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_conversations_are_in_a_drawer_on_a_narrow_window(app: Counterpart, page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    open_home(page)
    sidebar = page.get_by_role("navigation", name="Conversations")
    expect(sidebar).not_to_be_visible()
    page.get_by_role("button", name="Menu").click()
    sidebar.get_by_role("link", name="general").click()
    expect(page.get_by_role("heading", name="general")).to_be_visible()


def test_every_control_of_a_form_has_a_name(app: Counterpart, page: Page) -> None:
    form = open_form(page)
    for control in form.locator("input, select, textarea, button").all():
        expect(control).to_have_accessible_name(re.compile(r"\S"))
