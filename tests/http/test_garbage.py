"""Garbage is collected while no request is answered, and what stays is not gone through again."""

import gc
from itertools import count
from unittest.mock import MagicMock, call
from weakref import ref

import pytest

from bot.http import garbage


class Node:
    """An object in a cycle: only a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> MagicMock:
    """What is asked of Python's collector."""
    collector = MagicMock()
    monkeypatch.setattr(garbage, "gc", collector)
    return collector


@pytest.fixture(autouse=True)
def rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count from the first request."""
    monkeypatch.setattr(garbage, "_rests", count(1))


def test_what_a_request_left_in_a_cycle_is_freed_at_rest() -> None:
    gone = ref(Node())
    garbage.collect_at_rest()
    assert gone() is None


def test_all_objects_are_gone_through_rarely_and_what_the_first_requests_made_never_again(
    calls: MagicMock,
) -> None:
    for _ in range(garbage.EVERY):
        garbage.collect_at_rest()
    new = [call.collect(1)] * (garbage.FIRST - 1)
    later = [call.collect(1)] * (garbage.EVERY - garbage.FIRST - 1)
    assert calls.mock_calls == [*new, call.collect(), call.freeze(), *later, call.collect()]


def test_what_a_process_has_at_its_start_stays_out_of_all_collections(calls: MagicMock) -> None:
    garbage.collect_between_requests()
    assert calls.mock_calls == [
        call.freeze(),
        call.set_threshold(garbage.NEW, garbage.YOUNG, garbage.OLD),
    ]


def test_what_children_share_is_frozen(calls: MagicMock) -> None:
    garbage.share_with_children()
    assert calls.mock_calls == [call.freeze()]


def test_nothing_is_collected_during_imports_but_afterwards() -> None:
    with garbage.not_collected():
        assert not gc.isenabled()
    assert gc.isenabled()
