import threading
from collections.abc import Iterator

import pytest

from promptguard.detectors.interface import find_in_each
from promptguard.model import DataClass, Match, Role, Segment


@pytest.mark.parametrize(("in_loop", "elsewhere"), [(6, False), (5, True)])
async def test_long_texts_are_looked_at_in_a_thread(in_loop: int, elsewhere: bool) -> None:
    threads = set()

    def find(text: str) -> Iterator[Match]:
        threads.add(threading.get_ident())
        yield Match(0, len(text), "WORD", 1.0, "words", DataClass.CONFIDENTIAL_RECORDS)

    segments = [Segment((), text, Role.USER) for text in ("abcd", "ef")]
    found = await find_in_each(segments, find, in_loop=in_loop)
    assert [[match.end for match in matches] for matches in found] == [[4], [2]]
    assert (threading.get_ident() not in threads) is elsewhere
