"""Files that are not simply uploaded, and files that go."""

from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.playground.workspace_events.conftest import Json, RecordingApp

PNG = {"name": "ecran.png", "content_base64": "iVBORw=="}
STATEMENT = {"name": "releve-bancaire.pdf", "content_base64": "JVBERi0="}
BUDGET = {
    "name": "Budget",
    "external": "https://docs.example/spreadsheets/d/1",
    "mimetype": "application/vnd.google-apps.spreadsheet",
    "filetype": "gsheet",
}


def send(slack: RecordingApp, *files: Json | str, text: str = "voici", user: str = "camille") -> Json:
    return slack.write(text, user=user, files=list(files))


def download(address: str) -> bytes:
    with urlopen(Request(address, headers={"Authorization": "Bearer xoxb-playground"})) as response:
        return bytes(response.read())


def test_a_file_kept_elsewhere_has_no_download_of_slacks(slack: RecordingApp) -> None:
    send(slack, BUDGET)
    (file,) = slack.of("file_share")[-1]["files"]
    assert (file["mode"], file["is_external"], file["external_type"]) == ("external", True, "gdrive")
    assert (file["url_private"], file["size"], file["filetype"]) == (BUDGET["external"], 0, "gsheet")
    assert "url_private_download" not in file
    assert slack.client.files_info(file=file["id"])["file"] == file


@pytest.mark.parametrize(
    ("access", "seen"),
    [
        ("hidden_by_limit", {"mode": "hidden_by_limit"}),
        ("access_denied", {"file_access": "access_denied"}),
        ("check_file_info", {"file_access": "check_file_info"}),
    ],
)
def test_of_a_file_the_app_sees_less(slack: RecordingApp, access: str, seen: Json) -> None:
    (file,) = send(slack, PNG)["files"]
    slack.do("file", file=file["id"], access=access)
    assert slack.client.files_info(file=file["id"])["file"] == {"id": file["id"], **seen}
    send(slack, file["id"], text="encore")
    assert slack.of("file_share")[-1]["files"] == [{"id": file["id"], **seen}]
    slack.do("file", file=file["id"], access="visible")
    assert slack.client.files_info(file=file["id"])["file"]["name"] == "ecran.png"


@pytest.mark.parametrize("tombstone", [True, False])
def test_a_file_is_removed_from_a_message_whose_text_stays(slack: RecordingApp, tombstone: bool) -> None:
    message = send(slack, STATEMENT, PNG)
    gone, stays = (file["id"] for file in message["files"])
    slack.do(
        "remove_file", user="camille", channel="@guichet", ts=message["ts"], file=gone, tombstone=tombstone
    )
    event = slack.of("message_changed")[-1]
    assert event["message"]["text"] == event["previous_message"]["text"] == "voici"
    assert [file["id"] for file in event["previous_message"]["files"]] == [gone, stays]
    left = event["message"]["files"]
    assert [file.get("name") for file in left] == ([None, "ecran.png"] if tombstone else ["ecran.png"])
    if tombstone:
        assert left[0] == {"id": gone, "mode": "tombstone"}


def test_a_message_goes_with_its_last_file(slack: RecordingApp) -> None:
    message = send(slack, PNG, text="")
    file = message["files"][0]["id"]
    slack.do("remove_file", user="camille", channel="@guichet", ts=message["ts"], file=file)
    assert slack.events[-1]["subtype"] == "message_deleted"


def test_a_file_may_be_empty_or_of_no_known_size(slack: RecordingApp) -> None:
    send(slack, {"name": "vide.txt", "content_base64": ""})
    assert slack.of("file_share")[-1]["files"][0]["size"] == 0
    send(slack, {**PNG, "size": None})
    assert "size" not in slack.of("file_share")[-1]["files"][0]


@pytest.mark.parametrize("name", ["facture_\u202efdp.exe", "../notes/2026.pdf", "LISEZMOI", "100 %.png"])
def test_a_name_is_any_text_and_its_address_is_not(slack: RecordingApp, name: str) -> None:
    send(slack, {"name": name, "content_base64": "YQ=="})
    (file,) = slack.of("file_share")[-1]["files"]
    assert file["name"] == name
    last = urlsplit(file["url_private_download"]).path.rpartition("/")[2]
    assert last.isascii()
    assert "%" not in last
    assert download(file["url_private_download"]) == b"a"


def test_a_file_belongs_to_who_uploaded_it_whoever_shares_it(slack: RecordingApp) -> None:
    (file,) = send(slack, PNG, user="karim")["files"]
    send(slack, file["id"], user="camille")
    event = slack.of("file_share")[-1]
    assert (event["user"], event["files"][0]["user"]) == (slack.id_of("@camille"), slack.id_of("@karim"))


def test_a_file_may_lie_at_another_host(slack: RecordingApp) -> None:
    (file,) = send(slack, PNG)["files"]
    slack.do("file", file=file["id"], url="https://files.example/1")
    assert (
        slack.client.files_info(file=file["id"])["file"]["url_private_download"] == "https://files.example/1"
    )


def test_a_file_object_has_slacks_fields(slack: RecordingApp) -> None:
    event_file = send(slack, PNG)["files"][0]
    assert {"has_rich_preview", "media_display_type", "user_team", "file_access"} <= event_file.keys()
    assert slack.of("file_share")[-1]["display_as_bot"] is False
