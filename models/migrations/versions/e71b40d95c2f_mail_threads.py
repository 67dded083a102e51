"""Where the thread of a ticket's e-mails begins."""

import sqlalchemy as sa
from alembic import op

revision = "e71b40d95c2f"
down_revision = "b9e1d54c7f08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("mail_root", sa.String(length=320), nullable=True))
    _fill()


def _fill() -> None:
    """Tickets so far began with `<ticket-N@domain>`. The domain is the one that their e-mails left from; of a
    ticket whose e-mails are no longer kept, or have not left, the one of the newest e-mail."""
    ticket = sa.table("ticket", sa.column("id", sa.Integer), sa.column("mail_root", sa.String))
    columns = ("id", "ticket_id", "kind", "state", "remote_id")
    delivery = sa.table("delivery", *(sa.column(name) for name in columns))
    bind = op.get_bind()
    at = sa.func.strpos if bind.dialect.name == "postgresql" else sa.func.instr
    left = (delivery.c.kind == "mail", delivery.c.state == "sent", delivery.c.remote_id.like("<ticket-%@%>"))
    domain = sa.select(sa.func.substr(delivery.c.remote_id, at(delivery.c.remote_id, "@"))).where(*left)
    newest = bind.scalar(domain.order_by(delivery.c.id.desc()).limit(1))
    if newest is None:
        return
    own = domain.where(delivery.c.ticket_id == ticket.c.id).order_by(delivery.c.id).limit(1)
    number = sa.literal("<ticket-") + sa.cast(ticket.c.id, sa.String)
    bind.execute(ticket.update().values(mail_root=number + sa.func.coalesce(own.scalar_subquery(), newest)))


def downgrade() -> None:
    op.execute("ALTER TABLE ticket DROP COLUMN mail_root")
