"""The people of the use cases' tests."""

import pytest

from bot.context.actor import Actor
from tests.support.use_case_desk import SmallDesk


@pytest.fixture
def camille(small_desk: SmallDesk) -> Actor:
    """A requester."""
    return small_desk.actor("camille")


@pytest.fixture
def karim(small_desk: SmallDesk) -> Actor:
    """A technician of the default team."""
    return small_desk.actor("karim", "assistance")
