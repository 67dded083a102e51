"""When the desk and its teams are open. Empty until the catalogue is loaded, which follows each upgrade."""

import sqlalchemy as sa
from alembic import op

revision = "0c4e8b2f6d19"
down_revision = "4e7d1b90c3a6"
branch_labels = None
depends_on = None

NO = sa.text("false")


def upgrade() -> None:
    op.add_column("catalogue_state", sa.Column("calendar", sa.JSON(), nullable=True))
    op.add_column("team", sa.Column("calendar", sa.JSON(), nullable=True))
    op.add_column("service", sa.Column("is_always_open", sa.Boolean(), nullable=False, server_default=NO))


def downgrade() -> None:
    op.execute("ALTER TABLE service DROP COLUMN is_always_open")
    op.execute("ALTER TABLE team DROP COLUMN calendar")
    op.execute("ALTER TABLE catalogue_state DROP COLUMN calendar")
