"""The agreements that requests need before the work: who is asked, what they decided, who is absent."""

import sqlalchemy as sa
from alembic import op

revision = "9512a5fd4248"
down_revision = "7a2d5c9e1f40"
branch_labels = None
depends_on = None

CURRENT = sa.text("state IN ('lookup', 'choice', 'asked', 'incomplete')")
REMIND = sa.text("remind_at IS NOT NULL")
MANAGER = "INTEGER CONSTRAINT fk_person_manager_id_person REFERENCES person (id)"
OPEN = sa.text("dropped_at IS NULL AND is_open")

KEPT = (("service", "approval_before_team"), ("ticket", "is_kept_from_team"))


def upgrade() -> None:
    op.add_column("service", sa.Column("approval", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(
        "ticket", sa.Column("agreement", sa.String(length=32), nullable=False, server_default="not_needed")
    )
    for table, column in KEPT:
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("ticket", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attachment", sa.Column("digest", sa.String(length=64), nullable=True))
    op.execute(f"ALTER TABLE person ADD COLUMN manager_id {MANAGER}")
    op.add_column("person", sa.Column("manager_read_at", sa.DateTime(timezone=True), nullable=True))
    _approval()
    _approver()
    op.create_table(
        "absence",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_absence_person_id_person"),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name="fk_absence_substitute_id_person"),
        sa.PrimaryKeyConstraint("person_id", name="pk_absence"),
    )


def _approval() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=True),
        sa.Column("subject_before", sa.JSON(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_fallback", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("event_number", sa.Integer(), nullable=True),
        sa.Column("messages", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_approval_ticket_id_ticket"),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["person.id"], name="fk_approval_requested_by_id_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        sa.UniqueConstraint("ticket_id", "position", name="uq_approval_ticket_id_position"),
    )
    for name, column, where in (
        ("ix_approval_current", "ticket_id", CURRENT),
        ("ix_approval_remind_at", "remind_at", REMIND),
    ):
        op.create_index(name, "approval", [column], postgresql_where=where, sqlite_where=where)


def _approver() -> None:
    op.create_table(
        "approver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("is_fallback", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("messages", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name="fk_approver_approval_id_approval"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_approver_person_id_person"),
        sa.ForeignKeyConstraint(["for_id"], ["person.id"], name="fk_approver_for_id_person"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name="fk_approver_recorded_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_approver"),
        sa.UniqueConstraint("approval_id", "person_id", name="uq_approver_approval_id_person_id"),
    )
    op.create_index("ix_approver_open", "approver", ["person_id"], postgresql_where=OPEN, sqlite_where=OPEN)


def downgrade() -> None:
    for name in ("absence", "approver", "approval"):
        op.drop_table(name)
    op.execute("ALTER TABLE attachment DROP COLUMN digest")
    for name in ("manager_read_at", "manager_id"):
        op.execute(f"ALTER TABLE person DROP COLUMN {name}")
    for name in ("agreed_at", "agreement"):
        op.execute(f"ALTER TABLE ticket DROP COLUMN {name}")
    for table, column in (*KEPT, ("service", "approval")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
