"""What is put back, held against renderers that clients use. The whole run is `make render-check`."""

from __future__ import annotations

import pytest

from benchmarks.rendering.check import check, install


@pytest.fixture(scope="module")
def renderers() -> None:
    reason = install()
    if reason:
        pytest.skip(f"needs npm and a registry, for renderers of other makers: {reason}")


@pytest.mark.usefixtures("renderers")
def test_no_value_stands_in_what_is_fetched_and_ordinary_answers_are_whole() -> None:
    result = check(1500, seed=20)
    assert result.leaks == []
    assert result.kept == []
    assert result.put_back > 500
