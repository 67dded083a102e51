"""Slack: tokens, scopes, clock, what was heard, channels."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.slack.slack_time import SLACK_TIME
from models.announcements.announcement import AnnouncementChannel
from models.base import utc_now
from models.outbox.health import LastHeard
from tests.support.announcing import IUT, add_channels
from tests.support.doctor import said
from tests.support.help_desk import Desk
from tests.support.outbox_rows import bot_leaves

SECRET = SecretStr("8f742231b10e8888abcd99baac0085a5")


def of_slack(desk: Desk, **changed: object) -> list[tuple[str, str]]:
    return said(desk.settings, "slack", **changed)


def test_a_sound_slack_is_well(desk: Desk) -> None:
    lines = of_slack(desk)
    assert ("ok", "SLACK_APP_TOKEN: may open a connection (Socket Mode)") in lines
    assert ("ok", "scopes: all 13 of the manifest") in lines
    assert {sign for sign, _ in lines} <= {"ok", "warn"}


@pytest.mark.parametrize(
    ("method", "code", "line"),
    [
        (
            "auth.test",
            "token_revoked",
            "SLACK_BOT_TOKEN: Slack answers token_revoked: put the Bot User OAuth Token there, and restart",
        ),
        (
            "auth.test",
            "internal_error",
            "SLACK_BOT_TOKEN: Slack answers internal_error: Slack itself has a fault: see "
            "slack-status.com, and try again later",
        ),
        (
            "apps.connections.open",
            "not_allowed_token_type",
            "SLACK_APP_TOKEN: Slack answers not_allowed_token_type: put an app-level token with the scope "
            "connections:write there, and restart",
        ),
    ],
)
def test_a_token_that_slack_refuses(desk: Desk, method: str, code: str, line: str) -> None:
    desk.slack.control.post("faults", method=method, error=code, times=1)
    assert [words for sign, words in of_slack(desk) if sign == "FAIL"] == [line]


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        ({"status": 429, "retry_after": 1}, "Slack limits how often it is called: try again in some minutes"),
        (
            {"status": "html"},
            "an answer that is not Slack's (HTTP status 200): check SLACK_API_URL, and a proxy that may "
            "answer instead; or try again later",
        ),
    ],
)
def test_what_answers_instead_of_slack_is_no_question_of_the_network(
    desk: Desk, fault: dict[str, object], line: str
) -> None:
    desk.slack.control.post("faults", method="auth.test", times=9, **fault)
    assert [words for sign, words in of_slack(desk) if sign == "FAIL"] == [f"SLACK_BOT_TOKEN: {line}"]


def test_tokens_and_secrets_that_are_missing_or_malformed(desk: Desk) -> None:
    without = {"slack_app_token": None, "slack_signing_secret": None}
    [first, *_] = of_slack(desk, **without)
    assert first[0] == "FAIL"
    assert first[1].startswith("neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set")
    over_http = {"slack_app_token": None, "slack_signing_secret": SECRET}
    assert ("ok", "SLACK_SIGNING_SECRET: has the form of one") in of_slack(desk, **over_http)
    doubtful = over_http | {"slack_signing_secret": SecretStr("s3cret")}
    [failure] = [words for sign, words in of_slack(desk, **doubtful) if sign == "FAIL"]
    assert failure.startswith("SLACK_SIGNING_SECRET: expected 32 digits from 0 to 9 and a to f")
    assert "s3cret" not in failure
    assert of_slack(desk, slack_bot_token=None)[-1] == (
        "FAIL",
        "SLACK_BOT_TOKEN: missing; set it in the environment or in .env",
    )


def test_scopes_against_the_manifest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    given = desk.slack.slack.manifest
    granted = (given.bot_scopes | {"chat:write.public"}) - {"im:write", "groups:read", "usergroups:read"}
    monkeypatch.setattr(desk.slack.slack, "manifest", replace(given, bot_scopes=granted))
    lines = [line for line in of_slack(desk) if line[1].startswith("scopes: ")]
    install = "`guichet manifest`, paste it under App Manifest, then install the app again"
    assert lines == [
        ("FAIL", f"scopes: the app lacks groups:read, im:write: {install}"),
        ("warn", "scopes: without usergroups:read, which may be declined: see Approvers"),
        ("warn", f"scopes: the app has chat:write.public, which it does not use: {install}"),
    ]
    desk.slack.run(desk.slack.slack.workspace.violations.clear)


def test_a_clock_that_is_wrong(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SLACK_TIME, "problem", lambda: "this machine's clock is 312 s behind Slack's")
    assert ("FAIL", "this machine's clock is 312 s behind Slack's") in of_slack(desk)


def test_when_each_kind_of_event_was_last_heard(desk: Desk) -> None:
    def events() -> list[tuple[str, str]]:
        return [line for line in of_slack(desk) if line[1].startswith("events: ")]

    [(sign, words)] = events()
    assert sign == "warn"
    assert words.startswith("events: Slack was never heard: ")
    with desk.sessions.begin() as session:
        session.add(LastHeard(kind="message.im", at=utc_now() - timedelta(minutes=5, seconds=1)))
        session.add(LastHeard(kind="command", at=utc_now() - timedelta(hours=30)))
    [heard, never] = events()
    assert heard == ("ok", "events: last heard: message.im 5 min ago, command 30 h ago")
    assert never[1].startswith("events: never heard so far: app_home_opened, app_mention, ")
    with desk.sessions.begin() as session:
        session.execute(text("DELETE FROM last_heard WHERE kind = 'message.im'"))
        session.get_one(LastHeard, "command").at = utc_now() - timedelta(days=9, minutes=1)
    assert events()[0] == ("warn", "events: nothing was heard for 9 d; last: command 9 d ago")
    with desk.sessions.begin() as session:
        session.get_one(LastHeard, "command").at = utc_now() - timedelta(minutes=5, seconds=1)
    [(sign, words), _never] = events()
    assert sign == "warn"
    assert words.startswith("events: clicks and forms arrive, but no subscribed event: are the event ")


def test_a_channel_without_the_bot_or_unfit_is_named_and_not_saved(desk: Desk) -> None:
    [line] = said(desk.settings, "channels")
    assert line[0] == "ok"
    assert desk.slack.control.post("channel", channel="#dnum-assistance", private=False)["ok"]
    lines = said(desk.settings, "channels")
    unfit = "#dnum-assistance (assistance) is public: everybody could read its tickets: no card is posted"
    assert lines == [("FAIL", unfit)]
    with desk.sessions() as session:
        assert session.scalar(text("SELECT count(*) FROM team WHERE channel_problem IS NOT NULL")) == 0


def test_a_channel_that_the_bot_is_not_in(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        session.execute(text("UPDATE team SET channel = '#nowhere', channel_id = NULL WHERE id = 'reseau'"))
    assert ("FAIL", "the bot is not in #nowhere: run `/invite @guichet` there") in said(desk.settings)


def test_a_channel_that_refused_a_card_is_named(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        session.execute(text("UPDATE team SET channel_problem = 'read_only' WHERE id = 'reseau'"))
    [(sign, words)] = said(desk.settings, "channels")
    assert sign == "FAIL"
    assert "does not let the bot or the team write" in words


def test_channels_for_announcements_that_are_fit_need_no_line(desk: Desk) -> None:
    add_channels(desk)
    assert [sign for sign, _words in said(desk.settings, "channels")] == ["ok"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"archived": True}, "is archived: unarchive it, or name another channel"),
        ({"shared": True}, "is shared with another organisation: nothing is announced there"),
    ],
)
def test_a_channel_in_which_nothing_can_be_announced_is_named(
    desk: Desk, changes: dict[str, Any], words: str
) -> None:
    add_channels(desk)
    assert desk.slack.control.post("channel", channel=IUT, **changes)["ok"]
    assert ("warn", f"announcements: {IUT} {words}") in said(desk.settings, "channels")


def test_a_channel_for_announcements_without_the_bot_is_named(desk: Desk) -> None:
    add_channels(desk)
    bot_leaves(desk, IUT)
    line = f"announcements: the bot is not in {IUT}: run `/invite @guichet` there"
    assert ("warn", line) in said(desk.settings, "channels")


def test_a_channel_for_announcements_that_was_never_seen_is_named(desk: Desk) -> None:
    with desk.sessions.begin() as session:
        session.add(AnnouncementChannel(name="#nulle-part"))
        session.execute(text("UPDATE site SET announce = '[\"#nulle-part\"]' WHERE id = 'iut'"))
    line = "announcements: #nulle-part is unknown: create it, and run `/invite @guichet` there"
    assert ("warn", line) in said(desk.settings, "channels")
