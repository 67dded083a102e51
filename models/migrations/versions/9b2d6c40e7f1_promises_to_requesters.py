"""When the card of a ticket's requester is to say that its target is missed; what the desk says while it is
closed.

The moments are set as the clocks of tickets are made anew, or change.
"""

import sqlalchemy as sa
from alembic import op

revision = "9b2d6c40e7f1"
down_revision = "5a9d3e71c8b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("late_at", sa.DateTime(timezone=True), nullable=True))
    where = sa.text("late_at IS NOT NULL")
    op.create_index("ix_ticket_late", "ticket", ["late_at"], sqlite_where=where, postgresql_where=where)
    op.add_column("catalogue_state", sa.Column("out_of_hours", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE catalogue_state DROP COLUMN out_of_hours")
    op.drop_index("ix_ticket_late", "ticket")
    op.execute("ALTER TABLE ticket DROP COLUMN late_at")
