"""A transaction that lost an update is retried once, with the write lock held on SQLite."""

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bot.db.engine import create_db
from bot.db.session import Sessions, transact
from bot.slack.error_handler import is_passing
from models.lifecycle import Action
from models.tickets.ticket import Ticket
from tests.support.use_case_desk import SmallDesk, at_once


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_retry_of_a_lost_update_cannot_lose_again(shared_desk: SmallDesk, tables_url: str) -> None:
    number = shared_desk.open().id
    impatient = create_db(tables_url, timeout=0.05)
    times: list[str] = []

    def work(session: Session) -> None:
        ticket = session.get_one(Ticket, number)
        try:
            rename(Sessions(impatient), number, f"Autre chose {len(times)}")
            times.append("lost")
        except OperationalError:
            times.append("alone")
        ticket.title = "Imprimante"

    transact(shared_desk.sessions, work)
    impatient.dispose()
    assert times == ["lost", "alone"]
    with shared_desk.sessions() as session:
        assert session.get_one(Ticket, number).title == "Imprimante"


def test_as_many_as_like_may_change_one_ticket_at_once(shared_desk: SmallDesk) -> None:
    ticket, camille = shared_desk.open(), shared_desk.actor("camille")
    at_once([lambda: shared_desk.act(ticket, Action.COMMENT, camille, "Encore moi")] * 8)
    assert [event.action for event in shared_desk.history(ticket)].count(Action.COMMENT) == 8


def test_a_second_lost_update_is_a_transient_error() -> None:
    assert is_passing(StaleDataError())


def rename(sessions: Sessions, number: int, title: str) -> None:
    with sessions.begin() as session:
        session.get_one(Ticket, number).title = title
