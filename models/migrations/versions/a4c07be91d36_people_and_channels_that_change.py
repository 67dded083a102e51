"""Accounts that nobody reads, and what is wrong with a team's channel."""

import sqlalchemy as sa
from alembic import op

revision = "a4c07be91d36"
down_revision = "8d2f4a7c9e10"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("is_deactivated", "is_workflow"):
        op.add_column("person", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("team", sa.Column("channel_problem", sa.String(32), nullable=True))
    op.add_column("team", sa.Column("channel_read_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table, name in (
        ("team", "channel_read_at"),
        ("team", "channel_problem"),
        ("person", "is_workflow"),
        ("person", "is_deactivated"),
    ):
        op.drop_column(table, name)
