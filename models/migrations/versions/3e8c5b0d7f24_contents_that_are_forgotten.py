"""Contents of tickets that are forgotten, and the lists by which they are."""

import sqlalchemy as sa
from alembic import op

revision = "3e8c5b0d7f24"
down_revision = "d3a81f60b24c"
branch_labels = None
depends_on = None

_OF_CLOSED = {"ix_ticket_to_forget": "forgotten_at", "ix_ticket_files_to_forget": "files_forgotten_at"}


def upgrade() -> None:
    op.add_column("ticket", sa.Column("files_forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    for name, column in _OF_CLOSED.items():
        where = sa.text(f"closed_at IS NOT NULL AND {column} IS NULL")
        op.create_index(name, "ticket", ["closed_at"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "retention_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tickets_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("files_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visa", sa.String(200), nullable=True),
        sa.Column("tickets_done", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("files_done", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_list")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("retention_list")
    for name in _OF_CLOSED:
        op.drop_index(name, "ticket")
    for column in ("forgotten_at", "files_forgotten_at"):
        op.drop_column("ticket", column)
