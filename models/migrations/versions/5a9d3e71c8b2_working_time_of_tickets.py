"""The clocks of tickets in working time, and their targets.

The open tickets keep their due moments until a periodic job has made their clocks anew, from their history.
"""

import sqlalchemy as sa
from alembic import op

revision = "5a9d3e71c8b2"
down_revision = "0c4e8b2f6d19"
branch_labels = None
depends_on = None

ZERO = sa.text("0")
MOMENTS = ("clock_since", "taken_due_at", "responded_at", "remind_at")
DURATIONS = ("time_used", "time_granted")
LEVELS = ("taken_reminded", "due_reminded")


def upgrade() -> None:
    for name in MOMENTS:
        op.add_column("ticket", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in DURATIONS:
        op.add_column("ticket", sa.Column(name, sa.BigInteger(), nullable=False, server_default=ZERO))
    op.add_column("ticket", sa.Column("time_to_respond", sa.BigInteger(), nullable=True))
    for name in LEVELS:
        op.add_column("ticket", sa.Column(name, sa.SmallInteger(), nullable=False, server_default=ZERO))
    op.add_column("service", sa.Column("targets", sa.JSON(), nullable=True))
    op.add_column("catalogue_state", sa.Column("targets", sa.JSON(), nullable=True))
    where = sa.text("remind_at IS NOT NULL")
    op.create_index("ix_ticket_remind", "ticket", ["remind_at"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "clock_refresh",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("below", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_clock_refresh"),
    )
    # Until its turn, a ticket counts as running since it was filed, as in the version before.
    op.execute("UPDATE ticket SET clock_since = opened_at WHERE status IN ('new', 'in_progress')")
    op.execute("INSERT INTO clock_refresh (id) SELECT 1 WHERE EXISTS (SELECT 1 FROM ticket)")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('clock_refresh_id_seq', 1)")


def downgrade() -> None:
    op.drop_table("clock_refresh")
    op.drop_index("ix_ticket_remind", "ticket")
    op.execute("ALTER TABLE catalogue_state DROP COLUMN targets")
    op.execute("ALTER TABLE service DROP COLUMN targets")
    for name in (*LEVELS, "time_to_respond", *DURATIONS, *MOMENTS):
        op.execute(f"ALTER TABLE ticket DROP COLUMN {name}")
