"""The worker deletes in Slack what is queued: paced, resumable, behind every live message."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact
from bot.delivery.removals import claims
from bot.delivery.removals.remover import Remover
from bot.delivery.rendering.rendered import RenderedMessage, Sent
from bot.delivery.senders.slack import SlackSender
from bot.delivery.worker import Worker
from bot.observability.removals.progress import PACE
from bot.services.removals import rows
from bot.services.removals.queue import remove_file, remove_message, remove_posts_of
from bot.services.removals.uncertain import AFTER
from bot.services.tickets.comments.writing import NewComment, write
from bot.slack.client import worker_client
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.removals.removal import Removal, RemovalCount, RemovalKind, RemovalState
from playground.state.workspace import BOT_TOKEN, BOT_USER_ID
from tests.support.factories import NOW
from tests.support.help_desk import TRIAGE, Desk
from tests.support.outbox_rows import Outbox, bot_leaves, forgive, open_quietly
from tests.support.senders import make_senders

SECOND = timedelta(seconds=1)
DELETE = "chat.delete"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.stop_clock()
    return desk


def do(desk: Desk, change: Callable[[UnitOfWork], object]) -> None:
    transact(desk.sessions, lambda session: change(UnitOfWork(session, desk.now)))


def queue_messages(desk: Desk, count: int = 1, at: datetime | None = None) -> None:
    """Messages of Guichet's in the team's channel, which are to be deleted."""
    channel = desk.slack.slack.workspace.channel(TRIAGE)
    assert channel is not None
    client = desk.worker.remover._slack._client
    posted = [client.chat_postMessage(channel=channel.id, text=f"n° {n}")["ts"] for n in range(count)]
    for ts in posted:
        do(desk, lambda uow, ts=ts: remove_message(uow, channel.id, ts, at=at))  # type: ignore[misc]


def standing(desk: Desk) -> list[str]:
    """The messages of Guichet's that stand in the team's channel."""
    channel = desk.slack.slack.workspace.channel(TRIAGE)
    assert channel is not None
    return [each.ts for each in channel.messages.values() if each.user == BOT_USER_ID]


def left(desk: Desk) -> list[tuple[RemovalState, str | None]]:
    with desk.sessions() as session:
        rows = session.scalars(select(Removal).order_by(Removal.id))
        return [(row.state, row.code) for row in rows]


def done(desk: Desk) -> int:
    with desk.sessions() as session:
        return sum(session.scalars(select(RemovalCount.done)))


def pass_turns(desk: Desk, count: int = 1, pace: timedelta = PACE) -> None:
    for _turn in range(count):
        desk.ahead += pace
        desk.worker.remover.step()


def test_a_deleted_message_leaves_no_row_and_is_counted(desk: Desk) -> None:
    queue_messages(desk)
    assert desk.worker.remover.step()
    assert standing(desk) == []
    assert left(desk) == []
    assert done(desk) == 1


def test_no_more_than_thirty_are_deleted_in_a_minute_by_all_workers(desk: Desk) -> None:
    queue_messages(desk, 40)
    senders = desk.worker.remover
    others = [Remover(desk.sessions, senders._slack, senders._files, lambda: desk.now) for _ in range(3)]
    for _half in range(120):
        for worker in others:
            worker.step()
        desk.ahead += SECOND / 2
    assert done(desk) == 30
    assert len(desk.calls(DELETE)) == 30


def test_nothing_is_deleted_while_a_live_message_is_due(desk: Desk) -> None:
    queue_messages(desk)
    open_quietly(desk)
    pass_turns(desk)
    assert desk.calls(DELETE) == []
    desk.deliver()
    pass_turns(desk)
    assert len(desk.calls(DELETE)) == 1


def test_what_cannot_be_sent_for_long_does_not_hold_removals_up(desk: Desk) -> None:
    queue_messages(desk)
    open_quietly(desk)
    desk.ahead += claims.LIVE_MAX
    pass_turns(desk)
    assert done(desk) == 1


def test_nothing_is_deleted_before_its_time(desk: Desk) -> None:
    queue_messages(desk, at=desk.now + timedelta(days=7))
    pass_turns(desk)
    assert desk.calls(DELETE) == []
    desk.ahead += timedelta(days=7)
    pass_turns(desk)
    assert len(desk.calls(DELETE)) == 1


@pytest.mark.parametrize("code", ["message_not_found"])
def test_a_message_that_is_gone_already_is_done(desk: Desk, code: str) -> None:
    queue_messages(desk)
    desk.fault(DELETE, "", error=code)
    pass_turns(desk)
    assert (left(desk), done(desk)) == ([], 1)


@pytest.mark.parametrize("code", ["file_not_found", "file_deleted"])
def test_so_is_a_file(desk: Desk, code: str) -> None:
    do(desk, lambda uow: remove_file(uow, "F1"))
    desk.fault("files.delete", "", error=code)
    pass_turns(desk)
    assert (left(desk), done(desk)) == ([], 1)


@pytest.mark.parametrize(
    "code",
    [
        "compliance_exports_prevent_deletion",
        "cant_delete_message",
        "channel_not_found",
        "is_archived",
        "not_in_channel",
    ],
)
def test_what_slack_refuses_is_kept_with_its_reason_and_not_tried_again(desk: Desk, code: str) -> None:
    queue_messages(desk)
    desk.fault(DELETE, "", error=code)
    pass_turns(desk, 3)
    assert left(desk) == [(RemovalState.REFUSED, code)]
    assert len(desk.calls(DELETE)) == 1
    assert done(desk) == 0


def test_a_code_that_is_new_to_us_is_tried_five_times(desk: Desk) -> None:
    queue_messages(desk)
    desk.fault(DELETE, "", error="new_rule_of_slack", times=0)
    pass_turns(desk, 10, timedelta(minutes=11))
    assert left(desk) == [(RemovalState.REFUSED, "new_rule_of_slack")]
    assert len(desk.calls(DELETE)) == 5


@pytest.mark.parametrize("status", [503, "timeout"])
def test_a_failure_that_passes_is_tried_again_for_as_long_as_it_lasts(
    desk: Desk, status: int | str, caplog: pytest.LogCaptureFixture
) -> None:
    desk.worker.remover._slack._client.timeout = 1
    queue_messages(desk)
    desk.fault(DELETE, status, times=6)
    pass_turns(desk, 7, timedelta(minutes=11))
    assert (left(desk), done(desk)) == ([], 1)
    assert sum("removals are tried again later" in line for line in caplog.messages) == 1


def test_a_failing_slack_is_asked_less_and_less_often(desk: Desk) -> None:
    queue_messages(desk, 50)
    desk.fault(DELETE, 503, times=0)
    pass_turns(desk, 150)
    assert 4 <= len(desk.calls(DELETE)) <= 12


def test_slack_is_left_alone_for_as_long_as_it_says(desk: Desk) -> None:
    queue_messages(desk, 2)
    desk.fault(DELETE, 429, retry_after=30)
    pass_turns(desk, 14)
    assert len(desk.calls(DELETE)) == 1
    pass_turns(desk, 3)
    assert done(desk) == 2


def test_files_go_on_while_messages_are_limited(desk: Desk) -> None:
    queue_messages(desk)
    do(desk, lambda uow: remove_file(uow, "F1"))
    desk.fault(DELETE, 429, retry_after=30)
    desk.fault("files.delete", "", error="file_deleted")
    pass_turns(desk, 2)
    assert (len(desk.calls("files.delete")), done(desk)) == (1, 1)


@pytest.mark.parametrize("code", ["missing_scope", "token_revoked"])
def test_a_missing_right_refuses_nothing(desk: Desk, code: str) -> None:
    queue_messages(desk)
    desk.fault(DELETE, "", error=code)
    pass_turns(desk)
    assert left(desk) == [(RemovalState.WAITING, code)]
    pass_turns(desk, 1, timedelta(minutes=2))
    assert done(desk) == 1


def test_a_worker_killed_after_the_call_leaves_the_row_to_the_next_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_messages(desk)
    remover = desk.worker.remover

    def killed(_change: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(remover, "_save", killed)
    with pytest.raises(SystemExit):
        remover.step()
    monkeypatch.undo()
    assert (standing(desk), done(desk)) == ([], 0)
    assert left(desk) == [(RemovalState.WAITING, None)]
    pass_turns(desk, 1)
    assert done(desk) == 0  # it is leased
    desk.ahead += claims.LEASE
    pass_turns(desk)
    assert (left(desk), done(desk)) == ([], 1)
    forgive(desk, "message_not_found")


def test_a_worker_that_was_too_slow_changes_nothing(desk: Desk) -> None:
    queue_messages(desk)
    slow = claims.claim(desk.sessions, RemovalKind.MESSAGE, now=desk.now, pace=PACE)
    assert slow is not None
    desk.ahead += claims.LEASE
    fast = claims.claim(desk.sessions, RemovalKind.MESSAGE, now=desk.now, pace=PACE)
    assert fast is not None
    with desk.sessions.begin() as session:
        claims.refuse(session, slow, "cant_delete_message")
        assert not claims.finish(session, slow, now=desk.now)
        assert claims.finish(session, fast, now=desk.now)
    assert (left(desk), done(desk)) == ([], 1)


class Forgetting(SlackSender):
    """Posts, with something that happens right after the first message."""

    def __init__(self, desk: Desk, after: Callable[[], object]) -> None:
        super().__init__(worker_client(BOT_TOKEN, desk.settings.slack_api_url))
        self._after: Callable[[], object] | None = after

    def send(self, rendered: RenderedMessage, **more: Any) -> Sent:
        sent = super().send(rendered, **more)
        if self._after is not None:
            after, self._after = self._after, None
            after()
        return sent


@pytest.mark.parametrize("is_row_kept", [True, False])
def test_a_message_posted_while_its_ticket_is_forgotten_is_deleted(desk: Desk, is_row_kept: bool) -> None:
    number = open_quietly(desk)

    def forget(uow: UnitOfWork) -> None:
        remove_posts_of(uow, number)
        if not is_row_kept:
            uow.session.execute(delete(Delivery).where(Delivery.ticket_id == number))

    slack = Forgetting(desk, lambda: do(desk, forget))
    worker = Worker(desk.sessions, make_senders(desk, slack=slack), lambda: desk.now)
    worker.drain()
    worker.look_after()
    pass_turns(desk, 3)
    assert len(desk.calls("chat.postMessage")) == 1
    assert [each for each in desk.slack.slack.workspace.channels.values() if each.messages] == []
    pass_turns(desk, 3, AFTER)  # it was looked for, too
    assert left(desk) == []


@pytest.mark.parametrize("kind", [DeliveryKind.TRIAGE_CARD, DeliveryKind.COMMENT])
def test_a_message_whose_answer_was_lost_is_looked_for_and_deleted(desk: Desk, kind: DeliveryKind) -> None:
    number = open_quietly(desk)
    if kind is DeliveryKind.COMMENT:  # in the thread of a card that is known
        desk.deliver()
        _write_note(desk, number)
    desk.fault("chat.postMessage", 500, when="after", times=0)
    desk.deliver()
    desk.slack.run(desk.slack.slack.faults.clear)
    standing_before = len(standing(desk))
    assert standing_before > 0
    do(desk, lambda uow: remove_posts_of(uow, number))
    do(desk, lambda uow: uow.session.execute(delete(Delivery)))
    pass_turns(desk, 80)
    assert left(desk) == []
    assert [each for each in desk.slack.slack.workspace.channels.values() if each.messages] == []


def _write_note(desk: Desk, number: int) -> None:
    actor = desk.parts.directory.actor(desk.person("camille").slack_id)
    answer = NewComment("Celle du B204", submission="s")
    transact(
        desk.sessions,
        lambda session: write(UnitOfWork(session, desk.now, actor), number, Action.COMMENT, answer),
    )


def test_a_lost_message_to_an_account_that_is_closed_holds_nothing_up(desk: Desk) -> None:
    lost = {"owner": "U0NOBODY", "key": "k", "created_at": desk.now, "due_at": desk.now}
    do(desk, lambda uow: rows.add(uow, RemovalKind.MESSAGE, [lost]))
    queue_messages(desk)
    desk.fault("conversations.open", "", error="user_disabled", times=0)
    pass_turns(desk, 2)
    assert (left(desk), done(desk)) == ([(RemovalState.REFUSED, "user_disabled")], 1)


def test_a_lost_message_whose_thread_is_gone_is_done(desk: Desk) -> None:
    queue_messages(desk)
    change = {"ts": None, "key": "k", "thread_ts": "1.000001"}
    with desk.sessions.begin() as session:
        session.execute(update(Removal).values(change))
    desk.fault("conversations.replies", "", error="message_not_found", times=0)
    pass_turns(desk)
    assert (left(desk), done(desk)) == ([], 1)


def test_one_that_fails_unexpectedly_holds_no_other_up(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_messages(desk, 2)
    delete_message = SlackSender.delete
    with desk.sessions() as session:
        first = session.scalar(select(Removal.ts).order_by(Removal.id).limit(1))

    def break_for_first(sender: SlackSender, message: Sent) -> None:
        if message.ts == first:
            raise KeyError("ts")
        delete_message(sender, message)

    monkeypatch.setattr(SlackSender, "delete", break_for_first)
    pass_turns(desk, 10, timedelta(minutes=11))
    assert (left(desk), done(desk)) == ([(RemovalState.REFUSED, "KeyError")], 1)
    assert "a removal failed" in caplog.text


def test_a_bot_that_left_the_channel_is_refused(desk: Desk) -> None:
    queue_messages(desk)
    bot_leaves(desk, TRIAGE)
    desk.deliver()
    pass_turns(desk)
    assert left(desk) == [(RemovalState.REFUSED, "channel_not_found")]
    forgive(desk, "channel_not_found")


# -- 200,000 rows --------------------------------------------------------------------------------------------


def test_the_next_one_is_found_by_an_index(box: Outbox) -> None:
    rows = [
        {
            "kind": RemovalKind.MESSAGE,
            "state": RemovalState.WAITING if n % 2 else RemovalState.REFUSED,
            "channel": "D1",
            "ts": f"{n}.1",
            "created_at": NOW,
            "due_at": NOW,
        }
        for n in range(2_000)
    ]
    with box.sessions.begin() as session:
        session.execute(Removal.__table__.insert(), rows)  # type: ignore[attr-defined]
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        if not is_sqlite:
            session.execute(text("ANALYZE removal"))
    with box.sessions() as session:
        sql = claims._next(RemovalKind.MESSAGE, NOW).compile(
            session.get_bind(), compile_kwargs={"literal_binds": True}
        )
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        plan = " ".join(str(row) for row in session.execute(text(f"{explain} {sql}")))
    assert "ix_removal_due" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
