"""Files in the playground: upload by the app, download with a token."""

from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.state.workspace import BOT_TOKEN, File, Message, new_id
from playground.testing import Playground
from tests.playground.web_api_calls import find, refusal, rules


def download(url: str, token: str | None) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urlopen(Request(url, headers=headers)) as response:
        return response.status, response.headers.get_content_type(), response.read()


def test_uploads_in_three_steps_and_downloads_with_a_token(playground: Playground, client: WebClient) -> None:
    channel = find(playground, "#dnum-reseau")
    answer = client.files_upload_v2(
        filename="journal.txt", content="ligne 1", title="Journal", channel=channel, initial_comment="Voici"
    )
    file = client.files_info(file=answer["files"][0]["id"])["file"]
    assert (file["title"], file["size"], file["groups"]) == ("Journal", 7, [channel])
    (message,) = client.conversations_history(channel=channel)["messages"]
    assert (message["text"], message["files"][0]["id"]) == ("Voici", file["id"])
    assert download(file["url_private_download"], BOT_TOKEN) == (200, "text/plain", b"ligne 1")
    for token in (None, "xoxb-other"):
        status, content_type, body = download(file["url_private"], token)
        assert (status, content_type) == (200, "text/html")
        assert body.lower().startswith(b"<!doctype html")
    assert rules(playground) == ["file_access"]


def test_a_file_is_completed_once_and_only_after_its_bytes(playground: Playground, client: WebClient) -> None:
    given = client.files_getUploadURLExternal(filename="a.bin", length=3)
    files = [{"id": given["file_id"]}]
    answer = refusal(playground, client, "files.completeUploadExternal", files=files)
    assert answer["error"] == "file_not_found"
    with urlopen(Request(given["upload_url"], b"abc")) as response:
        assert response.read() == b"OK - 3"
    assert client.files_completeUploadExternal(files=files)["files"][0]["size"] == 3
    answer = refusal(playground, client, "files.completeUploadExternal", files=files)
    assert answer["error"] == "file_not_found"


def complete(client: WebClient, channel: str) -> str:
    """Upload a file and share it in a channel; its id."""
    given = client.files_getUploadURLExternal(filename="a.bin", length=3)
    with urlopen(Request(given["upload_url"], b"abc")):
        client.files_completeUploadExternal(files=[{"id": given["file_id"]}], channel_id=channel)
    return str(given["file_id"])


def test_a_file_says_in_which_messages_it_stands(playground: Playground, client: WebClient) -> None:
    channel = find(playground, "#dnum-reseau")
    file_id = complete(client, channel)
    (message,) = client.conversations_history(channel=channel)["messages"]
    shares = {"private": {channel: [{"ts": message["ts"]}]}}
    assert client.files_info(file=file_id)["file"]["shares"] == shares


def test_files_are_shared_later_than_their_completion_is_answered(
    playground: Playground, client: WebClient
) -> None:
    channel = find(playground, "#dnum-reseau")
    playground.control.post("shares", held=True)
    late, deleted = complete(client, channel), complete(client, channel)
    assert client.files_info(file=late)["file"]["shares"] == {}
    assert client.conversations_history(channel=channel)["messages"] == []
    client.files_delete(file=deleted)
    assert playground.control.post("shares", held=False)["released"] == 2
    (message,) = client.conversations_history(channel=channel)["messages"]
    assert [file["id"] for file in message["files"]] == [late]


def test_a_completion_whose_answer_was_lost_may_be_asked_for_again(
    playground: Playground, client: WebClient
) -> None:
    channel = find(playground, "#dnum-reseau")
    playground.control.post("faults", method="files.completeUploadExternal", status="reset", when="after")
    with pytest.raises(ConnectionResetError):
        complete(client, channel)
    (file_id,) = playground.slack.workspace.files
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=channel)
    assert len(client.conversations_history(channel=channel)["messages"]) == 1
    assert rules(playground) == []


def test_an_app_may_ask_how_far_its_upload_got(playground: Playground, client: WebClient) -> None:
    given = client.files_getUploadURLExternal(filename="a.bin", length=3)
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_info(file=given["file_id"])
    assert rules(playground) == []


@pytest.mark.parametrize(("when", "came"), [("before", b""), ("after", b"abc")])
def test_an_upload_may_be_cut(playground: Playground, client: WebClient, when: str, came: bytes) -> None:
    playground.control.post("faults", upload="*", status="reset", when=when)
    given = client.files_getUploadURLExternal(filename="a.bin", length=3)
    # While the bytes leave, or while the answer is waited for.
    with pytest.raises((URLError, ConnectionResetError)):
        urlopen(Request(given["upload_url"], b"abc"))
    assert playground.slack.workspace.files[given["file_id"]].content == came


def test_a_strangers_file_must_be_asked_about(playground: Playground, client: WebClient) -> None:
    channel = playground.slack.workspace.channel("general")
    assert channel is not None
    paul = find(playground, "@paul")
    file = File(new_id("F"), paul, "plan.pdf", "application/pdf", b"%PDF", 0, shared_in={channel.id})
    playground.slack.workspace.files[file.id] = file
    channel.messages["1.000000"] = Message("1.000000", channel.id, paul, "", files=[file.id])
    (message,) = client.conversations_history(channel=channel.id)["messages"]
    assert message["files"] == [{"id": file.id, "file_access": "check_file_info"}]
    assert client.files_info(file=file.id)["file"]["name"] == "plan.pdf"


def test_the_app_takes_its_own_file_away_and_no_other(playground: Playground, client: WebClient) -> None:
    channel = find(playground, "#dnum-reseau")
    file_id = client.files_upload_v2(filename="a.txt", content="a", channel=channel)["files"][0]["id"]
    client.files_delete(file=file_id)
    assert client.conversations_history(channel=channel)["messages"] == []
    assert refusal(playground, client, "files.delete", file=file_id)["error"] == "file_deleted"
    camille = find(playground, "@camille")
    hers = File(new_id("F"), camille, "plan.pdf", "application/pdf", b"%PDF", 0, shared_in={channel})
    playground.slack.workspace.files[hers.id] = hers
    assert refusal(playground, client, "files.delete", file=hers.id)["error"] == "cant_delete_file"
