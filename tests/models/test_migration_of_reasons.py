"""Sentences that an earlier version kept as reasons become codes, and sentences again on the way down."""

import pytest
from sqlalchemy import Engine, select, text

from bot.notifications.maintenance.requeue import requeue_dead
from bot.observability.health import needs_administrator
from bot.ops.migrate import migrate
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.reasons import REMOTE_CODE_MAX, Cause, Reason
from models.outbox.schedule import Pause
from models.tickets.attachment import Attachment, AttachmentReason, AttachmentState
from tests.support.migrations import go_down, use
from tests.support.use_case_desk import NOW, SmallDesk

BEFORE = "c4d81a06e7f3"
POST, MAIL = "chat.postMessage", "smtp"
PENDING, SENT, SKIPPED, DEAD = DeliveryState

REASONS: list[tuple[DeliveryState, str, Cause]] = [
    (DEAD, "chat.postMessage: channel_not_found", Cause(Reason.CHANNEL_REFUSED, POST, "channel_not_found")),
    (DEAD, "chat.postMessage: msg_blocks_too_long", Cause(Reason.REFUSED, POST, "msg_blocks_too_long")),
    (DEAD, "no channel is known for the team", Cause(Reason.UNKNOWN_CHANNEL)),
    (DEAD, "the team's channel is unfit for tickets", Cause(Reason.UNFIT_CHANNEL)),
    (DEAD, "the team has no card to put it under", Cause(Reason.NO_CARD)),
    (DEAD, "smtp: RCPT TO refused: 550 5.1.1", Cause(Reason.MAIL_REFUSED, "RCPT TO", "550 5.1.1")),
    (DEAD, "smtp: 550", Cause(Reason.MAIL_REFUSED, code="550")),
    (DEAD, "RuntimeError", Cause(Reason.UNEXPECTED_ERROR, code="RuntimeError")),
    (PENDING, "chat.postMessage: RemoteDisconnected", Cause(Reason.NO_ANSWER, POST, "RemoteDisconnected")),
    (PENDING, "chat.postMessage: 503", Cause(Reason.REMOTE_ERROR, POST, "503")),
    (PENDING, "chat.update: is_archived", Cause(Reason.CHANNEL_REFUSED, "chat.update", "is_archived")),
    (PENDING, "ratelimited: chat.update", Cause(Reason.RATE_LIMITED, "chat.update")),
    (
        PENDING,
        "conversations.open: user_disabled",
        Cause(Reason.ACCOUNT_REFUSED, "conversations.open", "user_disabled"),
    ),
    (PENDING, "smtp: end of DATA refused: 451", Cause(Reason.MAIL_DEFERRED, "end of DATA", "451")),
    (
        PENDING,
        "smtp: greeting failed: TimeoutError",
        Cause(Reason.MAIL_NO_ANSWER, "greeting", "TimeoutError"),
    ),
    (PENDING, "smtp: RemoteDisconnected", Cause(Reason.MAIL_NO_ANSWER, code="RemoteDisconnected")),
    (PENDING, "smtp: EHLO failed: TLS EXPIRED", Cause(Reason.MAIL_TLS_FAILED, "EHLO", "EXPIRED")),
    (PENDING, "smtp: STARTTLS is not offered", Cause(Reason.MAIL_NOT_OFFERED, "STARTTLS")),
    (PENDING, "download: 503", Cause(Reason.REMOTE_ERROR, "download", "503")),
    (PENDING, "upload: too slow", Cause(Reason.TOO_SLOW, "upload")),
    (PENDING, "files.info: not shared yet", Cause(Reason.NOT_SHARED_YET, "files.info")),
    (
        PENDING,
        "attachments: Not a directory",
        Cause(Reason.STORE_UNAVAILABLE, "attachments", "Not a directory"),
    ),
    (PENDING, "no link to Slack: SlackApiError", Cause(Reason.NO_SLACK_LINK, code="SlackApiError")),
    (PENDING, "something else", Cause(Reason.OTHER, code="something else")),
    (SKIPPED, "a later edit follows", Cause(Reason.LATER_EDIT_FOLLOWS)),
    (SKIPPED, "another team has the ticket now", Cause(Reason.HANDED_OVER)),
    (SKIPPED, "the account was deactivated", Cause(Reason.ACCOUNT_DEACTIVATED)),
    (SKIPPED, "larger than 10 MB", Cause(Reason.FILE_UNAVAILABLE, code="too_large")),
]
PAUSES: list[tuple[str, str, Cause, bool]] = [
    (
        "slack",
        "conversations.open: invalid_auth",
        Cause(Reason.ACCESS_REFUSED, "conversations.open", "invalid_auth"),
        True,
    ),
    (
        "chat.update",
        "chat.update: missing_scope",
        Cause(Reason.ACCESS_REFUSED, "chat.update", "missing_scope"),
        True,
    ),
    ("smtp", "smtp: AUTH refused: 535 5.7.8", Cause(Reason.MAIL_SENDER_REFUSED, "AUTH", "535 5.7.8"), True),
    ("chat.postMessage", "ratelimited: chat.postMessage", Cause(Reason.RATE_LIMITED, POST), False),
    ("views.publish", "no answer", Cause(Reason.NO_ANSWER), False),
]
FILES = [
    ("its author deleted it", AttachmentReason.DELETED),
    ("deleted, or not shared with the help desk", AttachmentReason.NOT_SHARED),
    ("hidden by the limit of the Slack plan", AttachmentReason.HIDDEN_BY_LIMIT),
    ("it belongs to somebody else", AttachmentReason.NOT_OWNED),
    ("kept elsewhere, not in Slack", AttachmentReason.EXTERNAL),
    ("Slack did not let the help desk read it", AttachmentReason.UNREADABLE),
    ("larger than 10 MB", AttachmentReason.TOO_LARGE),
    ("it is empty", AttachmentReason.EMPTY),
]


@pytest.fixture
def old(empty: Engine) -> SmallDesk:
    """A used desk at the revision before, with a row for each reason."""
    desk = use(empty)
    go_down(empty, BEFORE)
    with empty.begin() as connection:
        connection.execute(text("DELETE FROM delivery"))
        connection.execute(
            text(
                "INSERT INTO delivery (kind, recipient, method, team_id, event_number, details, key, state,"
                " attempt, created_at, due_at, uncertain, defects, reason)"
                " VALUES ('triage_card', 'team:reseau', 'chat.postMessage', 'reseau', 0, '{}', :key, :state,"
                " 1, :now, :now, false, 0, :reason)"
            ),
            [
                {"key": f"{number:03}", "state": state.value, "reason": reason, "now": NOW}
                for number, (state, reason, _cause) in enumerate(REASONS)
            ],
        )
        connection.execute(
            text("INSERT INTO pause (scope, until, reason) VALUES (:scope, :now, :reason)"),
            [{"scope": scope, "reason": reason, "now": NOW} for scope, reason, _cause, _mended in PAUSES],
        )
        connection.execute(
            text(
                "INSERT INTO attachment (ticket_id, is_internal, slack_file_id, name, media_type, size,"
                " state, reason) VALUES (1, false, :id, 'a.pdf', 'application/pdf', 1, 'failed', :reason)"
            ),
            [{"id": f"F{number}", "reason": reason} for number, (reason, _code) in enumerate(FILES)],
        )
    return desk


def kept(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [
            (row.of, row.reason)
            for query in (
                "SELECT key AS of, reason FROM delivery ORDER BY key",
                "SELECT scope AS of, reason FROM pause ORDER BY scope",
                "SELECT slack_file_id AS of, reason FROM attachment ORDER BY slack_file_id",
            )
            for row in connection.execute(text(query))
        ]


def test_sentences_become_codes(empty: Engine, old: SmallDesk) -> None:
    migrate(empty)
    with old.sessions() as session:
        deliveries = session.scalars(select(Delivery).order_by(Delivery.key)).all()
        assert [row.cause for row in deliveries] == [cause for _state, _reason, cause in REASONS]
        pauses = {pause.scope: pause.cause for pause in session.scalars(select(Pause))}
        assert pauses == {scope: cause for scope, _reason, cause, _mended in PAUSES}
        mended = set(session.scalars(select(Pause.scope).where(needs_administrator())))
        assert mended == {scope for scope, _reason, _cause, is_mended in PAUSES if is_mended}
        files = session.scalars(select(Attachment).order_by(Attachment.slack_file_id)).all()
        assert [file.reason for file in files] == [code for _reason, code in FILES]
        assert {file.state for file in files} == {AttachmentState.FAILED}


def test_what_had_no_channel_is_found_by_its_code(empty: Engine, old: SmallDesk) -> None:
    migrate(empty)
    with old.sessions.begin() as session:
        assert requeue_dead(session, now=NOW, teams=["reseau"]) == 4


def test_codes_become_sentences_again(empty: Engine, old: SmallDesk) -> None:
    before = kept(empty)
    migrate(empty)
    assert kept(empty) != before
    go_down(empty, BEFORE)
    assert kept(empty) == before


def test_a_text_that_is_too_long_is_cut(empty: Engine, old: SmallDesk) -> None:
    long = {"reason": "x" * 999}
    with empty.begin() as connection:
        connection.execute(text("UPDATE delivery SET reason = :reason WHERE key = '000'"), long)
    migrate(empty)
    with old.sessions() as session:
        row = session.scalars(select(Delivery).where(Delivery.key == "000")).one()
        assert row.cause == Cause(Reason.OTHER, code="x" * REMOTE_CODE_MAX)
