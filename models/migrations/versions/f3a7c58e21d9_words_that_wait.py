"""What people write outside of threads, who wrote last, and how many e-mails they got."""

import sqlalchemy as sa
from alembic import op

revision = "f3a7c58e21d9"
down_revision = "d17b5e92c6a4"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
BY_REQUESTER = ("answer", "comment", "refuse", "reopen")
BY_TEAM = ("reply", "ask", "resolve")


def upgrade() -> None:
    _add_tables()
    no = sa.text("false")
    op.add_column("person", sa.Column("declined_reply_hint", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("file_copy", sa.Column("recipient", sa.String(length=80), nullable=True))
    op.add_column("file_copy", sa.Column("permalink", sa.Text(), nullable=True))
    op.add_column("form_draft", sa.Column("rest", sa.Text(), nullable=False, server_default=""))
    op.add_column("form_draft", sa.Column("message_draft_id", sa.Integer(), nullable=True))
    op.add_column("comment", sa.Column("thread_ts", sa.String(length=32), nullable=True))
    op.add_column("form_draft", sa.Column("messages", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("ticket", sa.Column("requester_wrote_at", AT, nullable=True))
    known = sa.text("duplicate_of_id IS NOT NULL")
    op.create_index(
        "ix_ticket_duplicate_of_id",
        "ticket",
        ["duplicate_of_id"],
        sqlite_where=known,
        postgresql_where=known,
    )
    _fill()


def _add_tables() -> None:
    op.create_table(
        "message_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=3000), nullable=True),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("written_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("answer_channel", sa.String(length=32), nullable=True),
        sa.Column("answer_ts", sa.String(length=32), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("is_new_ticket", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_message_draft_person_id_person"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_message_draft_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_message_draft"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_draft_person_id", "message_draft", ["person_id", "written_at"])
    op.create_index("ix_message_draft_expires_at", "message_draft", ["expires_at"])
    op.create_table(
        "mail_count",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("reminded_at", AT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_mail_count_person_id_person"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_mail_count_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name="pk_mail_count"),
    )


def _fill() -> None:
    """Tickets whose requester wrote last; and the e-mails that deliveries still tell of."""
    ticket = sa.table("ticket", *map(sa.column, ("id", "requester_wrote_at")))
    event = sa.table("event", *map(sa.column, ("ticket_id", "number", "action", "at")))
    later = event.alias()
    spoken_later = sa.exists().where(
        later.c.ticket_id == ticket.c.id,
        later.c.number > event.c.number,
        later.c.action.in_(BY_REQUESTER + BY_TEAM),
    )
    last = sa.select(event.c.at).where(
        event.c.ticket_id == ticket.c.id, event.c.action.in_(BY_REQUESTER), ~spoken_later
    )
    op.execute(ticket.update().values(requester_wrote_at=last.scalar_subquery()))
    op.execute(
        "INSERT INTO mail_count (ticket_id, person_id, sent) SELECT ticket_id, person_id, count(*) FROM delivery "
        "WHERE kind = 'mail' AND state = 'sent' GROUP BY ticket_id, person_id"
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_duplicate_of_id", "ticket")
    op.drop_table("mail_count")
    op.drop_table("message_draft")
    columns = {
        "ticket": ("requester_wrote_at",),
        "comment": ("thread_ts",),
        "form_draft": ("messages", "message_draft_id", "rest"),
        "file_copy": ("permalink", "recipient"),
        "person": ("declined_reply_hint",),
    }
    for table, names in columns.items():
        for name in names:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
