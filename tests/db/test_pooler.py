"""A connection pooler in session mode is fine; one in transaction mode is refused in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.db.engine import create_db
from bot.db.pooler import REFUSAL, passes_connections_on, require_session_pooling
from bot.settings import SettingsError

CLIENT = 7  # the number that the pooler gives its clients


class Pooler:
    """An engine behind a pooler: who serves a transaction depends on its mode. Servers are numbered."""

    dialect = SimpleNamespace(name="postgresql")

    def __init__(self, mode: str, *, in_turn: int = 1) -> None:
        self._mode, self._clients = mode, count(100)
        self._turns = (100 + number % in_turn for number in count())

    @contextmanager
    def connect(self) -> Iterator[Any]:
        own = next(self._clients)
        raw = SimpleNamespace(info=SimpleNamespace(backend_pid=CLIENT))
        yield SimpleNamespace(
            connection=SimpleNamespace(dbapi_connection=raw),
            scalar=lambda _query: own if self._mode == "session" else next(self._turns),
            rollback=lambda: None,
        )


def test_a_pooler_in_session_mode_is_accepted() -> None:
    require_session_pooling(Pooler("session"))  # type: ignore[arg-type]


@pytest.mark.parametrize("in_turn", [1, 2, 5])
def test_a_pooler_in_transaction_mode_is_refused(in_turn: int) -> None:
    with pytest.raises(SettingsError) as refused:
        require_session_pooling(Pooler("transaction", in_turn=in_turn))  # type: ignore[arg-type]
    assert str(refused.value) == REFUSAL


@pytest.mark.postgresql
def test_postgresql_itself_is_no_pooler(postgresql_url: str) -> None:
    engine = create_db(postgresql_url)
    assert not passes_connections_on(engine)
    engine.dispose()


@pytest.mark.postgresql
def test_the_limits_need_no_startup_parameter_which_a_pooler_refuses(postgresql_url: str) -> None:
    engine = create_db(postgresql_url, timeout=3)
    given = list[dict[str, Any]]()
    event.listen(engine, "do_connect", lambda _dialect, _record, _args, options: given.append(dict(options)))
    with engine.connect() as connection:
        limits = [connection.scalar(text(f"SHOW {name}")) for name in ("statement_timeout", "lock_timeout")]
        connection.rollback()
        assert connection.scalar(text("SHOW statement_timeout")) == "3s"
    engine.dispose()
    assert limits == ["3s", "3s"]
    assert "options" not in given[0]
