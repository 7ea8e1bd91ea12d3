from __future__ import annotations

from promptguard.detectors.names.cache import TextCache
from promptguard.detectors.names.spans import PERSON, Span


def test_the_least_recently_used_is_forgotten_first() -> None:
    cache = TextCache(2)
    first, second, third = (cache.digest(text) for text in ("one", "two", "three"))
    spans = (Span(0, 3, PERSON, 0.5, "r"),)
    cache.put(first, spans)
    cache.put(second, ())
    assert cache.get(first) == spans
    cache.put(third, ())
    assert (cache.get(first), cache.get(second), cache.get(third)) == (spans, None, ())
    assert len(cache) == 2


def test_digests_are_keyed() -> None:
    one, other = TextCache(1), TextCache(1)
    assert one.digest("Jane") == one.digest("Jane")
    assert one.digest("Jane") != one.digest("Jane ")
    assert one.digest("Jane") != other.digest("Jane")
