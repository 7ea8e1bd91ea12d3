"""What holds for all tests."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _one_cache() -> Iterator[None]:
    """Patterns are compiled and weights converted once for all the data folders of a session, as tests share both."""
    with tempfile.TemporaryDirectory(prefix="promptguard-cache-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "PROMPTGUARD_CACHE", folder)
        yield
