"""Tables and columns under the field's names: message_reference, search_text, completed_at and others."""

import sqlalchemy as sa
from alembic import op

revision = "c4d81a06e7f3"
down_revision = "e71b40d95c2f"
branch_labels = None
depends_on = None

COLUMNS = (
    ("ticket", "folded", "search_text"),
    ("service", "folded", "search_text"),
    ("service_group", "folded", "search_text"),
    ("ticket", "is_grouped", "is_outage_child"),
    ("person", "home_place", "home_state"),
    ("delivery", "settled_at", "completed_at"),
)
TABLES = (("post", "message_reference"), ("gone_post", "former_message_reference"))
JOBS = (
    ("forget_copies", "delete_old_backups"),
    ("forget_forms", "delete_form_drafts"),
    ("forget_heard", "delete_heard_messages"),
    ("forget_settled", "delete_completed"),
    ("wake_held", "resume_on_date"),
)
# On a negated column, which each database writes in its own way: the text of the condition has to match.
INDEXES = (
    ("ix_ticket_queue", ["team_id", "status", "priority", "due_at", "id"]),
    ("ix_ticket_service", ["service_id", "team_id"]),
)


def upgrade() -> None:
    _apply(COLUMNS, TABLES, JOBS)


def downgrade() -> None:
    _apply(
        *(tuple((*rest, after, before) for *rest, before, after in each) for each in (COLUMNS, TABLES, JOBS))
    )


def _apply(columns, tables, jobs) -> None:
    names = {before: after for table, before, after in columns if table == "ticket"}
    searched = names.get("folded") or names["search_text"]
    child = names.get("is_grouped") or names["is_outage_child"]
    _drop_search()
    for name, _columns in INDEXES:
        op.drop_index(name, table_name="ticket")
    for table, before, after in columns:
        op.alter_column(table, before, new_column_name=after) if _postgresql() else op.execute(
            f"ALTER TABLE {table} RENAME COLUMN {before} TO {after}"
        )
    for name, on in INDEXES:
        condition = "status != 'closed' AND "
        op.create_index(
            name,
            "ticket",
            on,
            sqlite_where=sa.text(f"{condition}{child} = 0"),
            postgresql_where=sa.text(f"{condition}NOT {child}"),
        )
    _create_search(searched)
    for before, after in tables:
        _copy_table(before, after)
    for before, after in jobs:
        op.execute(f"UPDATE periodic SET name = '{after}' WHERE name = '{before}'")


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _copy_table(before: str, after: str) -> None:
    """A new table with the rows of the old one: its constraints bear its name."""
    kind = sa.Column("kind", sa.String(length=32), nullable=False)
    place = [
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
    ]
    ticket = sa.Column("ticket_id", sa.Integer(), nullable=False)
    of_a_ticket = sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=f"fk_{after}_ticket_id_ticket")
    if after in {"post", "message_reference"}:
        numbers = [
            sa.Column("event_number", sa.Integer(), nullable=False),
            sa.Column("part", sa.Integer(), nullable=False),
        ]
        op.create_table(
            after,
            sa.Column("id", sa.Integer(), nullable=False),
            ticket,
            sa.Column("recipient", sa.String(length=80), nullable=False),
            kind,
            *numbers,
            *place,
            of_a_ticket,
            sa.PrimaryKeyConstraint("id", name=f"pk_{after}"),
            sa.UniqueConstraint(
                "ticket_id",
                "recipient",
                "kind",
                "event_number",
                "part",
                name=f"uq_{after}_ticket_id_recipient_kind_event_number_part",
            ),
        )
        names = "id, ticket_id, recipient, kind, event_number, part, channel, ts"
    else:
        op.create_table(
            after,
            *place,
            ticket,
            kind,
            of_a_ticket,
            sa.PrimaryKeyConstraint("channel", "ts", name=f"pk_{after}"),
        )
        names = "channel, ts, ticket_id, kind"
    op.execute(f"INSERT INTO {after} ({names}) SELECT {names} FROM {before}")
    if names.startswith("id,") and _postgresql():
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{after}', 'id'), "
            f"coalesce((SELECT max(id) FROM {after}), 0) + 1, false)"
        )
    op.drop_table(before)
    if after in {"post", "message_reference"}:
        op.create_index(f"ix_{after}_channel_ts", after, ["channel", "ts"])


def _drop_search() -> None:
    if _postgresql():
        op.execute("DROP INDEX ix_ticket_search")
        return
    for change in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER ticket_search_{change}")
    op.execute("DROP TABLE ticket_search")


def _create_search(column: str) -> None:
    if _postgresql():
        vector = f"string_to_array(ltrim(replace(' ' || {column}, ' ', ' ' || team_id || '/')), ' ')"
        op.execute(f"CREATE INDEX ix_ticket_search ON ticket USING gin (array_to_tsvector({vector}))")
        return
    new = f"INSERT INTO ticket_search (rowid, {column}, team_id) VALUES (new.id, new.{column}, new.team_id);"
    old = (
        f"INSERT INTO ticket_search (ticket_search, rowid, {column}, team_id) "
        f"VALUES ('delete', old.id, old.{column}, old.team_id);"
    )
    changed = f"old.{column} IS NOT new.{column} OR old.team_id IS NOT new.team_id"
    op.execute(
        f"CREATE VIRTUAL TABLE ticket_search USING fts5({column}, team_id, content='ticket', content_rowid='id', "
        "detail='column', columnsize=0, tokenize=\"ascii tokenchars '-_.'\")"
    )
    op.execute("INSERT INTO ticket_search (ticket_search) VALUES ('rebuild')")
    op.execute(f"CREATE TRIGGER ticket_search_insert AFTER INSERT ON ticket BEGIN {new} END")
    op.execute(f"CREATE TRIGGER ticket_search_delete AFTER DELETE ON ticket BEGIN {old} END")
    op.execute(
        f"CREATE TRIGGER ticket_search_update AFTER UPDATE OF {column}, team_id ON ticket WHEN {changed} "
        f"BEGIN {old} {new} END"
    )
