"""The technicians' side: conversations, outages, the queue, satisfaction.

What SQLite can alter in place is altered in place: a table made anew would lose its AUTOINCREMENT, and with
it the promise that a number is never used again.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "706e9be728d4"
down_revision = "74241df5f807"
branch_labels = None
depends_on = None

_TIME = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
_OPEN = "status != 'closed' AND NOT is_grouped"
_INDEXES = {
    "ix_ticket_queue": (["team_id", "status", "priority", "due_at", "id"], _OPEN),
    "ix_ticket_mine": (["assignee_id", "priority", "due_at", "id"], "status NOT IN ('resolved', 'closed')"),
    "ix_ticket_service": (["service_id", "team_id"], _OPEN),
    "ix_ticket_team_id": (["team_id", "id"], None),
    "ix_ticket_hold": (["hold_until"], "hold_until IS NOT NULL"),
    "ix_ticket_outage_id": (["outage_id"], "outage_id IS NOT NULL"),
}

# What follows was the model's when this was written. It stays as it was then, whatever becomes of the model.
_TARGETS = {
    "P1": timedelta(hours=4),
    "P2": timedelta(days=1),
    "P3": timedelta(days=3),
    "P4": timedelta(days=10),
}
_WORD_MAX = 64
_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)+")
_HYPHENS = str.maketrans("", "", "-‐‑")
_TWO_LETTERS = str.maketrans({"œ": "oe", "æ": "ae"})

_VECTOR = "array_to_tsvector(string_to_array(ltrim(replace(' ' || folded, ' ', ' ' || team_id || '/')), ' '))"
_NEW = "INSERT INTO ticket_search (rowid, folded, team_id) VALUES (new.id, new.folded, new.team_id);"
_OLD = (
    "INSERT INTO ticket_search (ticket_search, rowid, folded, team_id) "
    "VALUES ('delete', old.id, old.folded, old.team_id);"
)
_CHANGED = "old.folded IS NOT new.folded OR old.team_id IS NOT new.team_id"
_CREATE_SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE ticket_search USING fts5(folded, team_id, content='ticket', content_rowid='id', "
        "detail='column', columnsize=0, tokenize=\"ascii tokenchars '-_.'\")",
        "INSERT INTO ticket_search (ticket_search) VALUES ('rebuild')",
        f"CREATE TRIGGER ticket_search_insert AFTER INSERT ON ticket BEGIN {_NEW} END",
        f"CREATE TRIGGER ticket_search_delete AFTER DELETE ON ticket BEGIN {_OLD} END",
        f"CREATE TRIGGER ticket_search_update AFTER UPDATE OF folded, team_id ON ticket WHEN {_CHANGED} "
        f"BEGIN {_OLD} {_NEW} END",
    ),
    "postgresql": (f"CREATE INDEX ix_ticket_search ON ticket USING gin ({_VECTOR})",),
}
_DROP_SEARCH = {
    "sqlite": (
        *(f"DROP TRIGGER IF EXISTS ticket_search_{change}" for change in ("insert", "delete", "update")),
        "DROP TABLE IF EXISTS ticket_search",
    ),
    "postgresql": ("DROP INDEX IF EXISTS ix_ticket_search",),
}


def _search_words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    folded = " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
    plain = folded.translate(_TWO_LETTERS)
    words = _WORD.findall(plain) + [found.translate(_HYPHENS) for found in _COMPOUND.findall(plain)]
    return [word[:_WORD_MAX] for word in words]


def _in_utc(moment: datetime) -> datetime:
    """PostgreSQL's come in the session's time zone, where a day may have 23 hours; SQLite's have none."""
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _columns() -> list[tuple[str, str, str]]:
    """Table, name, and definition of what is new."""
    time = _TIME[op.get_bind().dialect.name]

    def reference(table: str, name: str, other: str) -> tuple[str, str, str]:
        return table, name, f"INTEGER CONSTRAINT fk_{table}_{name}_{other} REFERENCES {other} (id)"

    return [
        reference("delivery", "outage_id", "outage"),
        ("person", "channels_read_at", time),
        ("team", "phrases", "JSON NOT NULL DEFAULT '[]'"),
        reference("ticket", "duplicate_of_id", "ticket"),
        reference("ticket", "outage_id", "outage"),
        ("ticket", "is_grouped", "BOOLEAN NOT NULL DEFAULT false"),
        reference("ticket", "filed_by_id", "person"),
        ("ticket", "source", "VARCHAR(3000)"),
        ("ticket", "hold_reason", "VARCHAR(32)"),
        ("ticket", "hold_until", time),
        ("ticket", "rating", "VARCHAR(32)"),
        ("ticket", "rating_comment", "TEXT"),
        ("ticket", "due_at", f"{time} NOT NULL DEFAULT '1970-01-01 00:00:00'"),
        ("ticket", "folded", "TEXT NOT NULL DEFAULT ''"),
        ("ticket", "state_event", "INTEGER NOT NULL DEFAULT 0"),
    ]


def upgrade() -> None:
    op.create_table(
        "outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("site_ids", sa.JSON(), nullable=False),
        sa.Column("service_ids", sa.JSON(), nullable=False),
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["person.id"], name=op.f("fk_outage_declared_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["person.id"], name=op.f("fk_outage_resolved_by_id_person")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_outage_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
        sa.UniqueConstraint("submission", name=op.f("uq_outage_submission")),
    )
    with op.batch_alter_table("outage", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outage_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )

    op.create_table(
        "outage_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_outage_event_actor_id_person")),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_outage_event_outage_id_outage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_event")),
    )
    with op.batch_alter_table("outage_event", schema=None) as batch_op:
        batch_op.create_index("ix_outage_event_outage_id", ["outage_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("submission", sa.String(length=36), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id_person")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_comment_event_id_event")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_comment_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("channel", "ts", name=op.f("uq_comment_channel_ts")),
        sa.UniqueConstraint("event_id", name=op.f("uq_comment_event_id")),
        sa.UniqueConstraint("submission", name=op.f("uq_comment_submission")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("ix_comment_ticket_id", ["ticket_id"], unique=False)

    for table, name, definition in _columns():
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {definition}")
    for name, (columns, where) in _INDEXES.items():
        op.create_index(
            name,
            "ticket",
            columns,
            sqlite_where=sa.text(where.replace("NOT is_grouped", "is_grouped = 0")) if where else None,
            postgresql_where=sa.text(where) if where else None,
        )
    with op.batch_alter_table("attachment") as attachment:
        attachment.add_column(sa.Column("comment_id", sa.Integer(), nullable=True))
        attachment.add_column(
            sa.Column("is_internal", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        attachment.create_foreign_key("fk_attachment_comment_id_comment", "comment", ["comment_id"], ["id"])
        attachment.drop_constraint("uq_attachment_ticket_id_slack_file_id", type_="unique")
        attachment.create_unique_constraint(
            "uq_attachment_ticket_id_comment_id_slack_file_id", ["ticket_id", "comment_id", "slack_file_id"]
        )
    with op.batch_alter_table("post") as post:
        post.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="0"))
        post.drop_constraint("uq_post_ticket_id_recipient_kind_event_number", type_="unique")
        post.create_unique_constraint(
            "uq_post_ticket_id_recipient_kind_event_number_part",
            ["ticket_id", "recipient", "kind", "event_number", "part"],
        )
        post.create_index("ix_post_channel_ts", ["channel", "ts"])
    _fill()
    for statement in _CREATE_SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)


def _fill() -> None:
    """What the model would have written for the tickets that are there."""
    ticket = sa.table(
        "ticket",
        *(sa.column(name) for name in ("id", "title", "description", "solution", "priority", "folded")),
        *(sa.column(name) for name in ("requester_id", "event_count", "state_event")),
        sa.column("opened_at", sa.DateTime(timezone=True)),
        sa.column("due_at", sa.DateTime(timezone=True)),
    )
    person = sa.table("person", sa.column("id"), sa.column("name"))
    rows = sa.select(ticket, person.c.name).join(person, person.c.id == ticket.c.requester_id)
    bind = op.get_bind()
    for row in bind.execute(rows).all():
        said = (row.title, row.description, row.solution or "", row.name)
        bind.execute(
            ticket.update()
            .where(ticket.c.id == row.id)
            .values(
                folded=" ".join(_search_words(" ".join(said))),
                due_at=_in_utc(row.opened_at) + _TARGETS[row.priority],
                state_event=row.event_count,
            )
        )


def downgrade() -> None:
    for statement in _DROP_SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)
    with op.batch_alter_table("attachment") as attachment:
        attachment.drop_constraint("uq_attachment_ticket_id_comment_id_slack_file_id", type_="unique")
        attachment.create_unique_constraint(
            "uq_attachment_ticket_id_slack_file_id", ["ticket_id", "slack_file_id"]
        )
        attachment.drop_constraint("fk_attachment_comment_id_comment", type_="foreignkey")
        attachment.drop_column("comment_id")
        attachment.drop_column("is_internal")
    with op.batch_alter_table("post") as post:
        post.drop_index("ix_post_channel_ts")
        post.drop_constraint("uq_post_ticket_id_recipient_kind_event_number_part", type_="unique")
        post.create_unique_constraint(
            "uq_post_ticket_id_recipient_kind_event_number",
            ["ticket_id", "recipient", "kind", "event_number"],
        )
        post.drop_column("part")
    for name in _INDEXES:
        op.drop_index(name, "ticket")
    for table, name, _definition in reversed(_columns()):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.drop_table("comment")
    op.drop_table("outage_event")
    op.drop_table("outage")
