"""The search's words each behind its team, on PostgreSQL."""

from alembic import op

revision = "3f9a6c1d2b85"
down_revision = "5c1d8e0b7a42"
branch_labels = None
depends_on = None

BEFORE = "(to_tsvector('simple', folded) || array_to_tsvector(ARRAY['@' || team_id]))"
AFTER = "array_to_tsvector(string_to_array(ltrim(replace(' ' || folded, ' ', ' ' || team_id || '/')), ' '))"
LONG = (
    "UPDATE ticket SET folded = regexp_replace(folded, '([^ ]{64})[^ ]+', '\\1', 'g') "
    "WHERE folded ~ '[^ ]{65}'"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_ticket_search")
        op.execute(LONG)  # the index takes no word of more than 2,046 bytes
        op.execute(f"CREATE INDEX ix_ticket_search ON ticket USING gin ({AFTER})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_ticket_search")
        op.execute(f"CREATE INDEX ix_ticket_search ON ticket USING gin ({BEFORE})")
