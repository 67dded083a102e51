"""The technicians' side: conversations, outages, the queue, satisfaction.

What SQLite can alter in place is altered in place: a table made anew would lose its AUTOINCREMENT, and with
it the promise that a number is never used again.
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models import search_index
from models.lifecycle import TARGETS, Priority
from models.search_words import search_words

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
        sa.Column("declared_at", models.base.Moment(timezone=True), nullable=False),
        sa.Column("expected_end", models.base.Moment(timezone=True), nullable=True),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", models.base.Moment(timezone=True), nullable=True),
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
        sa.Column("at", models.base.Moment(timezone=True), nullable=False),
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
        sa.Column("edited_at", models.base.Moment(timezone=True), nullable=True),
        sa.Column("deleted_at", models.base.Moment(timezone=True), nullable=True),
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
    for statement in search_index.CREATE[op.get_bind().dialect.name]:
        op.execute(statement)


def _fill() -> None:
    """What the model would have written for the tickets that are there."""
    ticket = sa.table(
        "ticket",
        *(sa.column(name) for name in ("id", "title", "description", "solution", "priority", "folded")),
        *(sa.column(name) for name in ("requester_id", "event_count", "state_event")),
        sa.column("opened_at", models.base.Moment()),
        sa.column("due_at", models.base.Moment()),
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
                folded=" ".join(search_words(" ".join(said))),
                due_at=row.opened_at + TARGETS[Priority(row.priority)],
                state_event=row.event_count,
            )
        )


def downgrade() -> None:
    for statement in search_index.DROP[op.get_bind().dialect.name]:
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
