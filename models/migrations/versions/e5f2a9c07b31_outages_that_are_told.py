"""Updates, notes and reviews of outages."""

import sqlalchemy as sa
from alembic import op

revision = "e5f2a9c07b31"
down_revision = "8b1f4a6d2c93"
branch_labels = None
depends_on = None

OUTAGE = ("update_text", "updated_by_id", "updated_at", "next_update_at", "remind_update_at", "review")
EVENT = ("text", "channel", "ts", "deleted_at")


def upgrade() -> None:
    # As both databases write it: SQLite adds no constraint to a table afterwards, and does not make a table
    # anew that tickets refer to.
    op.execute(
        "ALTER TABLE outage ADD COLUMN updated_by_id INTEGER CONSTRAINT fk_outage_updated_by_id_person "
        "REFERENCES person (id)"
    )
    op.add_column("outage", sa.Column("update_text", sa.Text(), nullable=True))
    for name in ("updated_at", "next_update_at", "remind_update_at"):
        op.add_column("outage", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("outage", sa.Column("review", sa.JSON(), nullable=True))
    op.add_column("outage_event", sa.Column("text", sa.Text(), nullable=True))
    op.add_column("outage_event", sa.Column("channel", sa.String(32), nullable=True))
    op.add_column("outage_event", sa.Column("ts", sa.String(32), nullable=True))
    op.add_column("outage_event", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_outage_remind_update_at",
        "outage",
        ["remind_update_at"],
        sqlite_where=sa.text("remind_update_at IS NOT NULL"),
        postgresql_where=sa.text("remind_update_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outage_event_message",
        "outage_event",
        ["channel", "ts"],
        sqlite_where=sa.text("ts IS NOT NULL"),
        postgresql_where=sa.text("ts IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_outage_event_message", "outage_event")
    op.drop_index("ix_outage_remind_update_at", "outage")
    for column in EVENT:
        op.drop_column("outage_event", column)
    for column in OUTAGE:
        op.execute(f"ALTER TABLE outage DROP COLUMN {column}")
