"""What one person did lately: how much they may still send is counted by it."""

from alembic import op

revision = "b9e1d54c7f08"
down_revision = "b1e7c3d95a20"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_event_actor_id", "event", ["actor_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_event_actor_id", table_name="event")
