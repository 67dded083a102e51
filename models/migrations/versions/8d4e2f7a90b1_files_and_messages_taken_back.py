"""Whose a file is and where its copies are; what a form keeps here; messages taken back before they came."""

import sqlalchemy as sa
from alembic import op

revision = "8d4e2f7a90b1"
down_revision = "3f9a6c1d2b85"
branch_labels = None
depends_on = None

DELIVERY = sa.table(
    "delivery", sa.column("kind"), sa.column("remote_id"), sa.column("key"), sa.column("details", sa.JSON)
)
ATTACHMENT = sa.table("attachment", sa.column("id"))
COPY = sa.table(
    "file_copy", sa.column("slack_file_id"), sa.column("attachment_id"), sa.column("delivery_key")
)


def upgrade() -> None:
    op.add_column("attachment", sa.Column("permalink", sa.Text(), nullable=True))
    op.add_column("attachment", sa.Column("owner_slack_id", sa.String(length=32), nullable=True))
    op.add_column("comment", sa.Column("edited_ts", sa.String(length=32), nullable=True))
    op.create_table(
        "file_copy",
        sa.Column("slack_file_id", sa.String(length=32), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("delivery_key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name="fk_file_copy_attachment_id_attachment"
        ),
        sa.PrimaryKeyConstraint("slack_file_id", name="pk_file_copy"),
    )
    op.create_index("ix_file_copy_attachment_id", "file_copy", ["attachment_id"])
    op.create_table(
        "form_draft",
        sa.Column("submission", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_form_draft_person_id_person"),
        sa.PrimaryKeyConstraint("submission", name="pk_form_draft"),
    )
    op.create_index("ix_form_draft_created_at", "form_draft", ["created_at"])
    op.create_table(
        "heard_message",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("edited_ts", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "ts", name="pk_heard_message"),
    )
    op.create_index("ix_heard_message_at", "heard_message", ["at"])
    _remember_copies()


def _remember_copies() -> None:
    """Each copy that stands in Slack, as the deliveries have it; what was taken back already is gone."""
    there = op.get_bind()
    known = set(there.execute(sa.select(ATTACHMENT.c.id)).scalars())
    posted = there.execute(
        sa.select(DELIVERY.c.remote_id, DELIVERY.c.key, DELIVERY.c.details).where(
            DELIVERY.c.kind == "file", DELIVERY.c.remote_id.is_not(None)
        )
    ).all()
    copies = {
        remote_id: {"slack_file_id": remote_id, "attachment_id": details["attachment"], "delivery_key": key}
        for remote_id, key, details in posted
        if details.get("attachment") in known
    }
    if copies:
        op.bulk_insert(COPY, list(copies.values()))


def downgrade() -> None:
    op.drop_table("heard_message")
    op.drop_table("form_draft")
    op.drop_table("file_copy")
    op.drop_column("comment", "edited_ts")
    op.drop_column("attachment", "owner_slack_id")
    op.drop_column("attachment", "permalink")
