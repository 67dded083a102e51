"""Guichet’s tests, in folders that mirror the code; what they share is in `support`."""

import pytest

pytest.register_assert_rewrite("tests.support")
