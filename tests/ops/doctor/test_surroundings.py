"""Settings beside each other, `.env`, ports, attachments, e-mail, catalogue, deliveries."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from models.base import utc_now
from models.outbox.delivery import Delivery
from models.outbox.health import LastHeard
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Reason
from models.outbox.schedule import Pause, Periodic
from tests.support.doctor import said
from tests.support.help_desk import Desk

OVER_HTTP = {"slack_app_token": None}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without an `.env`."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_name_that_is_no_setting_is_a_warning(desk: Desk, elsewhere: Path) -> None:
    env_file = elsewhere / ".env"
    env_file.write_text("SMTP_ULR=smtp://s3cret\n")
    env_file.chmod(0o600)
    words = "SMTP_ULR in .env is no setting and is ignored: did you mean SMTP_URL?"
    assert ("warn", words) in said(desk.settings, "settings")
    env_file.chmod(0o644)
    readable = ".env: other users of this machine may read it: `chmod 600 .env`"
    assert ("warn", readable) in said(desk.settings, "settings")


def test_ports_that_are_taken_by_others(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        taken.settimeout(0)
        for name in ("PORT", "METRICS_PORT"):
            words = f"{name}: another program listens on {port}: stop that program, or choose another port"
            changed = OVER_HTTP | {name.lower(): port}
            assert ("FAIL", words) in said(desk.settings, "settings", **changed)


def test_a_host_that_is_not_of_this_machine(desk: Desk) -> None:
    words = "HOST: expected an address of this machine, such as 127.0.0.1; 0.0.0.0 stands for all of them"
    assert ("FAIL", words) in said(desk.settings, "settings", **OVER_HTTP, host="203.0.113.5")
    assert ("FAIL", words) not in said(desk.settings, "settings", host="203.0.113.5")  # nothing listens


def test_attachments_that_cannot_be_written(desk: Desk, elsewhere: Path) -> None:
    (elsewhere / "file").touch()
    [(sign, words)] = said(desk.settings, "attachments", attachments_url="file")
    assert sign == "FAIL"
    assert words.startswith("ATTACHMENTS_URL: file: ")
    below = "ATTACHMENTS_URL: file/below: {} is no folder: correct the path"
    assert said(desk.settings, "attachments", attachments_url="file/below") == [
        ("FAIL", below.format(elsewhere / "file"))
    ]


def test_attachments_that_others_can_read(desk: Desk, elsewhere: Path) -> None:
    folder = elsewhere / "attachments"
    folder.mkdir(mode=0o755)
    lines = said(desk.settings, "attachments", attachments_url=str(folder))
    readable = f"{folder}: other users of this machine may read it: `chmod 700 {folder}`"
    assert lines == [("ok", f"attachments: {folder}"), ("warn", readable)]
    assert list(folder.iterdir()) == []


def test_mail_that_is_printed_or_has_no_sender(desk: Desk) -> None:
    unset = "e-mail: SMTP_URL is not set; e-mails are printed instead of sent"
    assert said(desk.settings, "email", smtp_url=None) == [("warn", unset)]
    lines = said(desk.settings, "email", mail_from="Guichet <guichet@localhost>")
    assert lines[1][0] == "warn"
    assert lines[1][1].startswith("MAIL_FROM: e-mails come from guichet@localhost")


def test_a_catalogue_with_a_mistake_or_not_loaded(desk: Desk, elsewhere: Path) -> None:
    path = elsewhere / "catalogue.yaml"
    path.write_text("sites: 3\n")
    lines = said(desk.settings, "catalogue", catalogue=path)
    assert lines[0][0] == "FAIL"
    assert lines[0][1].startswith(f"{path}:")
    with desk.sessions.begin() as session:
        session.execute(text("UPDATE team SET archived = true"))
    assert ("FAIL", "catalogue: none is loaded: run `guichet catalogue load`") in said(desk.settings)


@pytest.mark.parametrize(
    ("table", "column", "word"), [("team", "team_id", "team"), ("site", "site_id", "site")]
)
def test_open_tickets_of_what_is_archived(desk: Desk, table: str, column: str, word: str) -> None:
    desk.person("camille").file_ticket()
    with desk.sessions.begin() as session:
        given = session.execute(text(f"SELECT {column} FROM ticket")).scalar_one()
        session.execute(text(f"UPDATE {table} SET archived = true WHERE id = '{given}'"))
    words = (
        f"{word} {given} is archived and has open tickets: 1, the oldest is 1: transfer or reclassify them, "
        "or close them"
    )
    assert ("warn", words) in said(desk.settings, "catalogue")


def test_deliveries_that_were_given_up_wait_or_show_nowhere(desk: Desk) -> None:
    desk.person("camille").file_ticket()
    with desk.sessions.begin() as session:
        cards = update(Delivery).where(Delivery.kind == DeliveryKind.TRIAGE_CARD)
        session.execute(cards.values(state=DeliveryState.DEAD))
        mails = update(Delivery).where(Delivery.kind == DeliveryKind.MAIL)
        ago = utc_now() - timedelta(hours=3, minutes=1)
        session.execute(mails.values(state=DeliveryState.PENDING, created_at=ago, due_at=ago))
        session.add(Pause(scope="smtp", until=utc_now() + timedelta(minutes=1), reason=Reason.NO_ANSWER))
        session.add(LastHeard(kind="worker", at=utc_now() - timedelta(hours=4, minutes=1)))
    lines = said(desk.settings, "deliveries")
    assert {sign for sign, _ in lines} == {"FAIL"}
    assert [words for _, words in lines] == [
        "sending by smtp is stopped: no answer",
        "ticket 1 is in no channel",
        "deliveries given up: 1 (1 triage_card); see `guichet deliveries list`",
        "deliveries: 1 wait, the oldest for 3 h; see `guichet deliveries list`",
        "worker: none has been at work for 4 h: nothing is sent; start `guichet run` or `guichet worker`",
    ]


def test_a_worker_whose_job_fails_is_at_work(desk: Desk) -> None:
    assert said(desk.settings, "deliveries")[-1][0] == "warn"  # none has run so far
    with desk.sessions.begin() as session:
        session.add(LastHeard(kind="worker", at=utc_now()))
        for name in ("erase", "of_another_version"):
            session.merge(Periodic(name=name, due_at=utc_now() - timedelta(hours=4)))
        session.merge(Periodic(name="remind", due_at=utc_now()))
    assert said(desk.settings, "deliveries")[-2:] == [
        ("ok", "worker: at work"),
        ("FAIL", "worker: periodic jobs fail: erase: see the log"),
    ]
