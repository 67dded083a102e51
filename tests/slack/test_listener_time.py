"""All that Slack is asked while one payload is answered shares 2.5 s, and nothing is asked twice."""

import logging
from typing import Any

import pytest
from pytest_mock import MockerFixture
from slack_sdk import WebClient

from bot.observability.health import not_sending_reasons
from bot.slack import budget
from bot.slack.client import AccessRefused
from bot.timeouts import Timeouts
from tests.support.help_desk import TAKE, TRIAGE, Desk

SLOW = 0.8  # seconds that each call takes
REFUSED = "Slack refuse l’accès au centre d’aide : ce que vous voyez n’est peut-être plus à jour."


def calls(desk: Desk) -> int:
    """How many calls the bot has made."""
    return int(desk.slack.control.get("calls")["next"])


def test_somebody_new_gets_in_while_each_call_takes_long(desk: Desk) -> None:
    camille, before = desk.person("camille"), calls(desk)
    camille.command("/ticket")
    assert (calls(desk) - before) * SLOW <= Timeouts().payload
    assert camille.modal["title"] == "Ticket informatique"


def test_a_technician_who_is_new_acts_while_each_call_takes_long(desk: Desk) -> None:
    desk.person("camille").file_ticket()
    before = calls(desk)
    desk.person("karim").press(TAKE, TRIAGE, deliver=False)
    assert (calls(desk) - before) * SLOW <= Timeouts().payload
    assert desk.ticket().assignee is not None


def test_the_form_opens_without_the_technicians_fields_rather_than_not_at_all(desk: Desk) -> None:
    desk.fault("users.conversations", "timeout")
    karim = desk.person("karim")
    karim.command("/ticket")
    assert "Demandeur" not in karim.modal["labels"]


def test_a_call_gets_what_the_others_left() -> None:
    with budget.limit(2.5):
        assert 2.4 < budget.remaining(9) <= 2.5
        with budget.reserve(0.8):
            assert 1.6 < budget.remaining(9) <= 1.7
    with budget.limit(0):
        assert budget.remaining(9) == budget.TIMEOUT_MIN
    assert budget.remaining(9) == 9, "outside a payload each call has its own"


def test_the_names_in_a_message_share_the_time_of_its_payload(desk: Desk, mocker: MockerFixture) -> None:
    camille, left = desk.person("camille"), list[float]()
    camille.file_ticket()
    asked = WebClient.users_info

    def ask(client: WebClient, **arguments: Any) -> Any:
        left.append(client.timeout)
        return asked(client, **arguments)

    mocker.patch.object(WebClient, "users_info", ask)
    desk.parts.app.timeouts = Timeouts(payload=9.0, answer=1.0)  # type: ignore[attr-defined]
    camille.write("Demandez à @lea.", thread_ts=camille.messages()[-1]["ts"])
    assert 0 < left[0] <= 8, "of nine seconds, one is kept for the answer"


def test_all_that_a_listener_may_wait_for_is_less_than_slacks_three_seconds() -> None:
    assert Timeouts().payload <= 2.5
    assert Timeouts().answer + Timeouts().database < Timeouts().payload


def test_slack_is_not_asked_for_what_the_payload_or_the_start_provided(desk: Desk) -> None:
    desk.person("camille").visit_home()
    desk.person("camille").file_ticket()
    desk.person("karim").take()
    assert len(desk.calls("auth.test")) <= 1, "the worker's, for the link in e-mails"
    methods = [call["method"] for call in desk.slack.control.get("calls")["calls"]]
    assert methods.count("users.info") == 2, "one each"


# A token that Slack refuses


def refuse_token(desk: Desk) -> None:
    desk.fault("*", 0, error="invalid_auth", times=0)


@pytest.mark.parametrize("known", [True, False])
def test_a_refused_token_is_explained_and_reported_to_the_administrator(
    desk: Desk, known: bool, caplog: pytest.LogCaptureFixture
) -> None:
    if known:
        desk.parts.directory.actor(desk.person("camille").slack_id)
    refuse_token(desk)
    with caplog.at_level(logging.INFO, "guichet.requests"):
        answer = desk.dispatch(command(desk))
    assert answer["text"].startswith(REFUSED)
    assert "reinstall" not in str(answer)
    assert "command /ticket failed" in caplog.text
    assert "Slack refuses the help desk: " in caplog.text
    [reason] = pause_reasons(desk)
    assert reason.startswith("sending by slack is stopped: ")
    assert reason.endswith("invalid_auth")


def test_it_is_explained_in_the_persons_language(desk: Desk) -> None:
    desk.parts.directory.actor(desk.person("oliver").slack_id)
    refuse_token(desk)
    assert desk.dispatch(command(desk, "oliver"))["text"].startswith("Slack is denying the help desk access")


def test_a_refused_call_names_its_method(desk: Desk) -> None:
    desk.fault("users.info", 0, error="missing_scope")
    with pytest.raises(AccessRefused, match=r"users\.info: missing_scope"):
        desk.parts.directory.actor(desk.person("camille").slack_id)


def command(desk: Desk, name: str = "camille") -> dict[str, Any]:
    return {
        "command": "/ticket",
        "text": "",
        "team_id": "T0PLAYGRND",
        "user_id": desk.person(name).slack_id,
        "channel_id": "C0ANYWHERE",
        "trigger_id": "1.1.abc",
        "response_url": "http://127.0.0.1:9/",
    }


def pause_reasons(desk: Desk) -> list[str]:
    return not_sending_reasons(desk.sessions, now=desk.now)
