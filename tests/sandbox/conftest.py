"""Tests that read a whole exported company take seconds each: `make test` runs them."""

import pytest

from sandbox import lived


def pytest_collection_modifyitems(items):
    for item in items:
        if getattr(item.module, "exported", None) is lived.exported:
            item.add_marker(pytest.mark.slow)
