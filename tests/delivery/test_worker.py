"""The worker against the local Slack and mailbox, when something goes wrong on the way."""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from threading import Event as Flag
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from jinja2 import TemplateNotFound
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.delivery import message_references, outbox, periodic
from bot.delivery import worker as worker_module
from bot.delivery.clock_steps import bring_near
from bot.delivery.errors import (
    AccountClosed,
    CardGone,
    ChannelUnreachable,
    DeliveryError,
    MethodPaused,
    NoAnswer,
    Permanent,
    RateLimited,
    Retryable,
    SenderPaused,
)
from bot.delivery.failures.slack_errors import fail
from bot.delivery.rendering import render
from bot.delivery.rendering.mails.slack_message import WAIT_MAX
from bot.delivery.rendering.rendered import Sent
from bot.delivery.senders.slack import SlackSender
from bot.delivery.wakeup import Wakeup
from bot.delivery.worker import Worker
from bot.http.server import create_wsgi
from bot.notifications.maintenance.pauses import pause
from bot.running.worker import app_link
from bot.running.worker_threads import WorkerThreads
from bot.slack.client import worker_client
from models.catalogue import Team
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState, Lane
from models.outbox.reasons import Cause, Reason
from models.outbox.schedule import Pause
from models.person import Person as PersonRow
from playground.state.conversation.messages import post_message
from playground.state.workspace import BOT_TOKEN, BOT_USER_ID
from tests.support.doctor import examined
from tests.support.help_desk import APPROVE, DETAIL, DIRECT, REFUSE, RESOLVE, TIMEOUT, TRIAGE, Desk, Person
from tests.support.outbox_rows import (
    bot_leaves,
    deliveries,
    delivery,
    forgive,
    open_quietly,
    reference_of,
    wait,
)
from tests.support.senders import make_senders

NETWORK = "#dnum-reseau"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Its time passes when the test says so."""
    desk.stop_clock()
    return desk


@pytest.fixture
def another_worker(desk: Desk) -> Callable[..., Worker]:
    """Makes workers of the same desk, with senders of one's choice."""
    return lambda **senders: Worker(
        Sessions(desk.parts.worker_engine), make_senders(desk, **senders), lambda: desk.now
    )


# Slack asks for a rest, or fails


def test_a_rest_is_taken_exactly_as_long_as_slack_asks_by_the_channel_it_is_for(desk: Desk) -> None:
    desk.fault("chat.postMessage", 429, retry_after=300)
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    assert len(karim.messages(TRIAGE)) == 1, "the team's card leaves"
    assert desk.mails() == [], "it waits for the message that it opens"
    camille.file_ticket("Un autre")
    wait(desk, timedelta(seconds=299))
    assert camille.messages() == []
    assert len(desk.calls("chat.postMessage")) == 3, "nor is the other ticket's card tried"
    assert len(desk.mails()) == 2, "for a while only"
    wait(desk, timedelta(seconds=1))
    assert len(camille.messages()) == 2


def test_what_waits_for_a_rest_leaves_in_its_order(desk: Desk) -> None:
    camille = desk.person("camille")
    for _turn in range(3):
        open_quietly(desk)
        desk.ahead += timedelta(seconds=1)
    desk.fault("chat.postMessage", 429, retry_after=300)
    desk.deliver()
    wait(desk, timedelta(seconds=300))
    assert [text.split(" · ")[0] for text in camille.reads()] == ["n° 1", "n° 2", "n° 3"]


def test_a_second_channel_that_is_to_rest_lets_the_method_rest(desk: Desk) -> None:
    desk.fault("chat.postMessage", 429, retry_after=300, times=2)
    camille, karim, oliver = (desk.person(name) for name in ("camille", "karim", "oliver"))
    camille.file_ticket()
    oliver.file_ticket()
    assert (camille.messages(), karim.messages(TRIAGE), oliver.messages()) == ([], [], [])
    assert len(desk.calls("chat.postMessage")) == 2
    wait(desk, timedelta(seconds=300))
    assert [len(camille.messages()), len(karim.messages(TRIAGE)), len(oliver.messages())] == [1, 2, 1]


def test_a_rest_of_one_method_leaves_the_others_to_their_work(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    desk.fault("chat.update", 429, retry_after=300)
    karim.take()
    assert len(desk.calls("chat.update")) == 1
    camille.file_ticket("Un autre")
    assert len(camille.messages()) == 2


@pytest.mark.parametrize("status", [500, "reset"])
def test_a_message_that_slack_failed_to_take_is_posted_later(desk: Desk, status: int | str) -> None:
    desk.fault("chat.postMessage", status, times=2)
    camille = desk.person("camille")
    camille.file_ticket()
    assert camille.messages() == []
    wait(desk)
    assert len(camille.messages()) == len(desk.person("karim").messages(TRIAGE)) == 1


def test_a_message_whose_answer_was_lost_is_found_again_and_not_posted_twice(desk: Desk) -> None:
    desk.fault("chat.postMessage", "reset", when="after", times=2)
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    assert len(camille.messages()) == len(karim.messages(TRIAGE)) == 1, "they arrived"
    assert delivery(desk, DeliveryKind.CARD).state is DeliveryState.PENDING, "and nobody knows"
    wait(desk)
    (hers,), (theirs,) = camille.messages(), karim.messages(TRIAGE)
    assert (
        reference_of(desk, DeliveryKind.CARD).ts == delivery(desk, DeliveryKind.CARD).remote_id == hers["ts"]
    )
    assert reference_of(desk, DeliveryKind.TRIAGE_CARD).ts == theirs["ts"]
    karim.take()
    assert len(camille.messages()) == 1, "and is edited from there on"


def test_a_reply_whose_answer_was_lost_is_found_in_its_thread(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    karim.resolve("Redémarrée.")
    camille.press(REFUSE, DIRECT)
    desk.fault("chat.postMessage", "reset", when="after")
    camille.submit({"Qu’est-ce qui ne marche toujours pas ?": "Toujours rien."})
    wait(desk)
    (card,) = karim.messages(TRIAGE)
    assert len(card["replies"]) == 1
    assert delivery(desk, DeliveryKind.THREAD).remote_id == card["replies"][0]["ts"]


def test_a_request_that_is_answered_before_it_is_known_to_stand_is_settled_all_the_same(desk: Desk) -> None:
    """The requester sees it long before we know that it arrived."""
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    desk.fault("chat.postMessage", "reset", when="after")
    karim.resolve("Redémarrée.")
    camille.press(APPROVE, DIRECT)
    wait(desk)
    assert "Vous avez approuvé cette solution" in camille.reads()[1]
    assert f"[{APPROVE}]" not in camille.reads()[1]
    request = camille.messages()[1]["ts"]
    camille.write("Merci !", thread_ts=request)
    desk.deliver()
    assert any("Merci !" in words for words in karim.reads_thread())


def test_a_card_handed_over_before_it_is_known_to_stand_is_no_longer_the_teams(desk: Desk) -> None:
    desk.fault("chat.postMessage", "reset", when="after", times=2)
    karim = desk.person("karim")
    desk.person("camille").file_ticket()
    assert "[Je prends]" in karim.reads(TRIAGE)[0]
    karim.menu("Requalifier, passer à une équipe…")
    karim.submit({"Équipe": "Réseau et téléphonie", "Pourquoi, pour l’autre équipe": "C’est le switch."})
    wait(desk)
    [old] = karim.reads(TRIAGE)
    assert "Passé de l’équipe Assistance de proximité à l’équipe Réseau et téléphonie" in old
    assert "[" not in old


NETWORK = "#dnum-reseau"
HAND_OVER = "Requalifier, passer à une équipe…"
TO_NETWORK = {"Équipe": "Réseau et téléphonie", "Pourquoi, pour l’autre équipe": "C’est le switch."}
BACK = {"Équipe": "Assistance de proximité", "Pourquoi, pour l’autre équipe": "C’est un poste."}


@pytest.mark.parametrize("comes_back", [False, True])
def test_a_comment_that_arrived_before_a_hand_over_is_not_posted_once_more(
    desk: Desk, *, comes_back: bool
) -> None:
    camille, karim, marc = (desk.person(name) for name in ("camille", "karim", "marc"))
    camille.file_ticket()
    desk.fault("chat.postMessage", "reset", when="after")
    camille.write("Le voyant est rouge.", thread_ts=camille.messages()[0]["ts"])
    desk.deliver()
    assert "rouge" in karim.reads_thread()[0]
    karim.menu(HAND_OVER)
    karim.submit(TO_NETWORK)
    if comes_back:
        marc.menu(HAND_OVER, NETWORK)
        marc.submit(BACK)
    wait(desk)
    messages = [*karim.messages(TRIAGE), *marc.messages(NETWORK)]
    said = [reply["text"] for message in messages for reply in message.get("replies", ())]
    assert sum("rouge" in text for text in said) == 1
    assert delivery(desk, DeliveryKind.COMMENT).state is DeliveryState.SENT


def test_a_comment_reaches_the_next_team_when_the_former_ones_channel_is_out_of_reach(desk: Desk) -> None:
    camille, karim, marc = (desk.person(name) for name in ("camille", "karim", "marc"))
    camille.file_ticket()
    desk.fault("chat.postMessage", "reset", when="after")
    camille.write("Le voyant est rouge.", thread_ts=camille.messages()[0]["ts"])
    desk.deliver()
    karim.menu(HAND_OVER)
    karim.submit(TO_NETWORK)
    assert desk.slack.control.post("kick", user="guichet", channel=TRIAGE)["ok"]
    wait(desk)
    assert any("rouge" in text for text in marc.reads_thread(NETWORK))
    forgive(desk, "channel_not_found")


def test_words_taken_back_before_they_are_known_to_stand_do_not_stay(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    desk.fault("chat.postMessage", "reset", when="after")
    sent = camille.write("Mon mot de passe est 1234.", thread_ts=camille.messages()[0]["ts"])
    desk.deliver()
    assert "1234" in karim.reads_thread()[0]
    ts = sent["message"]["ts"]
    assert desk.slack.control.post("delete", user="camille", channel=DIRECT, ts=ts)["ok"]
    wait(desk)
    assert len(karim.reads_thread()) == 1
    assert "1234" not in karim.reads_thread()[0]


def test_what_never_arrived_is_not_sent_once_it_is_answered(desk: Desk) -> None:
    """An earlier attempt may have arrived: it is looked for, and not found."""
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    desk.fault("chat.postMessage", 500)
    karim.resolve("Redémarrée.")
    camille.press(DETAIL, DIRECT)
    camille.press(APPROVE)
    wait(desk)
    assert len(camille.messages()) == 1
    assert delivery(desk, DeliveryKind.RESOLUTION).state is DeliveryState.SKIPPED


def test_a_message_is_found_again_behind_many_others(desk: Desk) -> None:
    desk.fault("chat.postMessage", "reset", when="after")
    camille = desk.person("camille")
    camille.file_ticket()
    (card,) = camille.messages()
    workspace = desk.slack.slack.workspace
    channel = workspace.direct_message(workspace.person("camille").id)
    for number in range(250):
        desk.slack.run(post_message, desk.slack.slack, channel, BOT_USER_ID, f"bavardage {number}", [])
    wait(desk)
    assert reference_of(desk, DeliveryKind.CARD).ts == card["ts"]


def test_an_answer_that_is_too_long_in_coming_is_a_lost_one(
    desk: Desk, another_worker: Callable[..., Worker]
) -> None:
    desk.fault("chat.postMessage", "timeout", when="after")
    number, impatient = open_quietly(desk), another_worker(timeout=1)
    assert impatient.send_one()
    row = delivery(desk, DeliveryKind.CARD, ticket_id=number)
    assert (row.state, row.attempt) == (DeliveryState.PENDING, 1)
    assert row.cause == Cause(Reason.NO_ANSWER, "chat.postMessage", "no answer in time")
    wait(desk)
    assert len(desk.person("camille").messages()) == 1


def test_an_edit_that_failed_keeps_its_place_before_later_messages(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    desk.fault("chat.update", 500, times=2)
    karim.take()
    karim.resolve("Redémarrée.")
    assert len(camille.messages()) == 1, "the request comes after the card"
    wait(desk)
    assert "Une solution est proposée" in camille.reads()[0]
    assert "Redémarrée." in camille.reads()[1]


# What a refusal means


def refused(code: str, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    response = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": code},
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("", response)


@pytest.mark.parametrize(
    ("outcome", "codes"),
    [
        (
            SenderPaused,
            "invalid_auth not_authed not_allowed_token_type token_revoked token_expired account_inactive "
            "org_login_required ekm_access_denied enterprise_is_restricted team_access_not_granted",
        ),
        (MethodPaused, "missing_scope no_permission"),
        (CardGone, "message_not_found edit_window_closed cant_update_message"),
        (
            ChannelUnreachable,
            "channel_not_found is_archived is_inactive not_in_channel restricted_action "
            "restricted_action_read_only_channel posting_to_channel_denied",
        ),
        (AccountClosed, "user_disabled"),
        (Permanent, "user_not_found invalid_blocks msg_too_long"),
        (
            Retryable,
            "internal_error fatal_error service_unavailable request_timeout update_failed "
            "external_channel_migrating message_limit_exceeded file_update_failed whatever_is_new",
        ),
        (RateLimited, "ratelimited rate_limited"),
    ],
)
def test_a_refusal_of_slack_means(outcome: type[DeliveryError], codes: str) -> None:
    for code in codes.split():
        with pytest.raises(DeliveryError) as raised:
            fail("chat.postMessage", refused(code))
        assert type(raised.value) is outcome, code
        assert outcome is RateLimited or str(raised.value) == f"chat.postMessage: {code}"


@pytest.mark.parametrize(
    ("error", "maybe_sent"),
    [
        (ConnectionRefusedError(), False),
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (SlackRequestError(""), True),
        (refused("", 503), True),
        (refused("bad_gateway", 502), True),
        (refused("Received a response in a non-JSON format: <html>"), True),  # a proxy's page
    ],
)
def test_a_failure_says_whether_slack_may_have_had_it(error: Exception, maybe_sent: bool) -> None:
    with pytest.raises(Retryable) as raised:
        fail("chat.postMessage", error)
    assert raised.value.maybe_sent is maybe_sent


def test_a_rest_without_a_length_is_a_second() -> None:
    with pytest.raises(RateLimited) as asked:
        fail("chat.update", refused("ratelimited", 429))
    assert (asked.value.method, asked.value.seconds) == ("chat.update", 1)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *(
            ("30", 30),
            ("0.5", 1),
            ("0", 1),
            ("-5", 1),
            ("nan", 1),
            ("soon", 1),
            ("", 1),
            ("Sat, 28 Nov 2026", 1),
        ),
        *((text, 600) for text in ("1" * 30, "1000000", "1e9", "inf", "Tue, 19 Jan 2038 03:14:07 GMT")),
        ("Tue, 19 Jan 2010 03:14:07 GMT", 1),
    ],
)
def test_a_rest_is_as_long_as_makes_sense(said: str, seconds: int) -> None:
    error = refused("ratelimited", 429)
    error.response.headers["Retry-After"] = said
    with pytest.raises(RateLimited) as asked:
        fail("chat.update", error)
    assert asked.value.seconds == seconds


# Credentials


def ready(desk: Desk) -> tuple[str, list[str]]:
    """What `/readyz` answers: its status line, and the warnings."""
    environ: dict[str, Any] = {"PATH_INFO": "/readyz"}
    setup_testing_defaults(environ)
    said: list[str] = []
    body = create_wsgi(desk.parts)(environ, lambda status, _headers: said.append(status))
    return said[0], json.loads(b"".join(body))["warnings"]


def test_a_refused_token_stops_all_of_slack_keeps_every_row_and_says_so_once(
    desk: Desk, another_worker: Callable[..., Worker], caplog: pytest.LogCaptureFixture
) -> None:
    assert ready(desk) == ("200 OK", [])
    open_quietly(desk)
    open_quietly(desk)
    worker = another_worker(token="xoxb-revoked")
    worker.drain()
    assert {row.state for row in deliveries(desk)} == {DeliveryState.PENDING}
    status, (reason,) = ready(desk)
    assert status == "200 OK"  # people can still write
    assert reason == "sending by slack is stopped: conversations.open: invalid_auth"
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == [reason]
    desk.ahead += WAIT_MAX
    worker.drain()
    assert len(desk.mails()) == 2, "mail goes on"


def test_once_the_token_is_right_again_everything_leaves(
    desk: Desk, another_worker: Callable[..., Worker]
) -> None:
    open_quietly(desk)
    another_worker(token="xoxb-revoked").drain()
    desk.deliver()
    assert desk.person("camille").messages() == []
    wait(desk, timedelta(seconds=61))
    assert len(desk.person("camille").messages()) == len(desk.person("karim").messages(TRIAGE)) == 1


def test_a_mail_waits_for_the_link_that_only_slack_knows(
    desk: Desk, another_worker: Callable[..., Worker], caplog: pytest.LogCaptureFixture
) -> None:
    client = worker_client("xoxb-revoked", desk.settings.slack_api_url)
    worker = another_worker(link=app_link(client, desk.settings.slack_api_url))
    open_quietly(desk)
    worker.drain()
    row = delivery(desk, DeliveryKind.MAIL)
    assert (row.state, row.cause) == (
        DeliveryState.PENDING,
        Cause(Reason.NO_SLACK_LINK, code="Slack answers invalid_auth"),
    )
    assert [record for record in caplog.records if record.exc_info] == []


# A channel that cannot be reached


def test_a_card_whose_channel_is_out_of_reach_goes_to_the_default_team_saying_so(desk: Desk) -> None:
    bot_leaves(desk, NETWORK)
    open_quietly(desk, team="reseau")
    desk.deliver()
    forgive(desk, "channel_not_found")
    (card,) = desk.person("karim").messages(TRIAGE)
    assert "Réseau et téléphonie" in card["text"]
    assert ready(desk) == ("200 OK", [])


def test_what_follows_a_card_finds_it_where_it_fell_back(desk: Desk) -> None:
    bot_leaves(desk, NETWORK)
    open_quietly(desk, team="reseau")
    desk.deliver()
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.press(DETAIL, DIRECT)
    camille.press("Annuler ce ticket")
    camille.submit({"Pourquoi annuler ce ticket ?": "Ça remarche."})
    forgive(desk, "channel_not_found")
    (card,) = karim.messages(TRIAGE)
    assert "Clos (annulé)" in card["text"]
    assert "Réseau et téléphonie" in card["text"]
    assert "Ça remarche." in card["replies"][0]["text"]


def test_a_ticket_that_no_channel_shows_is_named_by_readyz_until_it_is_shown(desk: Desk) -> None:
    bot_leaves(desk, TRIAGE)
    number = open_quietly(desk)
    desk.deliver()
    forgive(desk, "channel_not_found")
    row = delivery(desk, DeliveryKind.TRIAGE_CARD)
    assert (row.state, row.cause) == (
        DeliveryState.DEAD,
        Cause(Reason.CHANNEL_REFUSED, "chat.postMessage", "channel_not_found"),
    )
    assert ready(desk)[1] == [
        f"ticket {number} is in no channel",
        "deliveries given up: 1; see `guichet deliveries list`",
    ]
    desk.slack.control.post("invite", user="guichet", channel=TRIAGE)
    desk.deliver()
    assert len(desk.person("karim").messages(TRIAGE)) == 1
    assert ready(desk) == ("200 OK", [])


def test_an_edit_behind_a_dead_post_becomes_a_post(desk: Desk) -> None:
    bot_leaves(desk, TRIAGE)
    open_quietly(desk)
    desk.deliver()
    forgive(desk, "channel_not_found")
    with desk.sessions.begin() as session:  # nobody queues the dead one again
        team = session.scalars(select(Team).where(Team.is_default)).one()
        channel = desk.slack.slack.workspace.channel("general")
        team.channel_id = channel.id
    camille = desk.person("camille")
    camille.press(DETAIL, DIRECT)
    camille.press("Annuler…")
    camille.submit({"Pourquoi annuler ce ticket ?": "Ça remarche."})
    assert any("Clos (annulé)" in words for words in camille.reads("#general"))


# A message that is gone


def delete(desk: Desk, message: dict[str, Any], name: str) -> None:
    """Slack no longer has the message."""
    workspace = desk.slack.slack.workspace
    person = workspace.person(name)
    channel = (
        workspace.direct_message(person.id)
        if message["channel"] == DIRECT
        else workspace.channel(message["channel"].removeprefix("#"))
    )
    client = WebClient(BOT_TOKEN, desk.settings.slack_api_url)
    client.chat_delete(channel=channel.id, ts=message["ts"])


def test_a_card_that_was_deleted_is_posted_anew_and_edited_there(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    (card,) = camille.messages()
    delete(desk, card, "camille")
    karim.take()
    forgive(desk, "message_not_found")
    (anew,) = camille.messages()
    assert "Un technicien s’en occupe" in anew["text"]
    karim.resolve("Redémarrée.")
    assert [camille.messages()[0]["ts"], len(camille.messages())] == [anew["ts"], 2]


def test_an_answered_request_that_was_deleted_is_left_alone(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    karim.resolve("Redémarrée.")
    delete(desk, camille.messages()[1], "camille")
    camille.press(DETAIL, DIRECT)
    camille.press(APPROVE, deliver=False)
    for _turn in range(20):
        if not desk.worker.send_one():
            break
    forgive(desk, "message_not_found")
    row = delivery(desk, DeliveryKind.RESOLUTION_RESULT)
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, Reason.NO_RESOLUTION_REQUEST)
    assert len(camille.messages()) == 1


# What the ticket has moved past


def test_an_approval_request_that_was_answered_meanwhile_is_not_sent(desk: Desk) -> None:
    """From the detail, while neither the message nor the mail had left."""
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    karim.press(RESOLVE, TRIAGE)
    karim.submit({"Solution": "Redémarrée."}, deliver=False)
    camille.press(DETAIL, DIRECT, deliver=False)
    camille.press(APPROVE)
    assert len(camille.messages()) == 1
    [received] = [mail["text"] for mail in desk.mails()]
    assert "reçu" in received
    skipped = {row.kind: row.reason for row in deliveries(desk, state=DeliveryState.SKIPPED)}
    assert skipped[DeliveryKind.RESOLUTION] is Reason.ANSWERED_BEFORE
    assert skipped[DeliveryKind.MAIL] is Reason.TICKET_MOVED_ON
    assert skipped[DeliveryKind.RESOLUTION_RESULT] is Reason.NO_RESOLUTION_REQUEST


def test_a_mail_that_a_ticket_is_closed_is_not_sent_once_it_is_reopened(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    karim.resolve("Redémarrée.")
    desk.slack.control.post("faults", smtp="451")
    camille.press(APPROVE, DIRECT)
    camille.press("Rouvrir", DIRECT)
    camille.submit({"Pourquoi rouvrir ce ticket ?": "Encore en panne."})
    wait(desk)
    assert len(desk.mails()) == 2


# The App Home


def test_homes_that_wait_together_are_drawn_once(desk: Desk) -> None:
    camille = desk.person("camille")
    camille.home()
    before = len(desk.calls("views.publish"))
    numbers = [open_quietly(desk) for _time in range(3)]
    desk.deliver()
    assert len(desk.calls("views.publish")) == before + 1
    states = [row.state for row in deliveries(desk, kind=DeliveryKind.HOME)]
    assert states == [DeliveryState.SKIPPED, DeliveryState.SKIPPED, DeliveryState.SENT]
    home = str(camille.screen()["home"]["text"])
    assert all(f"n° {number}" in home for number in numbers)


def test_cards_that_wait_together_are_edited_once(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    desk.fault("chat.update", 429, retry_after=300)
    karim.take()
    karim.resolve("Redémarrée.")
    before = len(desk.calls("chat.update"))
    wait(desk, timedelta(seconds=301))
    assert len(desk.calls("chat.update")) == before + 2, "one for each card"
    assert "Une solution est proposée" in camille.reads()[0]


# Mail


def test_a_mail_refused_for_now_is_sent_later(desk: Desk) -> None:
    desk.slack.control.post("faults", smtp="451")
    desk.person("camille").file_ticket()
    assert desk.mails() == []
    row = delivery(desk, DeliveryKind.MAIL)
    assert (row.state, row.started_at) == (DeliveryState.PENDING, None)
    assert row.cause == Cause(Reason.MAIL_DEFERRED, "end of DATA", "451")
    wait(desk)
    (mail,) = desk.mails()
    assert delivery(desk, DeliveryKind.MAIL).remote_id == mail["headers"]["Message-ID"]


def test_a_mail_whose_answer_was_lost_comes_again_under_the_same_message_id(desk: Desk) -> None:
    desk.slack.control.post("faults", smtp="reset", when="after")
    desk.person("camille").file_ticket()
    wait(desk)
    first, again = desk.mails()
    assert first["headers"]["Message-ID"] == again["headers"]["Message-ID"]
    assert "References" not in again["headers"]


def test_the_mails_of_a_ticket_are_one_thread_whatever_the_sender_becomes(
    desk: Desk, another_worker: Callable[..., Worker]
) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    moved = desk.settings.model_copy(update={"mail_from": "aide@new.example"})
    karim.take()
    karim.press(RESOLVE, TRIAGE)
    karim.submit({"Solution": "Redémarrée."}, deliver=False)
    another_worker(settings=moved).drain()
    first, second = (mail["headers"] for mail in desk.mails())
    assert second["From"] == "aide@new.example"
    assert second["References"] == second["In-Reply-To"] == first["Message-ID"] != second["Message-ID"]
    assert "References" not in first


@dataclass
class RefusingMailer:
    """Takes no mail, for the reason given."""

    outcome: DeliveryError
    asked: list[str] = field(default_factory=list)

    def send(self, message: EmailMessage, **_more: Any) -> None:
        self.asked.append(str(message["To"]))
        raise self.outcome


def test_a_mail_refused_for_good_is_dead_and_visible(
    desk: Desk, another_worker: Callable[..., Worker]
) -> None:
    open_quietly(desk)
    mailer = RefusingMailer(Permanent(Reason.MAIL_REFUSED, code="550"))
    another_worker(mailer=mailer).drain()
    row = delivery(desk, DeliveryKind.MAIL)
    assert (row.state, row.remote_code, row.attempt) == (DeliveryState.DEAD, "550", 1)
    assert mailer.asked == ["Camille Bernard <camille.bernard@univ.example>"]
    assert len(desk.person("camille").messages()) == 1, "the card went its own way"


def test_a_login_that_is_refused_stops_mail_only(desk: Desk, another_worker: Callable[..., Worker]) -> None:
    open_quietly(desk)
    open_quietly(desk, name="oliver")
    mailer = RefusingMailer(SenderPaused(Reason.MAIL_SENDER_REFUSED, "AUTH", "535"))
    another_worker(mailer=mailer).drain()
    assert len(mailer.asked) == 1, "the second is not tried"
    assert ready(desk)[1] == ["sending by smtp is stopped: smtp: AUTH refused: 535"]
    assert len(desk.person("camille").messages()) == 1


def test_a_sender_that_is_refused_stops_mail_and_all_leave_once_it_is_mended(desk: Desk) -> None:
    refusal = "550 5.7.60 Client does not have permissions to send as this sender"
    desk.slack.control.post("faults", smtp=refusal, stage="mail", times=2)
    desk.person("camille").file_ticket()
    desk.person("oliver").file_ticket()
    assert desk.mails() == []
    assert ready(desk)[1] == ["sending by smtp is stopped: smtp: MAIL FROM refused: 550 5.7.60"]
    for _minute in range(3):
        wait(desk, timedelta(seconds=61))
    assert (len(desk.mails()), desk.undelivered()) == (2, [])


def test_a_person_without_an_address_gets_no_mail(desk: Desk) -> None:
    open_quietly(desk)
    with desk.sessions.begin() as session:
        session.execute(text("UPDATE person SET email = NULL"))
    desk.deliver()
    row = delivery(desk, DeliveryKind.MAIL)
    assert (row.state, row.reason) == (DeliveryState.SKIPPED, Reason.NO_ADDRESS)


def test_a_mail_that_cannot_leave_is_given_up_after_five_days(
    desk: Desk, another_worker: Callable[..., Worker]
) -> None:
    open_quietly(desk)
    worker = another_worker(mailer=RefusingMailer(Retryable(Reason.MAIL_DEFERRED, code="451")))
    for hours in (0, 1, 60, 118.9):
        desk.ahead = desk.ahead + timedelta(hours=hours) if hours < 118 else timedelta(hours=hours)
        worker.drain()
        assert delivery(desk, DeliveryKind.MAIL).state is DeliveryState.PENDING
    desk.ahead = timedelta(days=5, minutes=11)
    worker.drain()
    row = delivery(desk, DeliveryKind.MAIL)
    assert (row.state, row.remote_code, row.attempt) == (DeliveryState.DEAD, "451", 5)


# The worker itself


def test_an_unexpected_error_is_tried_for_a_day_and_holds_nobody_up_for_long(
    desk: Desk, another_worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The requester's card cannot be drawn; what comes after it in their messages leaves all the same."""

    def surprise(*_arguments: Any) -> None:
        raise RuntimeError("surprise")

    monkeypatch.setitem(render.RENDERERS, DeliveryKind.CARD, surprise)  # type: ignore[arg-type]
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    karim.resolve("Redémarrée.")
    assert not asked_to_approve(camille), "it waits for the card"
    for _turn in range(8):
        wait(desk, timedelta(minutes=1))
    assert asked_to_approve(camille)
    card = deliveries(desk, kind=DeliveryKind.CARD)[0]
    assert (card.defects, card.cause) == (5, Cause(Reason.UNEXPECTED_ERROR, code="RuntimeError"))
    assert card.due_at - desk.now > timedelta(minutes=50)
    for _turn in range(23):
        wait(desk, timedelta(hours=1))
    assert deliveries(desk, kind=DeliveryKind.CARD)[0].state is DeliveryState.PENDING
    wait(desk, timedelta(hours=1))
    assert deliveries(desk, kind=DeliveryKind.CARD)[0].state is DeliveryState.DEAD


def test_an_unexpected_error_in_what_follows_a_refusal_counts_as_one(
    desk: Desk, another_worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(*_arguments: Any) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(message_references, "fall_back", surprise)
    bot_leaves(desk, NETWORK)
    open_quietly(desk, team="reseau")
    worker = another_worker()
    for _turn in range(6):
        worker.drain()
        desk.ahead += timedelta(minutes=1)
    forgive(desk, "channel_not_found")
    card = delivery(desk, DeliveryKind.TRIAGE_CARD)
    assert (card.state, card.defects, card.remote_code) == (DeliveryState.PENDING, 5, "KeyError")


def asked_to_approve(person: Person) -> bool:
    return any("C’est réparé, clore" in text for text in person.reads())


@pytest.mark.parametrize("error", [OperationalError("", {}, Exception()), PoolTimeout(), StaleDataError()])
def test_a_database_that_fails_is_no_defect(
    desk: Desk, another_worker: Callable[..., Worker], error: Exception
) -> None:
    open_quietly(desk)
    worker = another_worker(mailer=RefusingMailer(error))  # type: ignore[arg-type]
    for _turn in range(7):
        worker.drain()
        desk.ahead += timedelta(minutes=10)
    row = delivery(desk, DeliveryKind.MAIL)
    assert (row.state, row.attempt, row.defects) == (DeliveryState.PENDING, 7, 0)


def test_a_template_that_is_missing_is_a_defect_and_no_network_that_fails(
    desk: Desk, another_worker: Callable[..., Worker]
) -> None:
    """Jinja's error is an OSError too."""
    open_quietly(desk)
    another_worker(mailer=RefusingMailer(TemplateNotFound("body.txt"))).drain()  # type: ignore[arg-type]
    assert delivery(desk, DeliveryKind.MAIL).defects == 1


def test_a_sender_that_gets_no_answer_rests_and_says_so(
    desk: Desk, another_worker: Callable[..., Worker]
) -> None:
    for _turn in range(5):
        open_quietly(desk)
    mailer = RefusingMailer(NoAnswer(Reason.MAIL_NO_ANSWER, code="TimeoutError", maybe_sent=True))
    another_worker(mailer=mailer).drain()
    assert len(mailer.asked) == 3, "the others are not tried"
    assert ready(desk)[1] == ["sending by smtp is stopped: no answer"]
    assert len(desk.person("camille").messages()) == 5, "Slack goes on"
    wait(desk, timedelta(seconds=30))
    assert len(desk.mails()) == 5
    assert ready(desk)[1] == []


def test_what_is_skipped_is_no_answer(desk: Desk, another_worker: Callable[..., Worker]) -> None:
    for name in ("camille", "camille", "karim", "camille", "camille"):
        open_quietly(desk, name)
    with desk.sessions.begin() as session:
        session.scalars(select(PersonRow).where(PersonRow.email.startswith("karim"))).one().email = None
    mailer = RefusingMailer(NoAnswer(Reason.MAIL_NO_ANSWER, code="TimeoutError", maybe_sent=True))
    another_worker(mailer=mailer).drain()
    assert len(mailer.asked) == 3


def test_a_defect_of_ours_is_logged_and_holds_up_nobody_else(
    desk: Desk, another_worker: Callable[..., Worker], caplog: pytest.LogCaptureFixture
) -> None:
    open_quietly(desk)
    mailer = RefusingMailer(RuntimeError("surprise"))  # type: ignore[arg-type]
    another_worker(mailer=mailer).drain()
    row = delivery(desk, DeliveryKind.MAIL)
    assert (row.state, row.remote_code) == (DeliveryState.PENDING, "RuntimeError")
    assert "surprise" in caplog.text
    assert len(desk.person("camille").messages()) == 1


def test_a_worker_that_was_too_slow_changes_nothing(
    desk: Desk, another_worker: Callable[..., Worker]
) -> None:
    """Its lease ends while it sends; another sends and settles meanwhile."""

    class Slow(SlackSender):
        def publish(self, rendered: Any) -> None:
            wait(desk, timedelta(seconds=61))
            raise CardGone(Reason.MESSAGE_GONE)

    desk.person("camille").home()
    open_quietly(desk)
    slow = another_worker(slack=Slow(worker_client(BOT_TOKEN, desk.settings.slack_api_url)))
    slow.drain()
    row = delivery(desk, DeliveryKind.HOME)
    assert (row.state, row.attempt, row.reason) == (DeliveryState.SENT, 2, None)


def test_a_worker_that_was_too_slow_leaves_the_message_to_who_found_it(
    desk: Desk, another_worker: Callable[..., Worker], caplog: pytest.LogCaptureFixture
) -> None:
    """It posts, its lease ends, another finds the message by its key and settles."""

    class Slow(SlackSender):
        def send(self, *given: Any, **named: Any) -> Sent:
            sent = super().send(*given, **named)
            wait(desk, timedelta(seconds=61))
            return sent

    open_quietly(desk)
    slow = another_worker(slack=Slow(worker_client(BOT_TOKEN, desk.settings.slack_api_url)))
    assert slow.send_one()
    assert len(desk.person("camille").messages()) == 1
    row = delivery(desk, DeliveryKind.CARD)
    assert (row.state, row.attempt, row.remote_id) == (
        DeliveryState.SENT,
        2,
        reference_of(desk, DeliveryKind.CARD).ts,
    )
    assert [record for record in caplog.records if record.exc_info] == []


def test_a_running_worker_is_woken_by_a_commit_and_stops_when_told(desk: Desk) -> None:
    with WorkerThreads(desk.parts):
        desk.slack.control.post("command", user="camille", command="/ticket", text="Imprimante")
        values = {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"}
        desk.slack.control.post("submit", user="camille", values=values)
        seen = desk.slack.control.get("screen", user="karim", wait_for="Je prends", timeout=TIMEOUT)
        assert "error" not in seen
        desk.ahead += timedelta(seconds=2)  # the e-mail may have waited for the card
        assert "error" not in desk.slack.control.get("mail", wait_for=1, timeout=TIMEOUT)
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("worker")]


def test_a_worker_outlives_what_it_cannot_do(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away while it claims, and while it looks after its jobs: it says so and goes on."""
    stop, wakeup, left = Flag(), Wakeup(), {"claims": 3, "looks": 3}

    def fail(what: str) -> None:
        left[what] -= 1
        if max(left.values()) <= 0:
            stop.set()
        wakeup.set()
        raise OperationalError("", {}, Exception("gone"))

    monkeypatch.setattr(outbox, "claim", lambda *_arguments, **_more: fail("claims"))
    monkeypatch.setattr(periodic, "run_due", lambda *_arguments, **_more: fail("looks"))
    worker = Worker(desk.sessions, make_senders(desk), lambda: desk.now)
    monkeypatch.setattr(worker_module, "PERIODIC_CHECK", timedelta())
    worker.run(stop, wakeup)
    assert "the worker could not work: gone" in caplog.text
    assert "Traceback" not in caplog.text
    assert max(left.values()) <= 0


# Periodic jobs


class Superseded:
    """The database as a worker has it that another overtakes between its look and its change."""

    def __init__(self, sessions: Sessions, other: Callable[[], object]) -> None:
        self._sessions = sessions
        self._other = [other]

    def __call__(self) -> Session:
        return self._sessions()

    def begin(self) -> Any:
        while self._other:
            self._other.pop()()
        return self._sessions.begin()


def look_together(desk: Desk, now: datetime) -> list[str]:
    """What two workers run that look at the same moment."""
    ran: list[str] = []

    def look(sessions: Any) -> None:
        ran.extend(periodic.run_due(sessions, now=now))

    look(Superseded(desk.sessions, lambda: look(desk.sessions)))
    return ran


@pytest.fixture
def only_forgetting(monkeypatch: pytest.MonkeyPatch) -> None:
    """One job, so that what is told of it is plain."""
    monkeypatch.setattr(periodic, "JOBS", {"delete_completed": periodic.JOBS["delete_completed"]})


@pytest.mark.usefixtures("only_forgetting")
def test_a_periodic_job_runs_once_over_two_workers_and_again_when_it_is_due(desk: Desk) -> None:
    now = desk.now
    assert look_together(desk, now) == [], "it is noted, and due at the next look"
    assert look_together(desk, now) == ["delete_completed"]
    assert look_together(desk, now + timedelta(hours=23)) == []
    assert look_together(desk, now + timedelta(hours=24)) == ["delete_completed"]


@pytest.mark.usefixtures("only_forgetting")
def test_a_job_that_failed_is_still_due(desk: Desk) -> None:
    now = desk.now
    periodic.run_due(desk.sessions, now=now)
    with desk.sessions.begin() as session:
        session.execute(text("ALTER TABLE pause RENAME TO away"))
    assert periodic.run_due(desk.sessions, now=now) == []
    with desk.sessions.begin() as session:
        session.execute(text("ALTER TABLE away RENAME TO pause"))
    assert periodic.run_due(desk.sessions, now=now) == ["delete_completed"]


def test_a_job_that_fails_holds_up_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_uow: UnitOfWork) -> None:
        raise RuntimeError("surprise")

    jobs = {"a": periodic.Job(timedelta(hours=1), fail), "b": periodic.JOBS["delete_completed"]}
    monkeypatch.setattr(periodic, "JOBS", jobs)
    periodic.run_due(desk.sessions, now=desk.now)
    assert periodic.run_due(desk.sessions, now=desk.now) == ["b"]
    assert "the periodic job a failed" in caplog.text


def test_a_clock_that_was_a_day_ahead_and_is_put_right_holds_nothing_up(
    desk: Desk, another_worker: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periodic, "JOBS", {"bring_near": periodic.JOBS["bring_near"]})
    worker = another_worker()
    desk.ahead += timedelta(days=1)
    worker.look_after()
    open_quietly(desk)
    with desk.sessions.begin() as session:
        pause(
            session, "smtp", until=desk.now + timedelta(seconds=30), cause=Cause(Reason.RATE_LIMITED, "smtp")
        )
    assert outbox.claim(desk.sessions, now=desk.now, lane=Lane.MAIL) is None
    assert outbox.claim(desk.sessions, now=desk.now) is not None, "and its worker is killed"
    desk.ahead -= timedelta(days=1)
    for _minute in range(12):
        worker.look_after()
        worker.drain()
        desk.ahead += timedelta(minutes=1)
    assert {row.state for row in deliveries(desk)} == {DeliveryState.SENT}


def test_what_waits_for_its_time_is_not_brought_near(desk: Desk) -> None:
    open_quietly(desk)
    due_at = [desk.now + timedelta(minutes=10), desk.now + timedelta(hours=1)]
    with desk.sessions.begin() as session:
        first, second = session.scalars(select(Delivery).order_by(Delivery.id).limit(2))
        first.due_at, first.lease_until = due_at[0], desk.now + outbox.LEASE
        second.due_at, second.defects = due_at[1], outbox.DEFECTS_MAX
        bring_near(UnitOfWork(session, desk.now))
    assert [row.due_at for row in deliveries(desk)[:2]] == due_at
    assert deliveries(desk)[0].lease_until == desk.now + outbox.LEASE


def test_what_is_long_over_is_forgotten_and_what_died_is_not(desk: Desk) -> None:
    open_quietly(desk)
    desk.deliver()
    rows = deliveries(desk)
    with desk.sessions.begin() as session:
        session.merge(rows[0]).state = DeliveryState.DEAD
        session.add(Pause(scope="smtp", until=desk.now, reason=Reason.RATE_LIMITED))
    for ahead, left in [(timedelta(days=89), len(rows)), (timedelta(days=91), 1)]:
        with desk.sessions.begin() as session:
            periodic.delete_completed(UnitOfWork(session, desk.now + ahead))
        assert len(deliveries(desk)) == left
    with desk.sessions() as session:
        assert session.get(Pause, "smtp") is None


def test_what_was_given_up_is_counted_by_the_doctor(
    desk: Desk, another_worker: Callable[..., Worker]
) -> None:
    open_quietly(desk)
    another_worker(mailer=RefusingMailer(Permanent(Reason.MAIL_REFUSED, code="550"))).drain()
    findings = {finding.text: finding.ok for finding in examined(desk.settings)}
    assert findings["deliveries given up: 1 (1 mail); see `guichet deliveries list`"] is False
