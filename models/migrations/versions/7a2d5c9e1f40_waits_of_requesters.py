"""What waits for its requester, since when, and when it is reminded of and closed."""

import sqlalchemy as sa
from alembic import op

revision = "7a2d5c9e1f40"
down_revision = "9b2d6c40e7f1"
branch_labels = None
depends_on = None

MOMENTS = ("wakes_at", "waits_since", "warned_at", "remind_requester_at", "close_at", "chased_at")
COUNTS = ("reminded", "warned", "postponed")
INDEXES = {
    "ix_ticket_wakes_at": ("wakes_at", "wakes_at IS NOT NULL"),
    "ix_ticket_remind_requester_at": ("remind_requester_at", "remind_requester_at IS NOT NULL"),
    "ix_ticket_close_at": ("close_at", "close_at IS NOT NULL"),
    "ix_ticket_waiting": ("id", "status IN ('pending', 'resolved')"),
}


def upgrade() -> None:
    for name in MOMENTS:
        op.add_column("ticket", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("wait_event", sa.Integer(), nullable=True))
    for name in COUNTS:
        op.add_column("ticket", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "ticket", sa.Column("is_kept_open", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.execute("UPDATE ticket SET wakes_at = hold_until WHERE hold_until IS NOT NULL")
    op.drop_index("ix_ticket_hold", table_name="ticket")
    for name, (column, where) in INDEXES.items():
        condition = sa.text(where)
        op.create_index(name, "ticket", [column], postgresql_where=condition, sqlite_where=condition)
    op.create_table(
        "reminder",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reminder_person_id_person"),
        sa.PrimaryKeyConstraint("person_id", name="pk_reminder"),
    )
    op.create_table(
        "wait_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("above", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_wait_dates"),
    )


def downgrade() -> None:
    op.drop_table("wait_dates")
    op.drop_table("reminder")
    for name in INDEXES:
        op.drop_index(name, table_name="ticket")
    where = sa.text("hold_until IS NOT NULL")
    op.create_index("ix_ticket_hold", "ticket", ["hold_until"], postgresql_where=where, sqlite_where=where)
    for name in ("is_kept_open", *COUNTS, "wait_event", *MOMENTS):
        op.execute(f"ALTER TABLE ticket DROP COLUMN {name}")
