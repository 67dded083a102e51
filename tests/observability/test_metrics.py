"""The figures for Prometheus: what they count, what they cost, and that two processes say the same."""

import hashlib
import hmac
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import Select, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.delivery import periodic
from bot.http.probes import ProbeServer
from bot.observability import database_metrics as metrics
from bot.observability import health, outbox_metrics
from bot.observability.metrics import exposition
from bot.running.watch import Watch
from bot.settings import Settings
from models.lifecycle import Action, Ending, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Reason
from models.outbox.schedule import Pause, Periodic
from models.person import Person
from playground.state.workspace import BOT_TOKEN
from tests.conftest import ROOT
from tests.support.factories import create_delivery, create_ticket, make_delivery
from tests.support.help_desk import Desk
from tests.support.processes import STARTING, STOPPING
from tests.support.use_case_desk import NOW, SmallDesk

Figures = Mapping[str, float]


def read(exposed: str) -> Figures:
    """The samples of an exposition, by name and labels."""
    lines = (line.rpartition(" ") for line in exposed.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _space, value in lines}


def figures(desk: SmallDesk, now: timedelta = timedelta()) -> Figures:
    return read(exposition(desk.sessions, now=NOW + now).decode())


def test_tickets_are_counted_by_status(small_desk: SmallDesk) -> None:
    small_desk.open()
    small_desk.ticket_in_state(Action.TAKE)
    small_desk.ticket_in_state(Action.TAKE, Action.RESOLVE)
    for _ in range(2):
        small_desk.ticket_in_state(Action.TAKE, Action.RESOLVE, Action.APPROVE)
    said = figures(small_desk)
    by_status = {name: value for name, value in said.items() if name.startswith("guichet_tickets{")}
    assert by_status == {
        'guichet_tickets{status="new"}': 1,
        'guichet_tickets{status="in_progress"}': 1,
        'guichet_tickets{status="pending"}': 0,
        'guichet_tickets{status="resolved"}': 1,
        'guichet_tickets{status="closed"}': 2,
    }
    assert said["guichet_tickets_opened_total"] == 5


def test_an_empty_desk_has_every_figure_at_zero(small_desk: SmallDesk) -> None:
    said = figures(small_desk)
    assert said.pop("guichet_database_up") == 1
    held = {
        name: value
        for name, value in said.items()
        if re.match("guichet_(tickets|outages|deliveries_[opd]|sen)", name)
    }
    assert len(held) == 15 + len(DeliveryKind)
    assert set(held.values()) == {0}


def test_the_outbox_metrics_count_pending_and_dead_deliveries(small_desk: SmallDesk) -> None:
    small_desk.open()
    with small_desk.sessions.begin() as session:
        for age, state in ((90, "pending"), (30, "pending"), (500, "dead"), (900, "sent")):
            row = session.query(Delivery).order_by(Delivery.id).first()
            assert row is not None
            create_delivery(
                session,
                kind=DeliveryKind.MAIL,
                recipient="mail:1",
                method="smtp",
                state=DeliveryState(state),
                created_at=NOW - timedelta(seconds=age),
                due_at=NOW + timedelta(hours=1),
                attempt=1,
            )
        session.add(Pause(scope="smtp", until=NOW + timedelta(minutes=1), reason=Reason.MAIL_SENDER_REFUSED))
        session.add(Pause(scope="chat.update", until=NOW + timedelta(minutes=1), reason=Reason.RATE_LIMITED))
        session.add(Pause(scope="slack", until=NOW - timedelta(minutes=1), reason=Reason.ACCESS_REFUSED))
    waiting = [row for row in small_desk.deliveries() if row.state is DeliveryState.PENDING]
    mails = sum(row.kind is DeliveryKind.MAIL for row in waiting)
    said = figures(small_desk)
    assert said['guichet_deliveries_pending{sender="smtp"}'] == mails >= 2
    assert said['guichet_deliveries_pending{sender="slack"}'] == len(waiting) - mails > 0
    assert said['guichet_deliveries_oldest_pending_seconds{sender="smtp"}'] == 90
    assert said['guichet_deliveries_oldest_pending_seconds{sender="slack"}'] == 0
    assert said['guichet_deliveries_dead{kind="mail"}'] == 1
    assert said['guichet_deliveries_dead{kind="card"}'] == 0
    assert said['guichet_sender_stopped{sender="smtp"}'] == 1
    assert said['guichet_sender_stopped{sender="slack"}'] == 0


def test_tickets_that_are_in_no_channel_are_counted_once(small_desk: SmallDesk) -> None:
    given_up, waiting, twice, sent = (small_desk.open().id for _ in range(4))
    with small_desk.sessions.begin() as session:
        cards = session.scalars(select(Delivery).where(Delivery.kind == DeliveryKind.TRIAGE_CARD))
        rows = {row.ticket_id: row for row in cards}
        for number in (given_up, twice):
            rows[number].state, rows[number].reason = DeliveryState.DEAD, Reason.CHANNEL_REFUSED
        rows[waiting].reason = Reason.UNKNOWN_CHANNEL
        rows[sent].state = DeliveryState.SENT
        create_delivery(
            session,
            kind=DeliveryKind.TRIAGE_CARD,
            recipient=rows[twice].recipient,
            method="chat.update",
            ticket_id=twice,
            event_number=2,
            state=DeliveryState.PENDING,
            reason=Reason.UNKNOWN_CHANNEL,
            created_at=NOW,
            due_at=NOW,
        )
    said = figures(small_desk)
    assert said["guichet_tickets_without_channel"] == 3
    assert said["guichet_outages_without_channel"] == 0


def test_what_waits_for_a_channel_is_no_message_that_nobody_sends(small_desk: SmallDesk) -> None:
    name = 'guichet_deliveries_oldest_pending_seconds{sender="slack"}'
    ticket = small_desk.open()
    later = timedelta(seconds=400)
    assert figures(small_desk, later)[name] == 400
    with small_desk.sessions.begin() as session:
        of_ticket = (Delivery.ticket_id == ticket.id, Delivery.kind == DeliveryKind.TRIAGE_CARD)
        session.execute(update(Delivery).where(*of_ticket).values(reason=Reason.UNKNOWN_CHANNEL))
    said = figures(small_desk, later)
    assert said[name] == 0
    assert said['guichet_deliveries_pending{sender="slack"}'] > 1


def test_a_ticket_that_cannot_be_erased_is_counted_until_it_is(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        session.add(Periodic(name="forget:12", due_at=NOW + timedelta(hours=6)))
        session.add(Periodic(name="forget:11", due_at=NOW - timedelta(hours=7)))  # reopened since
        session.add(Periodic(name="forget_due", due_at=NOW))
    assert figures(small_desk)["guichet_tickets_not_erased"] == 1


def test_a_periodic_job_that_fails_is_counted(small_desk: SmallDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_uow: object) -> None:
        raise ValueError

    name = 'guichet_job_failures_total{name="remind"}'
    monkeypatch.setattr(periodic, "JOBS", {"remind": periodic.Job(timedelta(minutes=1), fail)})
    before = figures(small_desk)[name]
    for minutes in (0, 1):  # the first check notes the job
        periodic.run_due(small_desk.sessions, now=NOW + timedelta(minutes=minutes))
    assert figures(small_desk)[name] - before == 1


def test_the_figures_say_since_when_a_process_runs(desk: Desk) -> None:
    before = time.time()
    Watch(desk.parts)
    said = read(exposition(desk.sessions, now=desk.now).decode())
    assert before <= said["guichet_started_timestamp_seconds"] <= time.time()


@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        (metrics.open_tickets(), {"ix_ticket_open", "ix_ticket_queue", "ix_ticket_service"}),
        (outbox_metrics.pending_deliveries(NOW), {"ix_delivery_due", "ix_delivery_order"}),
        (
            outbox_metrics.pending_by_kind(NOW),
            {"ix_delivery_dead", "ix_delivery_due", "ix_delivery_order"},
        ),
        (health.dead_deliveries(), {"ix_delivery_dead"}),
        (
            metrics.how_many(health.tickets_without_channel()),
            {"ix_delivery_dead", "ix_delivery_due", "ix_delivery_order"},
        ),
        (
            metrics.how_many(health.outages_without_channel()),
            {"ix_delivery_dead", "ix_delivery_due", "ix_delivery_order"},
        ),
    ],
)
def test_a_scrape_reads_what_is_open_and_never_the_history(
    small_desk: SmallDesk, query: Select[*tuple[object, ...]], indexes: set[str]
) -> None:
    """By the partial indexes, whose size does not grow with the tickets."""
    with small_desk.sessions() as session:
        on_postgresql = session.get_bind().dialect.name == "postgresql"
        if on_postgresql:
            # What PostgreSQL takes for a table of a few rows says nothing of one with a history.
            sent = {"state": DeliveryState.SENT, "kind": DeliveryKind.TRIAGE_CARD, "ticket_id": 1}
            closed = {"status": Status.CLOSED, "ending": Ending.APPROVED, "closed_at": NOW}
            create_ticket(session, id=1, requester=session.scalars(select(Person)).first(), **closed)
            session.add_all(make_delivery(**sent) for _ in range(1_000))
            session.flush()
            session.execute(text("ANALYZE delivery, ticket"))
            session.execute(text("SET enable_seqscan = off"))
        dialect = postgresql.dialect() if on_postgresql else sqlite.dialect()
        bound = query.compile(dialect=dialect).params
        assert [name for name in bound if name.startswith(("state", "status"))] == []
        sql = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        plan = "EXPLAIN" if on_postgresql else "EXPLAIN QUERY PLAN"
        said = str(session.execute(text(f"{plan} {sql}")).all())
    used = set(re.findall(r"ix_\w+", said))
    assert used
    assert used <= indexes, said


def test_a_payload_is_counted_and_timed_by_its_kind(desk: Desk) -> None:
    def exposed() -> Figures:
        return read(exposition(desk.sessions, now=desk.now).decode())

    camille, karim = desk.person("camille"), desk.person("karim")
    before = exposed()
    camille.file_ticket()
    karim.take()
    karim.forge_click("ticket.take", 1)
    after = exposed()

    def gained(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert gained('guichet_requests_total{kind="command",outcome="ok"}') == 1
    assert gained('guichet_requests_total{kind="view_submission",outcome="ok"}') == 1
    assert gained('guichet_requests_total{kind="action",outcome="refused"}') == 1
    assert gained('guichet_acknowledgement_seconds_count{kind="view_submission"}') == 1
    assert gained('guichet_acknowledgement_seconds_count{kind="action"}') >= 2
    assert gained('guichet_acknowledgement_seconds_sum{kind="command"}') > 0
    assert 'guichet_acknowledgement_seconds_bucket{kind="command",le="3.0"}' in after
    assert gained('guichet_deliveries_total{kind="mail",outcome="sent"}') == 1
    assert gained('guichet_deliveries_total{kind="triage_card",outcome="sent"}') == 2


def test_a_delivery_that_is_tried_again_is_counted_as_pending(desk: Desk) -> None:
    name = 'guichet_deliveries_total{kind="mail",outcome="pending"}'
    before = read(exposition(desk.sessions, now=desk.now).decode()).get(name, 0)
    desk.slack.control.post("faults", smtp="451")
    desk.person("camille").file_ticket()
    assert read(exposition(desk.sessions, now=desk.now).decode())[name] - before == 1


def test_without_the_database_the_process_metrics_remain(desk: Desk) -> None:
    desk.parts.app.dispatch(BoltRequest(body={"type": "unheard_of"}, mode="socket_mode"))
    with desk.lost_database():
        said = read(exposition(desk.sessions, now=desk.now).decode())
    assert said["guichet_database_up"] == 0
    assert said['guichet_requests_total{kind="other",outcome="unhandled"}'] >= 1
    assert not any(name.startswith("guichet_tickets") for name in said)


def test_a_process_without_a_door_is_watched_on_a_port_of_its_own(desk: Desk) -> None:
    with ProbeServer(desk.parts, 0) as server:

        def ask(path: str) -> tuple[int, str, str]:
            connection = HTTPConnection("127.0.0.1", server.port, timeout=STARTING)
            connection.request("GET", path)
            answer = connection.getresponse()
            said = answer.status, answer.headers["Content-Type"], answer.read().decode()
            connection.close()
            return said

        assert ask("/healthz") == (200, "application/json", '{"ok": true}')
        assert ask("/readyz")[0] == 200
        status, content_type, body = ask("/metrics")
        assert (status, content_type) == (200, "text/plain; version=0.0.4; charset=utf-8")
        assert "guichet_database_up 1.0" in body
        assert ask("/slack/events")[0] == 404
    with pytest.raises(ConnectionRefusedError):
        ask("/healthz")


def signed(body: str, secret: str) -> dict[str, str]:
    """The headers that Slack signs a body with (docs.slack.dev, "Verifying requests from Slack")."""
    at = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest}",
    }


@pytest.fixture
def web(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The address of a real `guichet web` with its two processes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = os.environ | {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": "s3cret",
        "SLACK_API_URL": settings.slack_api_url,
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "ATTACHMENTS_URL": settings.attachments_url,
        "PORT": str(port),
        "LOG_FORMAT": "json",
    }
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "bot", "web"], cwd=ROOT, env=env, stderr=log)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOPPING)


def fetch(address: str, body: str | None = None, secret: str = "s3cret") -> str:
    """What is answered, asked again until the server listens."""
    headers = signed(body, secret) if body else {}
    request = urllib.request.Request(address, data=body.encode() if body else None, headers=headers)
    for _ in range(2_400):
        try:
            with urllib.request.urlopen(request, timeout=STARTING) as answer:
                return str(answer.read().decode())
        except ConnectionError:
            pass
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
        time.sleep(0.05)
    raise AssertionError("the server does not listen")


def test_two_processes_of_one_server_say_the_same_figures(web: str, tmp_path: Path) -> None:
    """Whichever of them answers a scrape, it counts what both did."""
    fetch(f"{web}/healthz")
    for number in range(20):
        body = json.dumps({"type": "event_callback", "event": {"type": f"unheard_of_{number}"}})
        with pytest.raises(urllib.error.HTTPError, match="404"):
            fetch(f"{web}/slack/events", body)
    with pytest.raises(urllib.error.HTTPError, match="401"):
        fetch(f"{web}/slack/events", '{"type": "zébulon"}', "another secret")
    with pytest.raises(urllib.error.HTTPError, match="400"):
        fetch(f"{web}/slack/events", '{"type": "zébulon"}')
    started = set()
    for _ in range(20):
        said = read(fetch(f"{web}/metrics"))
        started.add(said["guichet_started_timestamp_seconds"])
        assert said['guichet_acknowledgement_seconds_count{kind="event"}'] == 20
        assert said['guichet_requests_total{kind="event",outcome="unhandled"}'] == 20
        assert said['guichet_requests_total{kind="other",outcome="unsigned"}'] == 1
        assert said['guichet_requests_total{kind="other",outcome="malformed"}'] == 1
        assert said["guichet_database_up"] == 1
    assert len(started) == 1  # the later of the two
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    mine = [json.loads(line) for line in lines if "guichet.requests" in line]
    assert len(mine) == 22
    assert "zébulon" not in str(mine)
