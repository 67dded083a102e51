"""A ticket that is forgotten while something about it is on its way: nothing of it comes back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.context.unit_of_work import UnitOfWork
from bot.delivery.senders.slack import SlackSender
from bot.observability.removals.progress import PACE
from bot.services.personal_data.forgetting import forget_ticket
from bot.storage.folder import FolderStore
from models.lifecycle import Ending, Status
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import MessageReference
from models.tickets.attachment import Attachment, FileCopy
from models.tickets.ticket import Ticket
from tests.support.help_desk import TRIAGE, Desk, Person, file


def forget(desk: Desk) -> None:
    """The first ticket is closed long ago, and forgotten now."""
    with desk.sessions.begin() as session:
        ticket = session.get_one(Ticket, 1)
        ticket.status, ticket.ending, ticket.closed_at = Status.CLOSED, Ending.CANCELLED, desk.now
        session.flush()
        forget_ticket(UnitOfWork(session, desk.now), 1)


def left(desk: Desk) -> dict[str, int]:
    """How many rows say where something about the ticket is."""
    with desk.sessions() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (MessageReference, Attachment, FileCopy)
        }


def kept(desk: Desk) -> list[str]:
    """The names in the store."""
    return [each.name for each in Path(desk.settings.attachments_url).glob("*")]


def wait(desk: Desk, time: timedelta) -> None:
    desk.stop_clock(desk.now + time)
    desk.deliver()


def remove_posts(desk: Desk) -> None:
    """The worker deletes in Slack what is due."""
    while desk.worker.remover.step():
        desk.ahead += PACE


def once(act: Callable[[], object]) -> Callable[[], object]:
    """Does it at the first call only."""
    done: list[object] = []
    return lambda: done or done.append(act())


def test_a_file_that_is_being_fetched_is_not_kept(
    desk: Desk, camille: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stop_clock()
    put, meanwhile = FolderStore.put, once(lambda: forget(desk))

    def forget_meanwhile(store: FolderStore, key: str, content: bytes) -> None:
        meanwhile()
        put(store, key, content)

    monkeypatch.setattr(FolderStore, "put", forget_meanwhile)
    camille.file_ticket(**{"Pièces attachées": [file("quetzal.pdf")]})
    wait(desk, timedelta(minutes=6))
    assert (kept(desk), desk.person("karim").thread_files()) == ([], [])
    assert set(left(desk).values()) == {0}


def test_a_message_that_is_being_posted_is_deleted(
    desk: Desk, camille: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, meanwhile = SlackSender.send, once(lambda: forget(desk))

    def forget_meanwhile(sender: SlackSender, rendered: Any, **more: Any) -> object:
        sent = send(sender, rendered, **more)
        meanwhile()
        return sent

    monkeypatch.setattr(SlackSender, "send", forget_meanwhile)
    camille.file_ticket("Un quetzal")
    wait(desk, timedelta(minutes=6))
    remove_posts(desk)
    assert "quetzal" not in str(camille.reads() + desk.person("karim").reads(TRIAGE))
    assert set(left(desk).values()) == {0}


def test_what_waits_to_be_sent_is_not_sent(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Un quetzal")
    before, sent = len(desk.mails()), len(camille.reads())
    desk.person("karim").resolve()
    with desk.sessions.begin() as session:
        for row in session.scalars(select(Delivery).where(Delivery.kind == DeliveryKind.MAIL)):
            row.state = DeliveryState.PENDING
    forget(desk)
    after = len(desk.mails())
    desk.deliver()
    assert len(desk.mails()) == after >= before
    assert sent
    with desk.sessions() as session:
        waiting = session.scalars(select(Delivery).where(Delivery.ticket_id == 1)).all()
    assert waiting == []


def test_a_delivery_that_is_queued_late_says_nothing(desk: Desk, camille: Person) -> None:
    camille.file_ticket("Un quetzal")
    forget(desk)
    with desk.sessions.begin() as session:
        late = {"kind": DeliveryKind.CARD, "recipient": "dm:1", "method": "chat.postMessage", "person_id": 1}
        session.add(
            Delivery(ticket_id=1, event_id=1, key="late", created_at=desk.now, due_at=desk.now, **late)
        )
    calls = len(desk.calls("chat.postMessage"))
    desk.deliver()
    assert len(desk.calls("chat.postMessage")) == calls
    with desk.sessions() as session:
        assert session.scalars(select(Delivery.state).where(Delivery.key == "late")).one() == "skipped"
