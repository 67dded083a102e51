"""Each kind of delivery is described once, and has what its description asks for."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from blocks.tickets.conversation import undelivered
from bot.delivery import message_references
from bot.delivery.handlers.portions import PORTIONS
from bot.delivery.rendering.render import RENDERERS
from bot.notifications.policy import POLICY, Audience
from bot.observability.reasons import SENTENCES, describe
from models.outbox.delivery import Delivery
from models.outbox.details import (
    ApproversDetails,
    ChannelDetails,
    CommentDetails,
    Details,
    DraftDetails,
    FallbackDetails,
    FileDetails,
    FileRemovalDetails,
    MailDetails,
    NoDetails,
    OpinionDetails,
    PromiseDetails,
    ReminderDetails,
    TargetDetails,
    UndeliveredDetails,
    UnknownDetails,
    UntakenDetails,
)
from models.outbox.kinds import KINDS, DeliveryKind, Lane, Loss, Queue
from models.outbox.reasons import Cause, Reason, Undelivered
from models.outbox.recipient import Recipient
from models.tickets.outage import Portion
from tests.support.factories import create_delivery
from tests.support.outbox_rows import Outbox


@pytest.mark.parametrize("kind", DeliveryKind)
def test_a_kind_has_a_description(kind: DeliveryKind) -> None:
    assert kind in KINDS
    assert kind.description.queues


def test_a_kind_that_is_sent_has_a_renderer_and_no_other_has() -> None:
    assert set(RENDERERS) == {kind for kind in DeliveryKind if kind.description.lane is not None}


def test_a_kind_without_a_lane_changes_a_portion_of_rows_and_no_other_does() -> None:
    assert set(PORTIONS) == {kind for kind in DeliveryKind if kind.description.lane is None}


def test_only_messages_of_slack_are_saved_and_edited() -> None:
    edited = {kind.description.edits for kind in DeliveryKind} - {None}
    for kind in {*message_references.SAVED, *edited}:
        assert kind is not None
        assert kind.description.lane is Lane.SLACK


def test_a_kind_whose_loss_is_announced_has_a_sentence_for_the_team() -> None:
    announced = {kind for kind in DeliveryKind if kind.description.loss is not Loss.UNANNOUNCED}
    assert announced == set(undelivered._WHAT)


def test_the_policy_sends_a_kind_to_a_queue_that_it_has() -> None:
    for notices in POLICY.values():
        for notice in notices:
            queues = set(notice.kind.description.queues)
            if notice.to is Audience.REQUESTER:
                assert notice.kind.description.personal_queue in queues
            elif notice.to is Audience.APPROVERS:
                assert Queue.DIRECT_MESSAGE in queues
            elif notice.to is Audience.OUTAGE:
                assert Queue.OUTAGE in queues
            elif notice.kind is not DeliveryKind.HOME:
                assert Queue.TEAM in queues


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_has_a_sentence(reason: Reason) -> None:
    assert SENTENCES[reason] or reason is Reason.OTHER
    assert describe(Cause(reason, code="x"))


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (Cause(Reason.CHANNEL_REFUSED, "chat.postMessage", "is_archived"), "chat.postMessage: is_archived"),
        (Cause(Reason.RATE_LIMITED, "chat.update"), "chat.update: ratelimited"),
        (Cause(Reason.MAIL_REFUSED, "RCPT TO", "550 5.1.1"), "smtp: RCPT TO refused: 550 5.1.1"),
        (Cause(Reason.MAIL_NOT_OFFERED, "STARTTLS"), "smtp: STARTTLS is not offered"),
        (Cause(Reason.MAIL_TLS_FAILED, "EHLO", "EXPIRED"), "smtp: EHLO failed: TLS EXPIRED"),
        (Cause(Reason.UNEXPECTED_ERROR, code="KeyError"), "unexpected error: KeyError"),
        (Cause(Reason.UNKNOWN_CHANNEL), "no channel is known for the team"),
        (Cause(Reason.OTHER, code="an old text"), "an old text"),
        (None, ""),
    ],
)
def test_a_cause_reads(cause: Cause | None, sentence: str) -> None:
    assert describe(cause) == sentence


STORED: list[tuple[Details, str]] = [
    (NoDetails(), "{}"),
    (MailDetails("received", "ab12"), '{"template": "received", "token": "ab12"}'),
    (MailDetails("received"), '{"template": "received"}'),
    (CommentDetails(3, 1), '{"comment": 3, "part": 1}'),
    (FileDetails(4), '{"attachment": 4}'),
    (FileRemovalDetails(4), '{"attachment": 4, "remove": null}'),
    (FileRemovalDetails(4, "F1"), '{"attachment": 4, "remove": "F1"}'),
    (
        UndeliveredDetails(DeliveryKind.CARD, Undelivered.REFUSED),
        '{"undelivered": {"kind": "card", "why": "refused"}}',
    ),
    (
        UndeliveredDetails(DeliveryKind.FILE, Undelivered.STORAGE_FULL, attachment_id=4),
        '{"undelivered": {"kind": "file", "why": "storage_full", "file": 4}}',
    ),
    (
        UndeliveredDetails(DeliveryKind.COMMENT, Undelivered.REFUSED, is_edit=True),
        '{"undelivered": {"kind": "comment", "why": "refused", "edit": true}}',
    ),
    (OpinionDetails(), '{"opinion": true}'),
    (PromiseDetails(), '{"hours": true}'),
    (ApproversDetails(6), '{"approvers_of": 6}'),
    (ApproversDetails(6, is_fallback=True), '{"approvers_of": 6, "second": true}'),
    (FallbackDetails(), '{"fallback": true}'),
    (DraftDetails(2, 5), '{"draft": 2, "revision": 5}'),
    (TargetDetails(75), '{"percent": 75}'),
    (ReminderDetails(((1, 2),)), '{"waits": [[1, 2]]}'),
    (UntakenDetails((3, 4)), '{"tickets": [3, 4]}'),
    (ChannelDetails("C1"), '{"channel": "C1"}'),
    (Portion(1, 0, 7), '{"number": 1, "told": 0, "of": 7}'),
]


@pytest.mark.parametrize(("details", "stored"), STORED)
def test_details_are_stored_as_before_and_read_again(box: Outbox, details: Details, stored: str) -> None:
    with box.sessions.begin() as session:
        create_delivery(session, key="row", details=details)
        assert _stored(session) == stored
    assert box.row("row").details == details


def _stored(session: Session) -> str:
    return str(session.scalar(text("SELECT CAST(details AS TEXT) FROM delivery WHERE key = 'row'")))


@pytest.mark.parametrize(
    "stored", ['{"unknown": 1}', '{"comment": 1}', '{"undelivered": {"kind": "newer", "why": "refused"}}']
)
def test_a_row_of_another_version_stops_no_other(box: Outbox, stored: str) -> None:
    box.put("theirs", ticket=1)
    box.put("ours", ticket=2)
    with box.sessions.begin() as session:
        change = text("UPDATE delivery SET details = :stored, reason = 'newer' WHERE key = 'theirs'")
        session.execute(change, {"stored": stored})
    assert sorted(box.all_claimed()) == ["ours", "theirs"]
    row = box.row("theirs")
    assert (row.reason, row.details) == (Reason.OTHER, UnknownDetails(json.loads(stored)))
    with pytest.raises(TypeError, match="UnknownDetails"):
        row.details_as(CommentDetails)


def test_details_of_another_kind_are_an_error() -> None:
    with pytest.raises(TypeError, match="FileDetails"):
        Delivery(id=1, details=FileDetails(4)).details_as(MailDetails)


@pytest.mark.parametrize(
    ("recipient", "text", "person_id", "team_id"),
    [
        (Recipient(Queue.DIRECT_MESSAGE, 12), "dm:12", 12, None),
        (Recipient(Queue.TEAM, "reseau"), "team:reseau", None, "reseau"),
        (Recipient(Queue.TEAM, "12"), "team:12", None, "12"),
        (Recipient(Queue.OUTAGE, 3), "outage:3", None, None),
        (Recipient(Queue.CHANNEL, "*"), "channel:*", None, None),
        (Recipient(Queue.APPROVERS, "5"), "approvers:5", None, None),
        (Recipient(Queue.FOLLOWERS), "followers", None, None),
    ],
)
def test_a_recipient_is_read_as_it_is_written(
    recipient: Recipient, text: str, person_id: int | None, team_id: str | None
) -> None:
    assert str(recipient) == text
    assert Recipient.parse(text) == recipient
    assert (recipient.person_id, recipient.team_id) == (person_id, team_id)
