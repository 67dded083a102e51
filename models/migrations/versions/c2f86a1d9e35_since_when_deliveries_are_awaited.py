"""Since when a delivery that was retried is awaited, for the service level."""

import sqlalchemy as sa
from alembic import op

revision = "c2f86a1d9e35"
down_revision = "9512a5fd4248"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("awaited_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "awaited_since")
