"""Who has left a team, with the tickets that were released; the queue by technician."""

import sqlalchemy as sa
from alembic import op

revision = "6d2f9b81c4ae"
down_revision = "e5f2a9c07b31"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_deactivated", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_channel", sa.String(length=32), nullable=True),
        sa.Column("message_ts", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_departure_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_departure_team_id_team")),
        sa.ForeignKeyConstraint(
            ["returned_by_id"], ["person.id"], name=op.f("fk_departure_returned_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
    )
    op.create_index("ix_departure_channel", "departure", ["channel", "state"])
    op.create_table(
        "released_ticket",
        sa.Column("departure_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("is_returned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["departure_id"], ["departure.id"], name=op.f("fk_released_ticket_departure_id_departure")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_released_ticket_ticket_id_ticket")
        ),
        sa.PrimaryKeyConstraint("departure_id", "ticket_id", name=op.f("pk_released_ticket")),
    )

    op.drop_index("ix_ticket_mine", table_name="ticket")
    active = sa.text("status NOT IN ('resolved', 'closed')")
    op.create_index(
        "ix_ticket_mine",
        "ticket",
        ["assignee_id", "status", "priority", "due_at", "id"],
        sqlite_where=active,
        postgresql_where=active,
    )
    op.create_index(
        "ix_ticket_team_queue",
        "ticket",
        ["team_id", "assignee_id", "status", "priority", "due_at", "id"],
        sqlite_where=sa.text("status != 'closed' AND is_outage_child = 0"),
        postgresql_where=sa.text("status != 'closed' AND NOT is_outage_child"),
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_team_queue", table_name="ticket")
    op.drop_index("ix_ticket_mine", table_name="ticket")
    active = sa.text("status NOT IN ('resolved', 'closed')")
    op.create_index(
        "ix_ticket_mine",
        "ticket",
        ["assignee_id", "priority", "due_at", "id"],
        sqlite_where=active,
        postgresql_where=active,
    )
    op.drop_table("released_ticket")
    op.drop_table("departure")
