"""The ticket that another is attached to, and when the first of those attached to it is due."""

import sqlalchemy as sa
from alembic import op

revision = "8b1f4a6d2c93"
down_revision = "4b8e2d7f1a93"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As both databases write it: SQLite adds no constraint to a table afterwards.
    op.execute(
        "ALTER TABLE ticket ADD COLUMN parent_id INTEGER CONSTRAINT fk_ticket_parent_id_ticket "
        "REFERENCES ticket (id)"
    )
    op.add_column("ticket", sa.Column("own_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("children_due_at", sa.DateTime(timezone=True), nullable=True))
    is_attached = sa.text("parent_id IS NOT NULL")
    op.create_index(
        "ix_ticket_parent_id",
        "ticket",
        ["parent_id", "id"],
        sqlite_where=is_attached,
        postgresql_where=is_attached,
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_parent_id", table_name="ticket")
    for name in ("children_due_at", "own_due_at", "parent_id"):
        op.execute(f"ALTER TABLE ticket DROP COLUMN {name}")
