"""Only files that Slack stores are downloaded; others fail at once."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from pytest_mock import MockerFixture
from slack_sdk import WebClient
from sqlalchemy import select

from blocks import ids
from bot.delivery import periodic
from bot.delivery.senders.transfer import Transfer
from bot.delivery.senders.transferred import FileUnavailable
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.attachment import Attachment, AttachmentReason, AttachmentState
from models.tickets.form_draft import FormDraft
from playground.state.workspace import File
from tests.support.help_desk import DETAIL, DIRECT, FORM, TRIAGE, Desk, Person, file
from tests.support.outbox_rows import deliveries

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
LONG = "Capture d’écran du message d’erreur de connexion à la messagerie du 27 novembre.png"
SHEET = "https://docs.example/spreadsheets/d/1"


def kept(desk: Desk) -> list[Attachment]:
    with desk.sessions() as session:
        return list(session.scalars(select(Attachment).order_by(Attachment.id)))


def newest(desk: Desk) -> File:
    return list(desk.slack.slack.workspace.files.values())[-1]


def write_with(desk: Desk, person: Person, *files: Any, text: str = "voici", channel: str = DIRECT) -> None:
    """Write with files under the newest message of a channel."""
    root = person.messages(channel)[-1]["ts"]
    person.write(text, channel, thread_ts=root, files=list(files))


def no_file_waits(desk: Desk) -> bool:
    return deliveries(desk, kind=DeliveryKind.FILE, state=DeliveryState.PENDING) == []


# Kept elsewhere, hidden, empty


def test_an_external_file_fails_at_once_and_delays_no_other(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    write_with(desk, camille, {"name": "Budget", "external": SHEET})
    write_with(desk, camille, file("photo.png", PNG))
    desk.deliver()
    budget, photo = kept(desk)
    assert (budget.state, photo.state) == (AttachmentState.FAILED, AttachmentState.KEPT)
    assert karim.thread_files() == ["photo.png"]
    assert no_file_waits(desk)


def test_the_cards_link_to_an_external_file(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    write_with(desk, camille, {"name": "Budget", "external": SHEET})
    desk.deliver()
    words = "⚠️ Budget : pièce impossible à récupérer (gardée ailleurs que dans Slack)"
    assert words in karim.reads(TRIAGE)[0]
    assert words in camille.reads(DIRECT)[0]
    camille.press(DETAIL, DIRECT)
    assert words in camille.modal_text
    shown = str(desk.slack.slack.workspace.channel(TRIAGE.removeprefix("#")))
    link = kept(desk)[0].permalink or ""
    assert link.startswith(desk.slack.base_url)
    assert link in shown
    assert SHEET not in shown


def test_a_hidden_file_is_reported(desk: Desk, camille: Person, karim: Person) -> None:
    camille.command("/ticket", "Écran noir")
    camille.submit({**FORM, "Pièces attachées": [file("plan.png", PNG)]}, deliver=False)
    desk.slack.control.post("file", file=newest(desk).id, access="hidden_by_limit")
    desk.deliver()
    assert "⚠️ plan.png : pièce impossible à récupérer (masquée par la limite" in karim.reads(TRIAGE)[0]
    assert no_file_waits(desk)


def test_no_id_is_read_of_a_file_of_which_slack_tells_nothing_else(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.file_ticket()
    write_with(desk, camille, file("plan.png", PNG))
    hidden = newest(desk).id
    desk.slack.control.post("file", file=hidden, access="hidden_by_limit")
    body = deepcopy(next(each for each in desk.received if each.get("event", {}).get("files")))
    body["event"] |= {"ts": "9999999999.000100", "files": [{"id": hidden, "mode": "hidden_by_limit"}]}
    desk.dispatch(body | {"event_id": "EvHIDDEN"})
    words = "⚠️ (un fichier) : pièce impossible à récupérer (masquée par la limite"
    for card in (karim.reads(TRIAGE)[0], camille.reads(DIRECT)[0]):
        assert words in card
        assert hidden not in card


def test_a_file_without_bytes_is_not_reported_as_empty(
    desk: Desk, camille: Person, karim: Person, mocker: MockerFixture
) -> None:
    """A list of Slack's."""
    camille.file_ticket()
    told = {"id": "F0LIST0001", "name": "Achats", "mode": "list", "size": 0}
    mocker.patch.object(WebClient, "files_info", return_value={"file": told})
    write_with(desk, camille, file("Achats", PNG))
    desk.deliver()
    assert "⚠️ Achats : pièce impossible à récupérer (Slack n’a pas laissé" in karim.reads(TRIAGE)[0]
    assert no_file_waits(desk)


@pytest.mark.parametrize("access", ["access_denied", "check_file_info"])
def test_a_file_without_access_is_reported(desk: Desk, camille: Person, karim: Person, access: str) -> None:
    camille.command("/ticket", "Écran noir")
    camille.submit({**FORM, "Pièces attachées": [file("plan.png", PNG)]}, deliver=False)
    desk.slack.control.post("file", file=newest(desk).id, access=access)
    desk.deliver()
    assert "pas partagée avec le centre d’aide" in karim.reads(TRIAGE)[0]
    assert no_file_waits(desk)


def test_an_empty_file_is_reported(desk: Desk, camille: Person, karim: Person) -> None:
    camille.command("/ticket", "Écran noir")
    camille.submit({**FORM, "Pièces attachées": [file("vide.txt", b"")]})
    for words in (karim.reads(TRIAGE)[0], camille.reads(DIRECT)[0]):
        assert "⚠️ vide.txt : pièce impossible à récupérer (elle est vide)" in words
    assert no_file_waits(desk)


def test_the_requester_is_not_told_of_a_notes_file(desk: Desk, camille: Person, karim: Person) -> None:
    camille.file_ticket()
    write_with(desk, karim, {"name": "Budget", "external": SHEET}, channel=TRIAGE)
    desk.deliver()
    assert "⚠️ Budget" in karim.reads(TRIAGE)[0]
    assert "Budget" not in camille.reads(DIRECT)[0]


# Names


def test_a_long_name_keeps_its_extension_by_the_shortcut(desk: Desk, camille: Person, karim: Person) -> None:
    message = camille.write("Voici.", "#general", files=[file(LONG, PNG)])["message"]
    shortcut(desk, camille, message)
    camille.submit(FORM)
    [photo] = kept(desk)
    assert (photo.name, photo.media_type) == (LONG, "image/png")
    assert karim.thread_files() == [LONG]


def shortcut(desk: Desk, person: Person, message: Any) -> None:
    """Choose “Créer un ticket” on a message of #general."""
    where = {"channel": "#general", "ts": message["ts"]}
    answer = desk.slack.control.post(
        "shortcut", user=person.name, callback_id=ids.SHORTCUT_FROM_MESSAGE, **where
    )
    assert answer["ok"], answer


def test_a_name_is_shown_without_direction_characters(desk: Desk, camille: Person, karim: Person) -> None:
    camille.command("/ticket", "Écran noir")
    camille.submit({**FORM, "Pièces attachées": [file("facture_\u202efdp.exe", PNG)]})
    assert "📎 facture_fdp.exe" in karim.reads(TRIAGE)[0]
    assert karim.thread_files() == ["facture_fdp.exe"]


# Whose


def forge(desk: Desk, person: Person, **state: Any) -> None:
    """Send a form with the content of an earlier one, except for its state and view state."""
    before = deepcopy(desk.received[-1]["view"])
    person.command("/ticket", "Encore")
    body = person.submission()
    body["view"]["state"] = before["state"]
    kept_by_the_form = state.pop("metadata", None)
    if kept_by_the_form is not None:
        metadata = json.loads(body["view"]["private_metadata"]) | kept_by_the_form
        body["view"]["private_metadata"] = json.dumps(metadata)
    for block_id, files in state.items():
        body["view"]["state"]["values"][block_id] = {block_id: {"type": "file_input", "files": files}}
    desk.dispatch(body)


def secret_of_another_team(desk: Desk) -> str:
    """A file that stands in a private channel where Guichet is, and Camille is not."""
    desk.person("marc").write("confidentiel", "#dnum-postes", files=[file("salaires.pdf", b"%PDF secret")])
    return newest(desk).id


REFUSED = "⚠️ a.pdf : pièce impossible à récupérer (elle appartient à quelqu’un d’autre)"


def test_a_form_brings_only_its_senders_files(desk: Desk, camille: Person, karim: Person) -> None:
    secret = secret_of_another_team(desk)
    camille.file_ticket()
    forge(desk, camille, files=[{"id": secret, "name": "a.pdf", "user": camille.slack_id}])
    assert REFUSED in karim.reads(TRIAGE)[-1]
    assert karim.thread_files() == []
    [row] = kept(desk)
    assert (row.name, row.permalink, row.state) == ("a.pdf", None, AttachmentState.FAILED)


@pytest.mark.parametrize("size", [10**30, -1, True, "12"], ids=str)
def test_a_size_that_no_database_keeps_is_none(desk: Desk, camille: Person, size: object) -> None:
    camille.command("/ticket", "x")
    camille.submit({**FORM, "Titre": " ", "Pièces attachées": [file("plan.png", PNG)]})
    told = {"id": newest(desk).id, "name": "plan.png", "size": size}
    title = {"type": "plain_text_input", "value": "Écran noir"}
    assert camille.forge_submission(title=title, files={"type": "file_input", "files": [told]}) == {}
    assert [each.size for each in kept(desk)] == [len(PNG)]


def test_what_a_form_carries_itself_brings_no_file_of_others(
    desk: Desk, camille: Person, karim: Person
) -> None:
    """As forms of version 0.1 did, whose files are still taken from their sender."""
    secret = secret_of_another_team(desk)
    camille.write("Voici.", "#general", files=[file("mine.png", PNG)])
    mine = newest(desk).id
    camille.file_ticket()
    forge(desk, camille, metadata={"files": [[secret, "a.pdf"], [mine, "mine.png"]]})
    assert REFUSED in karim.reads(TRIAGE)[-1]
    assert karim.thread_files() == ["mine.png"]


def test_the_files_of_a_message_are_taken_whoever_wrote_it(
    desk: Desk, karim: Person, camille: Person
) -> None:
    """They are kept on our side: the form holds no id."""
    message = camille.write("Voici.", "#general", files=[file("photo.png", PNG)])["message"]
    shortcut(desk, karim, message)
    assert newest(desk).id not in karim.submission()["view"]["private_metadata"]
    oliver = {"Titre": "Écran noir", **FORM, "Demandeur ou demandeuse": "oliver"}
    karim.submit({key: value for key, value in oliver.items() if key in karim.modal["labels"]})
    assert karim.thread_files() == ["photo.png"]


def test_what_was_kept_for_a_form_goes_when_it_is_sent_or_a_week_old(desk: Desk, camille: Person) -> None:
    message = camille.write("Voici.", "#general", files=[file("photo.png", PNG)])["message"]
    shortcut(desk, camille, message)
    camille.submit(FORM)
    assert forms(desk) == []
    shortcut(desk, camille, message)
    periodic.run_due(desk.sessions, now=desk.now)
    for days, left in ((6, 1), (2, 0)):
        desk.ahead += timedelta(days=days)
        periodic.run_due(desk.sessions, now=desk.now)
        assert len(forms(desk)) == left


def forms(desk: Desk) -> list[FormDraft]:
    with desk.sessions() as session:
        return list(session.scalars(select(FormDraft)))


# Where from


class Recorder(ThreadingHTTPServer):
    """A server that notes who asks it with which token, and answers as it is told."""

    def __init__(self, status: int = 200, location: str | None = None) -> None:
        self.asked: list[tuple[str, str | None]] = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                recorder.asked.append((self.path, self.headers.get("Authorization")))
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", "3")
                self.end_headers()
                self.wfile.write(b"abc")

            def log_message(self, *_: Any) -> None: ...

        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


@pytest.fixture
def elsewhere() -> Iterator[Recorder]:
    with Recorder() as server:
        yield server
        server.shutdown()


def test_the_token_does_not_follow_a_redirect_to_another_host(elsewhere: Recorder) -> None:
    with Recorder(302, f"{elsewhere.address}there") as slack:
        with pytest.raises(FileUnavailable, match=AttachmentReason.EXTERNAL):
            Transfer("xoxb-secret", slack.address).download(f"{slack.address}redirect")
        slack.shutdown()
        assert slack.asked == [("/redirect", "Bearer xoxb-secret")]
    assert elsewhere.asked == []


def test_a_redirect_within_slack_is_followed() -> None:
    with Recorder(302, "/again") as slack:
        with pytest.raises(FileUnavailable, match=AttachmentReason.UNREADABLE):
            Transfer("xoxb-secret", slack.address).download(f"{slack.address}first")
        slack.shutdown()
    assert [path for path, _token in slack.asked] == ["/first"] + ["/again"] * 4


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https:///a", "http://[", "https://files.slack.com:x/", "a" * 70_000]
)
def test_a_redirect_to_what_is_no_address_is_refused(address: str) -> None:
    with Recorder(302, address) as slack:
        with pytest.raises(FileUnavailable):
            Transfer("xoxb-secret", slack.address).download(f"{slack.address}redirect")
        slack.shutdown()
    assert len(slack.asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://files.slack.com/a",
        "http://files.slack.com/a",
        "https://files.slack.com.example/a",
        "https://slack.com@docs.example/a",
        "https://me:me@files.slack.com/a",
        "https://files.slack.com:8443/a",
        "https://notslack.com/a",
        "//files.slack.com/a",
        "",
        "http://[",
    ],
)
def test_no_request_leaves_for_an_address_that_is_not_slacks(address: str) -> None:
    with pytest.raises(FileUnavailable):
        Transfer("xoxb-secret", "https://slack.com/api/").download(address)


def test_another_port_of_slacks_host_is_another_host(elsewhere: Recorder) -> None:
    with pytest.raises(FileUnavailable):
        Transfer("xoxb-secret", "http://127.0.0.1:1/api/").download(elsewhere.address)
    assert elsewhere.asked == []


def test_what_slacks_own_host_has_is_downloaded(elsewhere: Recorder) -> None:
    got = Transfer("xoxb-secret", f"{elsewhere.address}api/").download(f"{elsewhere.address}a")
    assert got.content == b"abc"
