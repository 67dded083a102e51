"""Teams and services whose tickets are confidential."""

import sqlalchemy as sa
from alembic import op

revision = "4b8e2d7f1a93"
down_revision = "1c9e5d7a3b60"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("team", "service"):
        column = sa.Column("is_confidential", sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column(table, column)


def downgrade() -> None:
    for table in ("service", "team"):
        op.drop_column(table, "is_confidential")
