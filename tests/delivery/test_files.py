"""Attachments: their names, and how they reach the technicians' thread."""

import base64
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from sqlalchemy import select

from bot.delivery.senders.files import NotToBeHad, SlackFiles, safe_name
from bot.storage.folder import FolderStore
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.attachment import SIZE_MAX, Attachment, AttachmentState
from playground.state.workspace import BOT_TOKEN, File
from tests.support.help_desk import TRIAGE, Desk
from tests.support.outbox_rows import deliveries, delivery, forgive, wait

PICTURE = b"\x89PNG\r\n" + bytes(range(256))
UNREAD = "Slack n’a pas laissé"


# Names


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("écran.png", "écran.png"),
        ("e\u0301cran.png", "écran.png"),  # as a Mac writes it
        ("Capture d’écran 2026-11-23 à 10:42.png", "Capture d’écran 2026-11-23 à 10_42.png"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\system.ini", "C_Windows_system.ini"),
        ("/absolu", "_absolu"),
        (".bashrc", "bashrc"),
        ("a\x00b\nc\x1b[31m.txt", "abc[31m.txt"),
        ("facture\u202egpj.exe", "facturegpj.exe"),  # read from right to left it would end in .jpg
        ('<b>"?*|.txt', "_b_.txt"),
        ("...", "file"),
        ("", "file"),
        (" \t ", "file"),
        ("n" * 200 + ".pdf", "n" * 116 + ".pdf"),
        ("n" * 200, "n" * 120),
        ("n." + "x" * 200, "n." + "x" * 118),
    ],
)
def test_a_name_is_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


# From a form to the thread


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Its time passes when the test says so."""
    desk.stop_clock()
    return desk


def attached(name: str, content: bytes) -> dict[str, Any]:
    return {"Pièces attachées": [{"name": name, "content_base64": base64.b64encode(content).decode()}]}


def folder(desk: Desk) -> Path:
    """Where attachments are kept."""
    return Path(desk.settings.attachments_url)


def only_file(desk: Desk) -> Attachment:
    with desk.sessions() as session:
        return session.scalars(select(Attachment)).one()


def thread(desk: Desk) -> list[dict[str, Any]]:
    (card,) = desk.person("karim").messages(TRIAGE)
    return list(card["replies"])


def card(desk: Desk) -> str:
    return desk.person("karim").reads(TRIAGE)[0]


def posted(desk: Desk) -> list[File]:
    """The files that stand in a channel."""
    return [file for file in desk.slack.slack.workspace.files.values() if file.shared_in]


def uploaded(desk: Desk) -> File:
    """The only file, as its author uploaded it."""
    (file,) = desk.slack.slack.workspace.files.values()
    return file


def file_with(desk: Desk, name: str, content: bytes, *, settle: bool = True) -> None:
    """Camille files a ticket with one attachment."""
    camille = desk.person("camille")
    camille.command("/ticket", "Écran noir")
    form = {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"}
    camille.submit({**form, **attached(name, content)}, settle=settle)


def test_a_file_of_a_form_is_kept_and_posted_in_the_cards_thread(desk: Desk) -> None:
    file_with(desk, "écran:noir.png", PICTURE)
    (file,) = posted(desk)
    assert (file.name, file.content) == ("écran_noir.png", PICTURE)
    assert len(thread(desk)) == 1
    kept = only_file(desk)
    assert (kept.state, kept.name, kept.size) == (AttachmentState.KEPT, "écran:noir.png", len(PICTURE))
    assert FolderStore(folder(desk)).get(kept.key or "") == PICTURE
    assert "📎 écran:noir.png" in card(desk)


def test_a_file_is_downloaded_once_whatever_happens_to_its_posting(desk: Desk) -> None:
    desk.fault("files.completeUploadExternal", 500)
    file_with(desk, "écran.png", PICTURE)
    assert only_file(desk).state is AttachmentState.KEPT
    assert posted(desk) == []
    wait(desk)
    assert len(posted(desk)) == 1
    assert len(desk.calls("files.info")) == 1


def test_a_file_that_another_machine_keeps_is_downloaded_again(desk: Desk) -> None:
    desk.fault("files.completeUploadExternal", 500)
    file_with(desk, "écran.png", PICTURE)
    (folder(desk) / (only_file(desk).key or "")).unlink()
    wait(desk)
    (file,) = posted(desk)
    assert file.content == PICTURE


@pytest.mark.parametrize("status", [500, "reset"])
def test_a_file_that_slack_does_not_give_now_is_fetched_later(desk: Desk, status: int | str) -> None:
    desk.fault("files.info", status)
    file_with(desk, "écran.png", PICTURE)
    assert only_file(desk).state is AttachmentState.WAITING
    wait(desk)
    assert only_file(desk).state is AttachmentState.KEPT


def test_a_web_page_that_somebody_attaches_is_a_file_like_another(desk: Desk) -> None:
    page = b"<!DOCTYPE html><title>Erreur</title>"
    file_with(desk, "erreur.html", page)
    (file,) = posted(desk)
    assert file.content == page


# Files that cannot be had


def refused(desk: Desk) -> str | None:
    """What the card and the database say of the file that could not be had; nothing waits for it."""
    assert posted(desk) == []
    assert deliveries(desk, state=DeliveryState.PENDING) == []
    assert only_file(desk).state is AttachmentState.FAILED
    return next(line for line in card(desk).splitlines() if "écran.png" in line)


def test_a_file_that_its_author_deleted_is_named_on_the_card(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, settle=False)
    desk.slack.run(setattr, uploaded(desk), "deleted", True)
    desk.settle()
    forgive(desk, "file_deleted")
    assert "supprim" in refused(desk)


def test_a_file_that_is_too_large_is_named_on_the_card(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, settle=False)
    desk.slack.run(setattr, uploaded(desk), "content", bytes(SIZE_MAX + 1))
    desk.settle()
    assert "10 Mo" in refused(desk)
    assert not folder(desk).exists()


def test_a_ticket_is_not_held_up_by_its_file(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, settle=False)
    desk.slack.run(setattr, uploaded(desk), "deleted", True)
    desk.settle()
    forgive(desk, "file_deleted")
    desk.person("karim").take()
    assert "En cours" in card(desk)
    assert delivery(desk, DeliveryKind.FILE).state is DeliveryState.SENT


class Liar(WebClient):
    """A client for downloads with another token, or that was told another size."""

    def __init__(self, desk: Desk, token: str = BOT_TOKEN, **said: Any) -> None:
        super().__init__(token, desk.settings.slack_api_url)
        self._honest = WebClient(BOT_TOKEN, desk.settings.slack_api_url)
        self._said = said

    def files_info(self, **given: Any) -> SlackResponse:
        answer = self._honest.files_info(**given)
        answer["file"].update(self._said)
        return answer


def test_slacks_sign_in_page_is_not_the_file(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, settle=False)
    with pytest.raises(NotToBeHad, match="did not let the help desk read it"):
        SlackFiles(Liar(desk, token="xoxb-other")).fetch(uploaded(desk).id)
    forgive(desk, "file_access")


def test_a_file_that_is_larger_than_slack_says_is_refused(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, settle=False)
    desk.slack.run(setattr, uploaded(desk), "content", bytes(SIZE_MAX + 1))
    with pytest.raises(NotToBeHad, match="larger than 10 MB"):
        SlackFiles(Liar(desk, size=12)).fetch(uploaded(desk).id)


def test_a_file_that_slack_says_is_too_large_is_not_even_downloaded(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, settle=False)
    with pytest.raises(NotToBeHad, match="larger than 10 MB"):
        SlackFiles(Liar(desk, size=SIZE_MAX + 1)).fetch(uploaded(desk).id)


def test_an_address_that_is_gone_is_a_file_that_cannot_be_had(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, settle=False)
    gone = f"{desk.slack.base_url}/files/F0GONE-x/download/a.png"
    with pytest.raises(NotToBeHad):
        SlackFiles(Liar(desk, url_private_download=gone)).fetch(uploaded(desk).id)


def test_ten_files_reach_the_thread_in_their_order(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.command("/ticket", "Écran noir")
    form = {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"}
    names = [f"{number}.txt" for number in range(10)]
    files = [file for name in names for file in attached(name, name.encode())["Pièces attachées"]]
    camille.submit({**form, "Pièces attachées": files})
    assert [file.name for file in posted(desk)] == names
    assert len(thread(desk)) == 10
