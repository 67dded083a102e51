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
    with op.batch_alter_table("outage") as table:
        table.add_column(sa.Column("update_text", sa.Text(), nullable=True))
        table.add_column(sa.Column("updated_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("next_update_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("remind_update_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("review", sa.JSON(), nullable=True))
        table.create_foreign_key(op.f("fk_outage_updated_by_id_person"), "person", ["updated_by_id"], ["id"])
    with op.batch_alter_table("outage_event") as table:
        table.add_column(sa.Column("text", sa.Text(), nullable=True))
        table.add_column(sa.Column("channel", sa.String(32), nullable=True))
        table.add_column(sa.Column("ts", sa.String(32), nullable=True))
        table.add_column(sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
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
    with op.batch_alter_table("outage_event") as table:
        for column in EVENT:
            table.drop_column(column)
    with op.batch_alter_table("outage") as table:
        table.drop_constraint(op.f("fk_outage_updated_by_id_person"), type_="foreignkey")
        for column in OUTAGE:
            table.drop_column(column)
