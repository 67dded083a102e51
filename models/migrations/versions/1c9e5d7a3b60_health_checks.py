"""The trial row of health checks, and when Slack was last heard."""

import sqlalchemy as sa
from alembic import op

revision = "1c9e5d7a3b60"
down_revision = "c2f86a1d9e35"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "write_trial",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("filler", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "last_heard",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind"),
    )


def downgrade() -> None:
    op.drop_table("last_heard")
    op.drop_table("write_trial")
