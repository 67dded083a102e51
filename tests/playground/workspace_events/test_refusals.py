"""Slack that says no, says nonsense, or takes its time; mail servers that refuse."""

import http.client
import smtplib
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from slack_sdk.errors import SlackApiError

from tests.playground.web_api_calls import modal, trigger
from tests.playground.workspace_events.conftest import RecordingApp

PNG = {"name": "ecran.png", "content_base64": "iVBORw=="}


def answer(slack: RecordingApp) -> tuple[int, str, bytes]:
    """A call's answer as it comes over the line: status, kind, body."""
    connection = http.client.HTTPConnection(urlsplit(slack.playground.base_url).netloc, timeout=5)
    with closing(connection):
        connection.request("POST", "/api/auth.test", "", {"Authorization": "Bearer xoxb-playground"})
        with connection.getresponse() as response:
            return response.status, response.getheader("content-type", ""), response.read()


@pytest.mark.parametrize(
    "error", ["update_failed", "external_channel_migrating", "message_limit_exceeded", "team_added_to_org"]
)
@pytest.mark.parametrize(("when", "text"), [("before", "un"), ("after", "deux")])
def test_a_method_answers_any_error(slack: RecordingApp, error: str, when: str, text: str) -> None:
    direct = slack.id_of("dm:camille")
    ts = slack.client.chat_postMessage(channel=direct, text="un")["ts"]
    slack.do("faults", method="chat.update", error=error, when=when)
    with pytest.raises(SlackApiError) as caught:
        slack.client.chat_update(channel=direct, ts=ts, text="deux")
    assert caught.value.response["error"] == error
    assert slack.client.conversations_history(channel=direct)["messages"][0]["text"] == text
    assert slack.client.chat_update(channel=direct, ts=ts, text="trois")["ok"]


def test_a_method_fails_for_one_person_only(slack: RecordingApp) -> None:
    slack.do("faults", method="users.info", error="user_not_found", where={"user": "@camille"}, times=0)
    assert slack.client.users_info(user=slack.id_of("@karim"))["ok"]
    for _ in range(2):
        with pytest.raises(SlackApiError, match="user_not_found"):
            slack.client.users_info(user=slack.id_of("@camille"))


def test_an_acknowledgement_is_lost_and_the_form_stays_open(slack: RecordingApp) -> None:
    slack.client.views_open(trigger_id=trigger(slack.playground), view=modal())
    slack.do("faults", ack="view_submission")
    assert slack.refused("submit", user="camille", values={"Titre": "un"}) == "operation_timeout"
    seen = slack.playground.control.get("screen", user="camille")
    assert seen["modal"]["values"] == {"Titre": "un"}
    assert seen["toasts"]
    slack.do("submit", user="camille", values={"Titre": "deux"})
    assert len([body for body in slack.bodies if body["type"] == "view_submission"]) == 2


def test_every_method_is_slow_until_it_is_not(slack: RecordingApp) -> None:
    slack.do("faults", method="*", latency=0.1)
    for call in (slack.client.auth_test, slack.client.team_info):
        before = time.monotonic()
        call()
        assert time.monotonic() - before >= 0.1
    slack.playground.reset()
    assert slack.playground.slack.faults.latency("auth.test") == 0


def test_one_call_is_slow_and_then_fails(slack: RecordingApp) -> None:
    slack.do("faults", method="auth.test", error="internal_error", latency=0.1)
    before = time.monotonic()
    with pytest.raises(SlackApiError, match="internal_error"):
        slack.client.auth_test()
    assert time.monotonic() - before >= 0.1


def test_an_answer_breaks_off_in_the_middle(slack: RecordingApp) -> None:
    slack.do("faults", method="auth.test", status="truncated")
    with pytest.raises(http.client.IncompleteRead):
        answer(slack)


def test_an_answer_is_empty(slack: RecordingApp) -> None:
    slack.do("faults", method="auth.test", status="empty")
    assert answer(slack)[2] == b""


def test_an_answer_is_the_page_of_a_proxy(slack: RecordingApp) -> None:
    slack.do("faults", method="auth.test", status="html")
    _, kind, body = answer(slack)
    assert kind.startswith("text/html")
    assert body.startswith(b"<!DOCTYPE html>")


def test_slack_is_down(slack: RecordingApp) -> None:
    slack.do("faults", method="*", status=503, times=2)
    assert [answer(slack)[0] for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"method": "auth.test"},
        {"method": "auth.test", "status": 418},
        {"method": "auth.test", "status": 500, "when": "never"},
        {"smtp": "later"},
        {"smtp": "550 no", "stage": "quit"},
    ],
)
def test_an_invalid_fault_is_refused(slack: RecordingApp, fields: dict[str, Any]) -> None:
    assert slack.refused("faults", **fields) == "bad_request"


class Elsewhere(HTTPServer):
    """Another host, which records the headers that it receives."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[dict[str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Elsewhere)
        self.server.seen.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    server = Elsewhere()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def address_of_a_file(slack: RecordingApp) -> str:
    return str(slack.write("voici", files=[PNG])["files"][0]["url_private_download"])


def test_a_download_is_redirected(slack: RecordingApp, elsewhere: Elsewhere) -> None:
    there = f"http://127.0.0.1:{elsewhere.server_port}/elsewhere"
    slack.do("faults", download="*", redirect=there)
    with urlopen(Request(address_of_a_file(slack), headers={"X-Asks": "a test"})) as response:
        assert response.url == there
    assert elsewhere.seen[0]["x-asks"] == "a test"


def test_a_download_breaks_off(slack: RecordingApp) -> None:
    slack.do("faults", download="*", status="truncated")
    request = Request(address_of_a_file(slack), headers={"Authorization": "Bearer xoxb-playground"})
    with urlopen(request) as response, pytest.raises(http.client.IncompleteRead):
        response.read()


def mail(slack: RecordingApp, *options: str) -> None:
    where = urlsplit(slack.playground.smtp_url)
    with smtplib.SMTP(where.hostname or "", where.port or 0) as smtp:
        words = "Subject: x\r\n\r\nbonjour"
        smtp.sendmail("guichet@univ.example", ["camille@univ.example"], words, mail_options=options)


@pytest.mark.parametrize(
    ("stage", "reply", "error"),
    [
        ("greeting", "554 5.7.1 Service unavailable; client blocked", smtplib.SMTPConnectError),
        ("mail", "550 5.7.60 Client does not have permissions to send as", smtplib.SMTPSenderRefused),
        ("mail", "530 5.7.57 Client was not authenticated", smtplib.SMTPSenderRefused),
        ("rcpt", "554 5.7.1 Relay access denied", smtplib.SMTPRecipientsRefused),
        ("data", "550 5.4.5 Daily user sending quota exceeded", smtplib.SMTPDataError),
    ],
)
def test_a_mail_server_refuses_at_any_stage(
    slack: RecordingApp, stage: str, reply: str, error: type[Exception]
) -> None:
    slack.do("faults", smtp=reply, stage=stage)
    with pytest.raises(error, match=reply.split(" ", 1)[1].split(";")[0]):
        mail(slack)
    mail(slack)
    (received,) = slack.playground.control.get("mail")["mail"]
    assert received["raw"].startswith("Subject: x")


def test_a_mail_server_may_know_no_utf8_addresses(slack: RecordingApp) -> None:
    slack.do("faults", smtp="no_smtputf8", stage="ehlo")
    with pytest.raises(smtplib.SMTPNotSupportedError):
        mail(slack, "SMTPUTF8")
