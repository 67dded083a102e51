"""Rates, faults, mail, and the life of the playground's server."""

import http.client
import smtplib
import socket
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.state.rate_limits import TIERS
from playground.state.workspace import BOT_TOKEN
from playground.testing import Playground
from playground.web_api.registry import METHODS
from tests.playground.web_api_calls import call, find, refusal, rules
from tests.support.processes import wait_until


def test_a_channel_takes_a_burst_then_a_message_a_second(playground: Playground, client: WebClient) -> None:
    arguments = {"channel": "#dnum-assistance", "text": "x"}
    for _ in range(10):
        call(playground, client, "chat.postMessage", **arguments)
    answer = refusal(playground, client, "chat.postMessage", **arguments)
    assert (answer.status_code, answer.data) == (429, {"ok": False, "error": "ratelimited"})
    assert answer.headers["retry-after"] == "1"
    assert call(playground, client, "chat.postMessage", channel="#general", text="x")["ok"]
    playground.control.post("clock", advance=1)
    assert call(playground, client, "chat.postMessage", **arguments)["ok"]
    assert rules(playground) == []


def test_a_method_has_its_rate(playground: Playground, client: WebClient) -> None:
    for _ in range(40):
        client.users_list()
    answer = refusal(playground, client, "users.list")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")


def test_rates_can_be_switched_off() -> None:
    with Playground(rate_limits=False) as playground:
        client = WebClient(BOT_TOKEN, base_url=playground.api_url)
        for _ in range(12):
            client.chat_postMessage(channel="#general", text="x")


@pytest.mark.parametrize(("when", "posted"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize("status", [429, 500, "timeout", "reset"])
def test_a_fault_loses_the_call_or_its_answer(
    playground: Playground, client: WebClient, status: int | str, when: str, posted: int
) -> None:
    playground.control.post("faults", method="chat.postMessage", status=status, when=when, retry_after=7)
    if status == "timeout":
        client.timeout = 0.2  # type: ignore[assignment]
    channel = playground.slack.workspace.channel("general")
    assert channel is not None
    with pytest.raises((SlackApiError, OSError)) as caught:
        client.chat_postMessage(channel=channel.id, text="x")
    client.timeout = 30
    wait_until(lambda: bool(playground.slack.workspace.calls), 30, "the call was not recorded")
    assert len(channel.messages) == posted
    if status == 429:
        assert isinstance(caught.value, SlackApiError)
        assert caught.value.response.headers["retry-after"] == "7"
    if status == "reset":
        assert isinstance(caught.value, ConnectionResetError)
    assert rules(playground) == []
    client.chat_postMessage(channel=channel.id, text="y")
    assert [call.status for call in playground.slack.workspace.calls] == [
        status if isinstance(status, int) else 0,
        200,
    ]


def send(playground: Playground) -> None:
    message = EmailMessage()
    message["Subject"] = "Votre ticket a été créé"
    message["To"] = "Aurélie D'Hérouville <aurelie.dherouville@univ.example>"
    message.set_content("Écran noir")
    message.add_alternative("<p>Écran noir</p>", subtype="html")
    where = urlsplit(playground.smtp_url)
    with smtplib.SMTP(where.hostname or "", where.port or 0) as smtp:
        smtp.send_message(message, "guichet@univ.example", ["aurelie.dherouville@univ.example"])


def test_mail_is_kept_with_its_envelope_text_and_html(playground: Playground) -> None:
    send(playground)
    (mail,) = playground.slack.mailbox.mails
    assert (mail.sender, mail.recipients) == ("guichet@univ.example", ["aurelie.dherouville@univ.example"])
    assert mail.subject == "Votre ticket a été créé"
    assert (mail.text or "").strip() == "Écran noir"
    assert "<p>Écran noir</p>" in (mail.html or "")


@pytest.mark.parametrize(("when", "kept"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize(
    ("fault", "error"), [("451", smtplib.SMTPDataError), ("reset", smtplib.SMTPServerDisconnected)]
)
def test_a_mail_fault_loses_the_mail_or_its_answer(
    playground: Playground, fault: str, error: type[Exception], when: str, kept: int
) -> None:
    playground.control.post("faults", smtp=fault, when=when)
    with pytest.raises(error):
        send(playground)
    assert len(playground.slack.mailbox.mails) == kept
    send(playground)
    assert len(playground.slack.mailbox.mails) == kept + 1


def test_a_reset_clears_all_but_keeps_the_ids(playground: Playground, client: WebClient) -> None:
    camille, direct = find(playground, "@camille"), find(playground, "dm:camille")
    client.chat_postMessage(channel=camille, text="x")
    playground.control.post("clock", advance=3600)
    playground.reset()
    assert (find(playground, "@camille"), find(playground, "dm:camille")) == (camille, direct)
    assert client.conversations_history(channel=direct)["messages"] == []
    assert playground.slack.workspace.clock.offset == 0


def test_stops_though_a_request_waits_for_ever() -> None:
    with Playground() as playground:
        playground.control.post("faults", method="auth.test", status="timeout")
        host, _, port = urlsplit(playground.base_url).netloc.partition(":")
        waiting = http.client.HTTPConnection(host, int(port))
        waiting.request("POST", "/api/auth.test", "", {"Authorization": f"Bearer {BOT_TOKEN}"})
    waiting.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)))


def test_every_method_has_a_rate() -> None:
    assert METHODS.keys() == TIERS.keys()
