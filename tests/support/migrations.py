"""Helpers for the tests of migrations."""

from collections.abc import Callable
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, select

from bot.context.unit_of_work import UnitOfWork
from bot.db.revisions import current
from bot.db.session import Sessions, transact
from bot.ops.migrate import migrate
from bot.services.clocks.refresh import refresh_clocks
from bot.services.search_refresh import refresh_search
from models.base import Base
from models.lifecycle import Action
from models.search.index import is_modelled
from tests.conftest import ROOT
from tests.support.use_case_desk import NOW, SmallDesk, add_catalogue

VERSION = "alembic_version"  # Alembic's own table
FIRST = "74241df5f807"


def use(engine: Engine) -> SmallDesk:
    """Fill a database: tickets in several states, with comments and deliveries."""
    migrate(engine)
    desk = add_catalogue(Sessions(engine))
    desk.ticket_in_state(Action.TAKE, Action.RESOLVE, Action.REFUSE)
    desk.ticket_in_state(Action.RESOLVE, Action.APPROVE)
    desk.open(desk.draft("L’écran de l’amphi", description="Il clignote."))
    return desk


def go_down(engine: Engine, revision: str = FIRST) -> None:
    """Downgrade to an earlier revision, as `alembic downgrade` does."""
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "models" / "migrations"))
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def refreshed_rows(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row, once the worker has done what the migrations left to it."""
    refresh(engine, refresh_search)
    refresh(engine, refresh_clocks)
    return rows(engine)


def refresh(engine: Engine, job: Callable[[UnitOfWork], bool]) -> None:
    """Run a periodic job until no portion is left."""
    while transact(Sessions(engine), lambda session: job(UnitOfWork(session, NOW))):
        pass


def rows(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, with the stored values, without the versions of tickets: the worker's changes
    raise them."""
    there = MetaData()
    there.reflect(engine, only=lambda name, _: is_modelled(name) and name != VERSION)
    with engine.connect() as connection:
        return {
            table.name: [
                {name: value for name, value in row.items() if name != "version"}
                for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for table in there.sorted_tables
        }


def stands_at(engine: Engine) -> str | None:
    """The database's revision."""
    with engine.connect() as connection:
        return current(connection)


def differences(engine: Engine) -> list[Any]:
    """Differences between the tables and the models."""
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": lambda name, _sort, _parents: is_modelled(name)}
        return list(compare_metadata(MigrationContext.configure(connection, opts=opts), Base.metadata))
