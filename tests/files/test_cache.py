from __future__ import annotations

from promptguard.errors import Unreadable
from promptguard.files.cache import TextCache
from promptguard.files.interface import Source
from promptguard.model import FileText
from promptguard.reasons import Code


def texts(length: int) -> tuple[FileText, ...]:
    return (FileText("", "x" * length),)


def test_outcomes_are_kept_by_what_the_file_is() -> None:
    cache = TextCache(10_000)
    digest = cache.digest(Source(b"data", "name", "text/plain"))
    assert cache.get(digest) is None
    cache.put(digest, texts(5))
    assert cache.get(cache.digest(Source(b"data", "name", "text/plain"))) == texts(5)
    for other in (Source(b"date", "name", "text/plain"), Source(b"data", "namet", "ext/plain"), Source(b"data")):
        assert cache.get(cache.digest(other)) is None


def test_hashes_are_keyed() -> None:
    source = Source(b"data")
    assert TextCache(1).digest(source) != TextCache(1).digest(source)


def test_the_oldest_is_forgotten_first() -> None:
    cache = TextCache(3_000)
    for name in (b"a", b"b"):
        cache.put(name, texts(1_000))
    assert cache.get(b"a")
    cache.put(b"c", texts(1_000))
    assert [cache.get(name) is not None for name in (b"a", b"b", b"c")] == [True, False, True]


def test_what_is_too_long_is_not_kept() -> None:
    cache = TextCache(1_000)
    problem = Unreadable(Code.FILE_DAMAGED)
    cache.put(b"a", problem)
    cache.put(b"b", texts(1_001))
    assert [cache.get(b"a"), cache.get(b"b"), len(cache)] == [problem, None, 1]


def test_replacing_does_not_count_twice() -> None:
    cache = TextCache(2_000)
    for _ in range(10):
        cache.put(b"a", texts(1_000))
    cache.put(b"b", texts(100))
    assert cache.get(b"a") and cache.get(b"b")
