from __future__ import annotations

import threading

import pytest

from promptguard.detectors.names.precedence import Precedence, at_once


def test_a_long_text_goes_on_where_no_short_one_is() -> None:
    turn = Precedence().long(60.0)
    for _ in range(3):
        turn()
    at_once()


def test_a_long_text_waits_until_the_short_one_is_done() -> None:
    precedence = Precedence()
    turn = precedence.long(60.0)
    waits: list[float | None] = []
    free = precedence._free
    done = threading.Event()

    def wait(timeout: float | None = None) -> bool:
        waits.append(timeout)
        done.set()
        return True

    free.wait = wait  # type: ignore[method-assign]
    with precedence.short():
        turn()
    turn()
    assert len(waits) == 1 and waits[0] is not None and 0 <= waits[0] <= 0.1


def test_a_long_text_is_not_kept_for_ever() -> None:
    """It has waited for as long as it may, and goes on although the short one is still there."""
    precedence = Precedence()
    with precedence.short():
        precedence.long(60.0)()


def test_a_long_text_ends_at_its_limit() -> None:
    turn = Precedence().long(-1.0)
    with pytest.raises(TimeoutError):
        turn()


def test_short_ones_are_gone_even_where_one_fails() -> None:
    precedence = Precedence()
    with pytest.raises(ValueError, match="x"), precedence.short():
        raise ValueError("x")
    assert precedence._free.is_set()
