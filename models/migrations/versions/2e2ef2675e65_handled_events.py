"""handled events."""

import sqlalchemy as sa
from alembic import op

revision = "2e2ef2675e65"
down_revision = "706e9be728d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handled_event",
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_handled_event"),
    )
    op.create_index("ix_handled_event_at", "handled_event", ["at"])


def downgrade() -> None:
    op.drop_table("handled_event")
