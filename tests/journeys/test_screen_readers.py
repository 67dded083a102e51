"""What a screen reader reads: the text of each message, and the labels of its buttons."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from blocks import ids
from blocks.kit.block_text import TEXT_MAX, block_text
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.help_desk import DIRECT, TRIAGE, Desk, Json, Person, file

pytestmark = ON_SQLITE_ONLY  # what is read does not depend on the database
# About no ticket, or about none that is known yet.
GENERAL = (ids.NEW_TICKET, ids.OPEN_CATALOGUE, ids.OPEN_MY_TICKETS, ids.FILE_DRAFT, ids.DECLINE_HINT)
POSTING = ("chat.postMessage", "chat.update", "chat.postEphemeral")


@pytest.fixture(params=["camille", "oliver"])
def requester(desk: Desk, request: pytest.FixtureRequest) -> Person:
    """A requester who reads French, and one who reads English, after a long conversation."""
    somebody, karim = desk.person(request.param), desk.person("karim")
    somebody.file_ticket("Imprimante en panne", **{files_label(somebody): [file("photo.pdf")]})
    karim.take()
    say(somebody, "Depuis hier.")
    karim.write("Toner vide ?", TRIAGE, thread_ts=karim.messages(TRIAGE)[-1]["ts"])
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Quelle salle ?", "Et ensuite ?": ["Le ticket attend sa réponse"]})
    say(somebody, "B204", {})
    desk.ahead += timedelta(seconds=8)
    desk.deliver()
    karim.resolve("Toner changé.")
    say(somebody, "Je teste.")
    somebody.press(approve_label(somebody), DIRECT)
    say(somebody, "Merci beaucoup à vous, elle marche.")
    somebody.file_ticket("Écran noir")
    karim.menu("Annuler…")
    karim.submit({"Pourquoi annuler ce ticket ?": "Écran retiré."})
    return somebody


def files_label(somebody: Person) -> str:
    return "Pièces attachées" if somebody.name == "camille" else "Attachments"


def approve_label(somebody: Person) -> str:
    return "C’est réparé, clore" if somebody.name == "camille" else "It works, close"


def say(somebody: Person, text: str, where: Json | None = None) -> None:
    """Write under the newest message of ours, or, with `{}`, outside of threads."""
    place = {"thread_ts": somebody.messages()[-1]["ts"]} if where is None else where
    somebody.write(text, **place)
    somebody.desk.deliver()


def posted(desk: Desk) -> list[Json]:
    return [call["arguments"] for method in POSTING for call in desk.calls(method) if call["answer"]["ok"]]


def buttons(part: Any) -> Iterator[Json]:
    if isinstance(part, list):
        for each in part:
            yield from buttons(each)
    elif isinstance(part, dict):
        if part.get("type") == "button":
            yield part
        for each in part.values():
            yield from buttons(each)


def test_the_text_of_each_message_says_all_that_its_blocks_say(desk: Desk, requester: Person) -> None:
    messages = [each for each in posted(desk) if each.get("blocks")]
    assert len(messages) > 20
    for message in messages:
        assert len(message["text"]) <= TEXT_MAX
        missing = [line for line in block_text(message["blocks"]).splitlines() if line not in message["text"]]
        assert missing == []


def test_each_button_on_a_ticket_names_it(desk: Desk, requester: Person) -> None:
    requester.home()
    requester.command("/mes-tickets")
    requester.press("Mes tickets clos" if requester.name == "camille" else "My closed tickets")
    requester.press("Ouvrir" if requester.name == "camille" else "Open", nth=1)
    views = [call["arguments"]["view"] for call in desk.calls("views.publish") + desk.calls("views.update")]
    seen = [each for each in buttons([posted(desk), views]) if not each["action_id"].startswith(GENERAL)]
    about_tickets = [each for each in seen if each["action_id"].startswith(("ticket.", "note.", "draft."))]
    assert len(about_tickets) > 30
    unnamed = {each["action_id"] for each in about_tickets if not named(each)}
    assert unnamed == set()


def named(button: Json) -> bool:
    """Whether its accessible label has the number of a ticket and the beginning of its title."""
    label = button.get("accessibility_label", "")
    return any(number in label and title in label for number, title in (("1", "Imprim"), ("2", "Écran")))
