"""The outbox by itself, on each database."""

from collections.abc import Iterator

import pytest

from tests.support.outbox_rows import Outbox, empty_outbox


@pytest.fixture
def box(tables_url: str) -> Iterator[Outbox]:
    """On each database."""
    with empty_outbox(tables_url) as box:
        yield box
