"""Logs: the format of a line, and what no line may hold."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from slack_bolt import BoltRequest
from sqlalchemy.exc import OperationalError

from bot.delivery.errors import Permanent
from bot.observability import logs
from bot.observability.logs import JsonLines, TextLines
from bot.observability.slack_requests import describe
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.reasons import Reason
from playground.state.workspace import APP_TOKEN, BOT_TOKEN
from tests.support.help_desk import APPROVE, DIRECT, REFUSE, TRIAGE, Desk, file

SECRETS = {
    name: f"{name}-zébulon"
    for name in ("titre", "description", "réponse", "note", "solution", "motif", "fichier", "phrase", "fil")
}


class LogLines(logging.Handler):
    """A handler that collects each line in both formats."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.json: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.text.append(TextLines().format(record))
        self.json.append(JsonLines().format(record))

    def fields(self, logger: str) -> list[dict[str, object]]:
        """The fields of the lines of one logger."""
        lines = (json.loads(line) for line in self.json)
        return [line for line in lines if line["logger"] == logger]


@pytest.fixture
def lines_logged() -> Iterator[LogLines]:
    """The lines of the root logger from INFO up."""
    root, handler = logging.getLogger(), LogLines()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.setLevel(level)
    root.removeHandler(handler)


def record(message: str, *arguments: object, logger: str = "bot.cli", **more: object) -> logging.LogRecord:
    return logging.getLogger(logger).makeRecord(
        logger, logging.WARNING, __file__, 1, message, arguments, **{"exc_info": None, **more}
    )


def test_a_line_is_for_people_or_for_machines() -> None:
    said = record("invite the bot to: %s", "#dnum-reseau")
    said.created = 1_800_000_000.25
    assert TextLines().format(said) == (
        "2027-01-15T08:00:00.250Z WARNING bot.cli: invite the bot to: #dnum-reseau"
    )
    with logs.request("3f2a"):
        assert "WARNING bot.cli [3f2a]: invite" in TextLines().format(said)
        assert json.loads(JsonLines().format(said)) == {
            "time": "2027-01-15T08:00:00.250Z",
            "level": "WARNING",
            "logger": "bot.cli",
            "message": "invite the bot to: #dnum-reseau",
            "request": "3f2a",
        }


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
def test_a_record_is_one_line_whatever_its_message(lines: logging.Formatter) -> None:
    assert "\n" not in lines.format(record("one\ntwo\r\nthree\u2028four"))
    assert len(lines.format(record("one\ntwo", logger="urllib3")).splitlines()) == 1


def test_an_error_is_logged_by_type_and_place_without_its_message() -> None:
    try:
        try:
            raise KeyError("zébulon")
        except KeyError as cause:
            raise ValueError("camille zébulon") from cause
    except ValueError:
        said = record("reference 1A2B", exc_info=sys.exc_info())
    facts = json.loads(JsonLines().format(said))
    assert facts["error"] == "ValueError from KeyError"
    assert [place.partition(":")[0] for place in facts["at"]] == ["tests/observability/test_logs.py"]
    assert "zébulon" not in TextLines().format(said)
    assert "| ValueError from KeyError at tests/observability/test_logs.py:" in TextLines().format(said)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Unhandled request ({'user': {'name': 'zébulon'}})\n---\n@app.action", "Unhandled request …"),
        ("Failed to send a request: <urlopen error timed out>", "Failed to send a request: …"),
        ("no route to zebulon@univ.example today", "no route to … today"),
        ("token xoxb-1-zebulon refused", "token … refused"),
        ("token xapp-1-zebulon refused", "token … refused"),
    ],
)
def test_only_the_beginning_of_a_librarys_message_is_logged(said: str, kept: str) -> None:
    assert TextLines().format(record(said, logger="slack_bolt.App")).endswith(f"slack_bolt.App: {kept}")


def test_each_payload_is_one_line_with_its_outcome(desk: Desk, lines_logged: LogLines) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    karim.take()
    karim.forge_click("ticket.take", 1, TRIAGE)
    camille.visit_home()
    lines = lines_logged.fields("guichet.requests")
    ends = [(line["kind"], line["id"], line["outcome"]) for line in lines]
    assert [end for end in ends if end[0] != "event"] == [
        ("command", "/ticket", "ok"),
        ("action", "impact", "ok"),
        ("action", "urgency", "ok"),
        ("view_submission", "ticket_form", "ok"),
        ("action", "ticket.take", "ok"),
        ("action", "ticket.take", "refused"),
    ]
    assert ("event", "app_home_opened", "ok") in ends
    assert all(0 <= float(str(line["ms"])) < 60_000 for line in lines)
    assert len({line["request"] for line in lines}) == len(lines)
    refused = [line for line in lines if line["outcome"] == "refused"]
    assert "(TransitionRefused)" in str(refused[0]["message"])


def test_each_delivery_is_one_line_with_its_outcome(desk: Desk, lines_logged: LogLines) -> None:
    desk.person("camille").file_ticket()
    lines = lines_logged.fields("guichet.deliveries")
    assert {(line["kind"], line["outcome"], line["ticket"]) for line in lines} == {
        (kind, "sent", 1) for kind in ("card", "triage_card", "mail")
    }
    with desk.sessions() as session:
        rows = [row.id for row in session.query(Delivery)]
    assert sorted(str(line["request"]) for line in lines) == sorted(f"delivery-{row}" for row in rows)


def test_what_goes_wrong_in_a_payload_has_its_request(desk: Desk, lines_logged: LogLines) -> None:
    camille = desk.person("camille")
    camille.command("/ticket")
    body = camille.submission()
    with desk.lost_database():
        desk.parts.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    [reference] = lines_logged.fields("bot.slack.error_handler")
    [access] = [line for line in lines_logged.fields("guichet.requests") if line["kind"] == "view_submission"]
    assert access["outcome"] == "failed"
    assert access["request"] == reference["request"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"command": "/ticket", "text": "zébulon"}, ("command", "/ticket")),
        ({"type": "block_actions", "actions": [{"action_id": "ticket.take"}]}, ("action", "ticket.take")),
        ({"type": "block_actions", "actions": []}, ("action", "?")),
        ({"type": "block_suggestion", "action_id": "service", "value": "zé"}, ("options", "service")),
        (
            {"type": "message_action", "callback_id": "ticket_from_message"},
            ("shortcut", "ticket_from_message"),
        ),
        ({"type": "view_submission", "view": {"callback_id": "a\nb"}}, ("view_submission", "?")),
        ({"type": "event_callback", "event": {"type": "message", "text": "zé"}}, ("event", "message")),
        ({"type": "url_verification"}, ("other", "-")),
        ({}, ("other", "-")),
    ],
)
def test_a_payload_is_named_by_its_kind_and_our_id(body: dict[str, object], said: tuple[str, str]) -> None:
    assert describe(body) == said


def test_no_line_holds_what_people_wrote_or_who_they_are(
    desk: Desk, lines_logged: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long journey on which Slack, the mailbox, the database and the program itself all fail."""
    camille, karim = desk.person("camille"), desk.person("karim")
    desk.fault("chat.postMessage", 500)
    desk.fault("chat.postMessage", "reset")
    desk.slack.control.post("faults", smtp="451")
    camille.file_ticket(
        SECRETS["titre"],
        Description=SECRETS["description"],
        **{"Pièces attachées": [file(f"{SECRETS['fichier']}.pdf")]},
    )
    desk.slack.control.post("faults", smtp="reset")
    pass_time(desk)
    karim.take()
    karim.write(SECRETS["note"], TRIAGE, thread_ts=karim.messages(TRIAGE)[-1]["ts"])
    camille.write(SECRETS["réponse"], DIRECT, thread_ts=camille.messages()[0]["ts"])
    pass_time(desk)
    karim.resolve(SECRETS["solution"])
    camille.press(REFUSE, DIRECT)
    with desk.lost_database():
        camille.submit({"Qu'est-ce qui ne marche toujours pas ?": SECRETS["motif"]}, deliver=False)
    camille.submit({"Qu'est-ce qui ne marche toujours pas ?": SECRETS["motif"]})
    karim.resolve(SECRETS["solution"])

    def fail(*_arguments: object, **_more: object) -> None:
        raise RuntimeError(f"{SECRETS['phrase']} camille.bernard@univ.example Camille Bernard {BOT_TOKEN}")

    with monkeypatch.context() as patch:
        patch.setattr("bot.listeners.tickets.new_ticket.submit", fail)
        camille.file_ticket(SECRETS["titre"])
        camille.close()
        patch.setattr("bot.delivery.sending.compose", fail)
        camille.press(APPROVE, DIRECT)

    def refuse(*_arguments: object, **_more: object) -> None:
        refused = OperationalError(SECRETS["phrase"], {}, ValueError())
        raise Permanent(Reason.MAIL_REFUSED, code="550") from refused

    with monkeypatch.context() as patch:
        patch.setattr("bot.delivery.senders.smtp.mailer.SmtpMailer.send", refuse)
        pass_time(desk)
    camille.command("/ticket", SECRETS["titre"])
    unknown = camille.submission() | {"type": "view_closed"}
    unknown["view"]["callback_id"] = "unheard_of"
    desk.parts.app.dispatch(BoltRequest(body=unknown, mode="socket_mode"))
    camille.write(SECRETS["fil"], DIRECT)
    desk.deliver()

    done = {action for action, _words in desk.history()}
    assert done >= {Action.NOTE, Action.COMMENT, Action.RESOLVE, Action.REFUSE, Action.APPROVE}
    lines = "\n".join(lines_logged.text + lines_logged.json)
    for happened in (
        "Unhandled request",
        "RuntimeError",
        "is dead: smtp: refused: 550",
        "the database failed",
    ):
        assert happened in lines
    people = ["camille", "bernard", "karim", "benali", "univ.example", "@"]
    for secret in [*SECRETS.values(), "zébulon", "z\\u00e9bulon", BOT_TOKEN, APP_TOKEN, *people]:
        assert secret.lower() not in lines.lower(), secret


def pass_time(desk: Desk) -> None:
    """Make the deferred deliveries due again."""
    desk.ahead += timedelta(hours=1)
    desk.deliver()


def test_bolt_leaves_the_level_of_our_loggers_alone(desk: Desk) -> None:
    """Each of its apps sets that of the logger which has its name, past the caches of its children."""
    desk.person("camille").command("/ticket")
    assert logging.getLogger("guichet").level == logging.NOTSET
