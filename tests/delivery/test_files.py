"""Attachments: their names, and how they reach the technicians' thread."""

import base64
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from sqlalchemy import select

from bot.delivery import outbox
from bot.delivery.handlers.attachments import CHECKS
from bot.delivery.outbox import LEASE
from bot.delivery.rendering.rendered import RenderedFile
from bot.delivery.senders.files import CopyState, FileUnavailable, SlackFiles, safe_name
from bot.storage.folder import FolderStore
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Reason
from models.tickets.attachment import SIZE_MAX, Attachment, AttachmentReason, AttachmentState, FileCopy
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


def file_with(desk: Desk, name: str, content: bytes, *, deliver: bool = True) -> None:
    """Camille files a ticket with one attachment."""
    camille = desk.person("camille")
    camille.command("/ticket", "Écran noir")
    form = {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"}
    camille.submit({**form, **attached(name, content)}, deliver=deliver)


def test_a_file_of_a_form_is_kept_and_posted_in_the_cards_thread(desk: Desk) -> None:
    file_with(desk, "écran:noir.png", PICTURE)
    (file,) = posted(desk)
    assert (file.name, file.content) == ("écran_noir.png", PICTURE)
    assert len(thread(desk)) == 1
    kept = only_file(desk)
    assert (kept.state, kept.name, kept.size) == (AttachmentState.KEPT, "écran:noir.png", len(PICTURE))
    assert FolderStore(folder(desk)).get(kept.key or "") == PICTURE
    assert kept.digest == sha256(PICTURE).hexdigest()
    assert "📎 écran:noir.png" in card(desk)


def test_a_file_is_downloaded_once_whatever_happens_to_its_posting(desk: Desk) -> None:
    desk.fault("files.getUploadURLExternal", 500)
    file_with(desk, "écran.png", PICTURE)
    assert only_file(desk).state is AttachmentState.KEPT
    assert posted(desk) == []
    wait(desk)
    assert len(posted(desk)) == 1
    assert len(desk.calls("files.info")) == 1


def test_a_late_file_stands_once_for_the_team_that_has_its_ticket_back(desk: Desk) -> None:
    desk.fault("files.getUploadURLExternal", 500)
    file_with(desk, "écran.png", PICTURE)
    for name, channel, team in (
        ("karim", TRIAGE, "Réseau et téléphonie"),
        ("marc", "#dnum-reseau", "Assistance de proximité"),
    ):
        desk.person(name).menu("Requalifier, passer à une équipe…", channel)
        desk.person(name).submit({"Équipe": team, "Pourquoi, pour l’autre équipe": "C’est pour vous."})
    wait(desk)
    assert desk.person("karim").thread_files() == ["écran.png"]


def test_a_file_that_another_machine_keeps_is_downloaded_again(desk: Desk) -> None:
    desk.fault("files.getUploadURLExternal", 500)
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
    file_with(desk, "écran.png", PICTURE, deliver=False)
    desk.slack.run(setattr, uploaded(desk), "deleted", True)
    desk.deliver()
    forgive(desk, "file_deleted")
    assert "supprim" in refused(desk)


def test_a_file_that_is_too_large_is_named_on_the_card(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, deliver=False)
    desk.slack.run(setattr, uploaded(desk), "content", bytes(SIZE_MAX + 1))
    desk.deliver()
    assert "10 Mo" in refused(desk)
    assert not folder(desk).exists()


def test_a_ticket_is_not_held_up_by_its_file(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, deliver=False)
    desk.slack.run(setattr, uploaded(desk), "deleted", True)
    desk.deliver()
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
    file_with(desk, "écran.png", PICTURE, deliver=False)
    with pytest.raises(FileUnavailable, match=AttachmentReason.UNREADABLE):
        SlackFiles(Liar(desk, token="xoxb-other")).fetch(uploaded(desk).id)
    forgive(desk, "file_access")


def test_a_file_that_is_larger_than_slack_says_is_refused(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, deliver=False)
    desk.slack.run(setattr, uploaded(desk), "content", bytes(SIZE_MAX + 1))
    with pytest.raises(FileUnavailable, match=AttachmentReason.TOO_LARGE):
        SlackFiles(Liar(desk, size=12)).fetch(uploaded(desk).id)


def test_a_file_that_slack_says_is_too_large_is_not_even_downloaded(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, deliver=False)
    with pytest.raises(FileUnavailable, match=AttachmentReason.TOO_LARGE):
        SlackFiles(Liar(desk, size=SIZE_MAX + 1)).fetch(uploaded(desk).id)


def test_an_address_that_is_gone_is_a_file_that_cannot_be_had(desk: Desk) -> None:
    file_with(desk, "écran.png", PICTURE, deliver=False)
    gone = f"{desk.slack.base_url}/files/F0GONE-x/download/a.png"
    with pytest.raises(FileUnavailable):
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


# Posted once


def late(desk: Desk, *, held: bool) -> None:
    """Slack answers a completion before it has scanned the file and shared it."""
    assert desk.slack.control.post("shares", held=held)["ok"]


def announced(desk: Desk) -> int:
    """How many copies the bot has announced."""
    return len(desk.calls("files.getUploadURLExternal"))


def test_a_file_whose_answer_was_lost_before_slack_shares_it_stands_once(desk: Desk) -> None:
    late(desk, held=True)
    desk.fault("files.completeUploadExternal", "reset", when="after")
    file_with(desk, "écran.png", PICTURE)
    wait(desk)
    assert delivery(desk, DeliveryKind.FILE).reason is Reason.NOT_SHARED_YET
    late(desk, held=False)
    wait(desk)
    assert len(thread(desk)) == len(posted(desk)) == announced(desk) == 1
    assert delivery(desk, DeliveryKind.FILE).state is DeliveryState.SENT


def test_a_file_that_slack_has_and_never_shares_is_taken_back_and_posted_anew(desk: Desk) -> None:
    late(desk, held=True)
    desk.fault("files.completeUploadExternal", "reset", when="after")
    file_with(desk, "écran.png", PICTURE)
    with desk.sessions.begin() as session:
        session.scalars(select(Delivery).where(Delivery.kind == DeliveryKind.FILE)).one().attempt = CHECKS
    wait(desk)
    late(desk, held=False)
    assert len(thread(desk)) == len(posted(desk)) == 1
    assert announced(desk) == 2


@pytest.mark.parametrize("lost", ["before", "after"])
def test_a_completion_whose_answer_was_lost_is_asked_for_again_for_the_same_copy(
    desk: Desk, lost: str
) -> None:
    desk.fault("files.completeUploadExternal", "reset", when=lost, times=2)
    file_with(desk, "écran.png", PICTURE)
    wait(desk)
    wait(desk)
    assert len(thread(desk)) == len(posted(desk)) == announced(desk) == 1
    with desk.sessions() as session:
        [copy] = session.scalars(select(FileCopy))
    assert copy.recipient == "team:assistance"
    assert str(copy.permalink).startswith("http")


def test_a_copy_that_was_refused_for_a_while_is_completed_without_another_upload(desk: Desk) -> None:
    desk.fault("files.completeUploadExternal", 429, retry_after=2)
    file_with(desk, "écran.png", PICTURE)
    wait(desk)
    assert len(posted(desk)) == announced(desk) == 1


def test_a_completion_that_slack_does_after_the_next_attempt_has_looked_counts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, complete = SlackFiles.look, SlackFiles.complete

    def look_too_early(files: SlackFiles, copy: str, rendered: RenderedFile) -> CopyState:
        monkeypatch.setattr(SlackFiles, "look", look)
        state = look(files, copy, rendered)
        assert complete(files, copy, rendered, "écran.png")  # the first attempt's, which Slack had not done
        return state

    desk.fault("files.completeUploadExternal", "reset")
    file_with(desk, "écran.png", PICTURE)
    monkeypatch.setattr(SlackFiles, "look", look_too_early)
    wait(desk)
    assert len(thread(desk)) == announced(desk) == 1
    assert delivery(desk, DeliveryKind.FILE).state is DeliveryState.SENT


@pytest.mark.parametrize("lost", ["before", "after"])
def test_an_upload_that_was_cut_is_begun_again_and_posted_once(desk: Desk, lost: str) -> None:
    assert desk.slack.control.post("faults", upload="*", status="reset", when=lost)["ok"]
    file_with(desk, "écran.png", PICTURE)
    wait(desk)
    [file] = posted(desk)
    assert file.content == PICTURE
    assert announced(desk) == (2 if lost == "before" else 1)


def test_a_file_is_found_whatever_our_clock_says(desk: Desk) -> None:
    desk.fault("files.completeUploadExternal", "reset", when="after")
    file_with(desk, "écran.png", PICTURE)
    with desk.sessions.begin() as session:
        row = session.scalars(select(Delivery).where(Delivery.kind == DeliveryKind.FILE)).one()
        row.created_at += timedelta(hours=2)
    wait(desk)
    assert len(thread(desk)) == announced(desk) == 1


# A lease that lasts as long as its attempt


def test_an_attempt_that_another_has_taken_over_posts_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = SlackFiles.upload

    def slow(files: SlackFiles, address: str, content: bytes, **more: Any) -> None:
        """Longer than a lease; another worker posts the file meanwhile."""
        monkeypatch.setattr(SlackFiles, "upload", upload)
        desk.ahead += LEASE
        desk.deliver()
        upload(files, address, content)

    monkeypatch.setattr(SlackFiles, "upload", slow)
    file_with(desk, "écran.png", PICTURE)
    assert len(thread(desk)) == len(posted(desk)) == 1
    row = delivery(desk, DeliveryKind.FILE)
    assert (row.state, row.attempt) == (DeliveryState.SENT, 2)


def test_a_lease_is_renewed_while_the_bytes_flow(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = SlackFiles.upload
    claimed: list[bool] = []

    def slow(files: SlackFiles, address: str, content: bytes, *, keep: Callable[[], None]) -> None:
        """Two leases, of which no other worker gets one."""
        for _piece in range(8):
            desk.ahead += LEASE / 4
            keep()
            claimed.append(outbox.claim(desk.sessions, now=desk.now) is not None)
        upload(files, address, content, keep=keep)

    monkeypatch.setattr(SlackFiles, "upload", slow)
    file_with(desk, "écran.png", PICTURE)
    assert claimed == [False] * 8
    assert (len(posted(desk)), delivery(desk, DeliveryKind.FILE).attempt) == (1, 1)
