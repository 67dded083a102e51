"""The day of a hold as it was chosen; where our messages stood that are gone."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "8d2f4a7c9e10"
down_revision = "8d4e2f7a90b1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("hold_day", sa.Date(), nullable=True))
    op.create_table(
        "gone_post",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_gone_post_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("channel", "ts", name="pk_gone_post"),
    )
    _fill()


def _fill() -> None:
    """The day that the history tells of each hold: there it is in the zone in which it was chosen."""
    ticket = sa.table(
        "ticket",
        sa.column("id"),
        sa.column("hold_until", sa.DateTime(timezone=True)),
        sa.column("hold_day", sa.Date()),
    )
    event = sa.table(
        "event",
        *(sa.column(name) for name in ("ticket_id", "number", "action")),
        sa.column("details", sa.JSON()),
    )
    bind = op.get_bind()
    held = (
        sa.select(event.c.ticket_id, event.c.details)
        .join(ticket, ticket.c.id == event.c.ticket_id)
        .where(ticket.c.hold_until.is_not(None), event.c.action == "hold")
        .order_by(event.c.ticket_id, event.c.number)
    )
    days = {row.ticket_id: (row.details or {}).get("until") for row in bind.execute(held).all()}
    for number, until in days.items():
        if until:
            day = date.fromisoformat(until[:10])
            bind.execute(ticket.update().where(ticket.c.id == number).values(hold_day=day))


def downgrade() -> None:
    op.drop_table("gone_post")
    op.execute("ALTER TABLE ticket DROP COLUMN hold_day")
