from __future__ import annotations

from promptguard.storage.vault.scope_cache import ScopeCache


def test_the_least_recently_used_make_room() -> None:
    cache = ScopeCache[str, dict[str, int]](6)
    cache.put("one", {"a": 1})
    cache.put("two", {"a": 1})
    cache.put("three", {"a": 1})
    assert cache.get("one") == {"a": 1}
    cache.put("four", {})
    assert cache.snapshot() == ["three", "one", "four"]


def test_what_has_grown_is_counted_anew() -> None:
    cache = ScopeCache[str, dict[str, int]](6)
    cache.put("one", {"a": 1})
    two = {"a": 1}
    cache.put("two", two)
    two.update(b=2, c=3)
    cache.put("two", two)
    assert cache.peek("one") == {"a": 1}
    two.update(d=4)
    cache.put("two", two)
    assert cache.snapshot() == ["two"]


def test_one_too_large_stays_until_another_comes() -> None:
    cache = ScopeCache[str, str](3)
    cache.put("one", "much too long")
    assert cache.get("one") == "much too long"
    cache.put("two", "")
    assert cache.snapshot() == ["two"]


def test_drop() -> None:
    cache = ScopeCache[str, str](3)
    cache.put("one", "1")
    cache.drop("one")
    cache.drop("one")
    assert cache.get("one") is None
    cache.put("two", "2")
    cache.put("three", "")
    assert cache.snapshot() == ["two", "three"]
