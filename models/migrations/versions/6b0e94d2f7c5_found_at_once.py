"""Keywords of services, articles, searches that found nothing."""

import sqlalchemy as sa
from alembic import op

revision = "6b0e94d2f7c5"
down_revision = "f3a7c58e21d9"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
EMPTY = '{"fr": [], "en": []}'


def upgrade() -> None:
    op.add_column("service", sa.Column("keywords", sa.JSON(), nullable=False, server_default=EMPTY))
    op.create_table(
        "catalogue_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("out_of_scope", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_state"),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
    )
    op.create_table(
        "article_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_article_answer_article_id_article"),
        sa.PrimaryKeyConstraint("id", name="pk_article_answer"),
    )
    op.create_index("ix_article_answer_article_id", "article_answer", ["article_id", "at"])
    op.create_table(
        "search_gap",
        sa.Column("words", sa.String(length=150), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_search_gap_person_id_person"),
        sa.PrimaryKeyConstraint("words", "person_id", name="pk_search_gap"),
    )
    op.create_index("ix_search_gap_at", "search_gap", ["at"])


def downgrade() -> None:
    for table in ("search_gap", "article_answer", "article", "catalogue_state"):
        op.drop_table(table)
    op.execute("ALTER TABLE service DROP COLUMN keywords")
