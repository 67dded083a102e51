"""The search's words of notes, and the tickets whose words are to be made anew: all of them.

The tickets keep the words that they have, and are found by these until a periodic job has made theirs anew,
the newest first.
"""

import sqlalchemy as sa
from alembic import op

revision = "4e7d1b90c3a6"
down_revision = "6b0e94d2f7c5"
branch_labels = None
depends_on = None

NAME = "ticket_search"
BEFORE = ("search_text", "team_id")
AFTER = ("search_text", "internal_search_text", "team_id")
BEHIND_TEAM = "array_to_tsvector(string_to_array(ltrim(replace({}, ' ', ' ' || team_id || '/')), ' '))"
VECTORS = {
    BEFORE: BEHIND_TEAM.format("' ' || search_text"),
    AFTER: BEHIND_TEAM.format("' ' || btrim(search_text || ' ' || internal_search_text)"),
}


def upgrade() -> None:
    op.add_column("ticket", sa.Column("internal_search_text", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "search_refresh",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=True),
        sa.Column("below", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_search_refresh"),
    )
    op.execute("INSERT INTO search_refresh (id, subject) SELECT 1, 'all' WHERE EXISTS (SELECT 1 FROM ticket)")
    if _postgresql():
        op.execute("SELECT setval('search_refresh_id_seq', 1)")
    _drop_index()
    _create_index(AFTER)


def downgrade() -> None:
    """The tickets keep the words of the replies, which the version before searches as well."""
    _drop_index()
    op.execute("ALTER TABLE ticket DROP COLUMN internal_search_text")
    op.drop_table("search_refresh")
    _create_index(BEFORE)


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _drop_index() -> None:
    if _postgresql():
        op.execute(f"DROP INDEX ix_{NAME}")
        return
    for change in ("insert", "delete", "update"):
        op.execute(f"DROP TRIGGER {NAME}_{change}")
    op.execute(f"DROP TABLE {NAME}")


def _create_index(columns) -> None:
    if _postgresql():
        op.execute(f"CREATE INDEX ix_{NAME} ON ticket USING gin ({VECTORS[columns]})")
        return
    named = ", ".join(columns)
    new = f"INSERT INTO {NAME} (rowid, {named}) VALUES (new.id, {', '.join(f'new.{each}' for each in columns)});"
    old = (
        f"INSERT INTO {NAME} ({NAME}, rowid, {named}) "
        f"VALUES ('delete', old.id, {', '.join(f'old.{each}' for each in columns)});"
    )
    changed = " OR ".join(f"old.{each} IS NOT new.{each}" for each in columns)
    for statement in (
        f"CREATE VIRTUAL TABLE {NAME} USING fts5({named}, content='ticket', content_rowid='id', "
        "detail='column', columnsize=0, tokenize=\"ascii tokenchars '-_.'\")",
        f"INSERT INTO {NAME} ({NAME}) VALUES ('rebuild')",
        f"CREATE TRIGGER {NAME}_insert AFTER INSERT ON ticket BEGIN {new} END",
        f"CREATE TRIGGER {NAME}_delete AFTER DELETE ON ticket BEGIN {old} END",
        f"CREATE TRIGGER {NAME}_update AFTER UPDATE OF {named} ON ticket WHEN {changed} "
        f"BEGIN {old} {new} END",
    ):
        op.execute(statement)
