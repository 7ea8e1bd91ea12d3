from __future__ import annotations

import pytest

from promptguard.runtime.member import Member


@pytest.mark.parametrize(
    ("count", "total", "shares"), [(1, 3, [3]), (2, 3, [2, 1]), (4, 3, [1, 1, 1, 1]), (3, 8, [3, 3, 2])]
)
def test_what_is_shared_out(count: int, total: int, shares: list[int]) -> None:
    members = [Member(number, count) for number in range(count)]
    assert [member.share_of(total) for member in members] == shares
    assert [member.is_first for member in members] == [True] + [False] * (count - 1)
