"""Announcements of outages in channels of sites."""

import sqlalchemy as sa
from alembic import op

revision = "a9c35e17f4d0"
down_revision = "7a51c0e94d2f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("site", sa.Column("announce", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "announcement_channel",
        sa.Column("name", sa.String(81), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=True),
        sa.Column("title", sa.String(80), nullable=True),
        sa.Column("problem", sa.String(32), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_announcement_channel")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outage_id", sa.Integer(), nullable=False),
        sa.Column("channel_name", sa.String(81), nullable=False),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.Column("ts", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name=op.f("fk_announcement_outage_id_outage")),
        sa.ForeignKeyConstraint(
            ["channel_name"],
            ["announcement_channel.name"],
            name=op.f("fk_announcement_channel_name_announcement_channel"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("outage_id", "channel_name", name="uq_announcement_outage_id"),
    )
    op.create_index("ix_announcement_channel_name", "announcement", ["channel_name"])


def downgrade() -> None:
    op.drop_table("announcement")
    op.drop_table("announcement_channel")
    op.drop_column("site", "announce")  # tickets refer to the table, which is not made anew
