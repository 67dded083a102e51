"""What is to be deleted in Slack; messages about tickets that were not remembered so far."""

import sqlalchemy as sa
from alembic import op

revision = "d3a81f60b24c"
down_revision = "5d0e7c2b91a4"
branch_labels = None
depends_on = None

# Lines for teams: their `ts` is known for as long as their delivery is kept, 90 days; their channel is that
# of the card above them. A team whose cards of a ticket were in several channels has a row for each.
_LINES = """
INSERT INTO ticket_message (channel, ts, ticket_id, thread_ts)
SELECT DISTINCT r.channel, d.remote_id, d.ticket_id, CAST(NULL AS VARCHAR(32))
FROM delivery AS d JOIN message_reference AS r ON r.ticket_id = d.ticket_id AND r.recipient = d.recipient
WHERE d.kind IN ('thread', 'target') AND d.state = 'sent' AND d.remote_id IS NOT NULL
AND LENGTH(d.remote_id) <= 32 AND r.kind IN ('triage_card', 'moved')
"""


def upgrade() -> None:
    op.create_table(
        "removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("ts", sa.String(32), nullable=True),
        sa.Column("key", sa.String(120), nullable=True),
        sa.Column("thread_ts", sa.String(32), nullable=True),
        sa.Column("slack_file_id", sa.String(32), nullable=True),
        sa.Column("permalink", sa.Text(), nullable=True),
        sa.Column("owner", sa.String(32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_removal_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal")),
        sa.UniqueConstraint("channel", "ts", name=op.f("uq_removal_channel_ts")),
        sa.UniqueConstraint("slack_file_id", name=op.f("uq_removal_slack_file_id")),
        sqlite_autoincrement=True,
    )
    waiting, left = sa.text("state = 'waiting'"), sa.text("state <> 'waiting'")
    op.create_index(
        "ix_removal_due",
        "removal",
        ["kind", "due_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_removal_left", "removal", ["state", "id"], sqlite_where=left, postgresql_where=left)
    op.create_index("ix_removal_ticket_id", "removal", ["ticket_id"])
    op.create_table(
        "removal_count",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", name=op.f("pk_removal_count")),
    )
    op.create_table(
        "ticket_message",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("ts", sa.String(32), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("thread_ts", sa.String(32), nullable=True),
        sa.Column("owner", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_message_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("channel", "ts", "ticket_id", name=op.f("pk_ticket_message")),
    )
    op.create_index("ix_ticket_message_ticket_id", "ticket_message", ["ticket_id"])
    op.create_index("ix_former_message_reference_ticket_id", "former_message_reference", ["ticket_id"])
    op.create_index("ix_released_ticket_ticket_id", "released_ticket", ["ticket_id"])
    op.execute(_LINES)


def downgrade() -> None:
    op.drop_index("ix_released_ticket_ticket_id", "released_ticket")
    op.drop_index("ix_former_message_reference_ticket_id", "former_message_reference")
    op.drop_table("ticket_message")
    op.drop_table("removal_count")
    op.drop_table("removal")
