"""When the cards of closed tickets become short; tickets by the message that they were made from."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "7a51c0e94d2f"
down_revision = "6d2f9b81c4ae"
branch_labels = None
depends_on = None

SHORT = sa.text("shortens_at IS NOT NULL")
SOURCE = sa.text("source IS NOT NULL AND length(source) <= 500")


def upgrade() -> None:
    op.add_column("ticket", sa.Column("shortens_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_ticket_shortens", "ticket", ["shortens_at"], sqlite_where=SHORT, postgresql_where=SHORT
    )
    op.create_index("ix_ticket_source", "ticket", ["source"], sqlite_where=SOURCE, postgresql_where=SOURCE)
    _fill()


def _fill() -> None:
    """Those of the last day of closings; the cards of older ones stay as they are."""
    columns = (
        sa.column("id"),
        *(sa.column(each, sa.DateTime(timezone=True)) for each in ("closed_at", "shortens_at")),
    )
    ticket, bind, day = sa.table("ticket", *columns), op.get_bind(), timedelta(days=1)
    newest = bind.scalar(sa.select(sa.func.max(ticket.c.closed_at)))
    if newest is None:
        return
    recent = sa.select(ticket.c.id, ticket.c.closed_at).where(ticket.c.closed_at > newest - day)
    for row in bind.execute(recent).all():
        changed = ticket.update().where(ticket.c.id == row.id)
        bind.execute(changed.values(shortens_at=row.closed_at + day))


def downgrade() -> None:
    op.drop_index("ix_ticket_source", "ticket")
    op.drop_index("ix_ticket_shortens", "ticket")
    op.execute("ALTER TABLE ticket DROP COLUMN shortens_at")
