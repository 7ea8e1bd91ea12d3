from __future__ import annotations

from dataclasses import replace

import pytest

from promptguard.policy.publications import Publication, files_hash

ONE = Publication(1, "a" * 64, "2026-03-01T09:30:00.000Z", "ann", "Zoë’s wish")


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 2},
        {"hash": "b" * 64},
        {"time": "2026-03-01T09:30:00.001Z"},
        {"author": "bob"},
        {"reason": ""},
        {"restores": 1},
    ],
)
def test_all_that_is_told_is_signed(changes: dict[str, object]) -> None:
    assert replace(ONE, **changes).signed != ONE.signed  # type: ignore[arg-type]
    assert ONE.with_signature(b"x").signed == ONE.signed


@pytest.mark.parametrize("other", [{}, {"a": b"2"}, {"b": b"1"}, {"a": b"1", "b": b""}, {"a\0": b"1"}, {"": b"a\x001"}])
def test_other_files_have_another_hash(other: dict[str, bytes]) -> None:
    assert files_hash(other) != files_hash({"a": b"1"})
    assert files_hash({"a": b"1", "b": b"2"}) == files_hash({"b": b"2", "a": b"1"})
