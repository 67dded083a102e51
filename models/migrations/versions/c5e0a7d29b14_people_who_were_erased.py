"""People who were erased."""

import sqlalchemy as sa
from alembic import op

revision = "c5e0a7d29b14"
down_revision = "3e8c5b0d7f24"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("met_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "erasure_replay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_replay")),
    )


def downgrade() -> None:
    op.drop_table("erasure_replay")
    op.drop_column("person", "erased_at")
    op.drop_column("person", "met_at")
