"""An index on the deliveries that were given up."""

import sqlalchemy as sa
from alembic import op

revision = "5c1d8e0b7a42"
down_revision = "2e2ef2675e65"
branch_labels = None
depends_on = None


def upgrade() -> None:
    dead = sa.text("state = 'dead'")
    op.create_index(
        "ix_delivery_dead", "delivery", ["kind", "ticket_id"], sqlite_where=dead, postgresql_where=dead
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_dead", table_name="delivery")
