"""PostgreSQL's notifications, on a connection of their own."""

import logging
import threading
from typing import Any

import psycopg
from sqlalchemy import Engine

from bot.delivery.wakeup import CHANNEL, Wakeup

logger = logging.getLogger(__name__)
# Seconds. A connection that only listens would not notice that its host is gone (postgresql.org, "Database
# Connection Control Functions"); and connecting must not delay the end of the process.
_OPTIONS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


def listen(engine: Engine, wakeup: Wakeup, stop: threading.Event) -> None:
    """Turn PostgreSQL's notifications into wake-ups until `stop`, on a connection of its own.

    A lost connection is opened again after 1 s, 2 s, … at most 30 s.
    """
    pause = 1.0
    # Not its URL, which libpq reads otherwise than SQLAlchemy: a space in it, or several hosts.
    _none, database = engine.dialect.create_connect_args(engine.url)
    while not stop.is_set():
        try:
            with psycopg.connect(autocommit=True, **{**database, **_OPTIONS}) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                pause = 1.0
                wakeup.set()  # for what came before LISTEN
                while not stop.is_set():
                    for _notice in connection.notifies(timeout=1, stop_after=1):
                        wakeup.set()
        except psycopg.Error:
            logger.warning("no connection to listen on; trying again in %.0f s", pause)
            stop.wait(pause)
            pause = min(pause * 2, 30.0)
