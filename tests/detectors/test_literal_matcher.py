from concurrent.futures import ThreadPoolExecutor

import pytest

from promptguard.detectors.literal_matcher import LiteralMatcher


@pytest.mark.parametrize(
    ("once", "data", "found"),
    [
        (False, b"ab cab", [(0, 2), (0, 6)]),
        (True, b"ab cab", [(0, 2)]),
        (True, b"x12 ab", [(1, 3), (0, 6)]),
        (False, b"", []),
        (False, b"\xff\x00", []),
    ],
)
def test_ends(once: bool, data: bytes, found: list[tuple[int, int]]) -> None:
    assert LiteralMatcher([b"ab", b"[0-9]{2}"], once=once)(data) == found


def test_threads_have_scratch_space_of_their_own() -> None:
    matcher = LiteralMatcher([b"needle"])
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(matcher, [b"hay " * 1_000 + b"needle"] * 200)) == [[(0, 4_006)]] * 200
