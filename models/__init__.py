"""The tables and their rules. Knows SQLAlchemy and nothing else of ours."""

from models import attachment, catalogue, delivery, event, person, ticket  # noqa: F401 (registers the tables)
