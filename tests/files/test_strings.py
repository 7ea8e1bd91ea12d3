from __future__ import annotations

import pytest

from promptguard.files.strings import strings_of


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\1\2pelican seven\0\xff", "pelican seven"),
        (b"\1\2" + "pelican seven".encode("utf-16-le") + b"\0\0", "pelican seven"),
        (b"\7" + "Grüße Größe".encode("utf-16-le"), "Grüße Größe"),
        (b"\0\0" + "Пеликан семь".encode("utf-16-le"), "Пеликан семь"),
        (b"same\0same\0other", "same\nother"),
        (b"ab\0cd\0<<<>>>\0", ""),
        (bytes(range(32)), ""),
    ],
)
def test_what_prints(data: bytes, found: str) -> None:
    assert strings_of(data) == found


def test_what_is_known_is_left_out() -> None:
    assert strings_of(b"same\0other", ["same"]) == "other"


def test_wide_strings_alone() -> None:
    assert strings_of(b"narrow\0\0" + "wide".encode("utf-16-le"), narrow=False) == "wide"
