"""Everything in which something of a person may be left: (name, bytes) of each place."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from models.base import Base
from playground.state.slack import Slack
from playground.state.workspace import Message
from tests.support.help_desk import Desk
from tests.support.postgres import connect

Contents = Iterator[tuple[str, bytes]]


def in_rows(engine: Engine) -> Contents:
    """Every column of every row, as the database gives it: "ticket.title"."""
    with engine.connect() as connection:
        for table in Base.metadata.tables.values():
            for row in connection.execute(text(f"SELECT * FROM {table.name}")).mappings():
                for column, value in row.items():
                    yield f"{table.name}.{column}", _bytes(value)


def in_files_of(engine: Engine) -> Contents:
    """SQLite's files, byte by byte; PostgreSQL's files of tables and indexes."""
    if engine.dialect.name == "sqlite":
        assert engine.url.database is not None
        for path in sorted(Path(engine.url.database).parent.glob(f"{Path(engine.url.database).name}*")):
            yield path.name, path.read_bytes()
    else:
        yield from _in_relations(engine)


def _in_relations(engine: Engine) -> Contents:
    with connect(engine.url) as connection:
        connection.execute("CHECKPOINT")
        [folder] = connection.execute("SHOW data_directory").fetchone() or []
        relations = connection.execute(
            "SELECT relname, pg_relation_filepath(oid) FROM pg_class"
            " WHERE pg_relation_filepath(oid) IS NOT NULL AND relnamespace ="
            " 'public'::regnamespace OR relname LIKE 'pg_toast%'"
        ).fetchall()
    for name, path in relations:
        if path and (file := Path(folder, path)).exists():
            yield f"relation {name}", file.read_bytes()


def in_store(desk: Desk) -> Contents:
    """The files that are kept, and their names."""
    for path in Path(desk.settings.attachments_url).rglob("*"):
        yield "stored file", path.name.encode() + (path.read_bytes() if path.is_file() else b"")


def in_slack(desk: Desk) -> Contents:
    """What stands in Slack: messages by author and channel, files, Homes, open forms. Not the profiles, which
    are Slack's, nor messages that one person sees until they reload."""
    yield from desk.slack.run(lambda: list(_in_slack(desk.slack.slack)))


def _in_slack(slack: Slack) -> Contents:
    workspace = slack.workspace
    for channel in workspace.channels.values():
        for message in channel.messages.values():
            author = workspace.people[message.user].name if message.user in workspace.people else message.user
            yield f"message of {author}", _content(message)
    for file in workspace.files.values():
        if not file.deleted:
            owner = workspace.people[file.user].name
            yield f"file of {owner}", f"{file.name} {file.title} ".encode() + file.content
    for view in workspace.views.values():
        is_shown = view.id in workspace.homes.values() or any(
            view.id in each for each in workspace.modals.values()
        )
        if is_shown:
            yield f"{view.type} of {workspace.people[view.user].name}", _bytes(view.payload)


def _content(message: Message) -> bytes:
    shown = (message.text, message.blocks, message.attachments, message.metadata, message.state)
    return _bytes(() if message.deleted else shown)


def in_mails(desk: Desk) -> Contents:
    """E-mails that left."""
    for mail in desk.mails():
        yield "mail", _bytes(mail)


def _bytes(value: Any) -> bytes:
    """As UTF-8; JSON without escapes."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    return json.dumps(value, ensure_ascii=False, default=str).encode()
