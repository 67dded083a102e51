"""How often an unexpected error ended an attempt to deliver, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "b1e7c3d95a20"
down_revision = "a4c07be91d36"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("defects", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("delivery", sa.Column("defect_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "defect_at")
    op.drop_column("delivery", "defects")
