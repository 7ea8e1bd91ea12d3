import asyncio
from collections.abc import Sequence

import pytest

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.interface import Detector
from promptguard.detectors.recognizers.allow_list import AllowList
from promptguard.detectors.runner import DetectorRunner
from promptguard.errors import ScanFailed
from promptguard.model import DataClass, Match, Segment

KEY = b"k" * 32


class Letters(Detector):
    """Finds its letter, and remembers what it was asked."""

    def __init__(self, letter: str, problem: Exception | None = None, waits: asyncio.Event | None = None) -> None:
        self.id = letter
        self.version = "1"
        self.readings = frozenset()
        self.asked: list[list[str]] = []
        self.problem = problem
        self.waits = waits

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        self.asked.append([segment.text for segment in segments])
        if self.waits:
            await self.waits.wait()
        if self.problem:
            raise self.problem
        return [
            [
                Match(place, place + 1, self.id.upper(), 0.5, self.id, DataClass.PERSONAL_DATA)
                for place, sign in enumerate(segment.text)
                if sign == self.id
            ]
            for segment in segments
        ]


def runner(*detectors: Detector, entries: int = 10) -> DetectorRunner:
    return DetectorRunner(detectors, AllowList(), KEY, entries)


async def look(runner: DetectorRunner, *texts: str) -> list[list[tuple[str, int]]]:
    segments = [Segment((), text) for text in texts]
    found, _, _ = await runner.look(segments, len(segments), {})
    return [[(match.entity_type, match.start) for match in matches] for matches in found]


async def test_a_detector_that_changed_is_asked_alone() -> None:
    a, b = Letters("a"), Letters("b")
    asked = runner(a, b)
    assert await look(asked, "ab", "", "ab") == [[("A", 0), ("B", 1)], [], [("A", 0), ("B", 1)]]
    a.version = "2"
    for _ in range(2):
        assert await look(asked, "ab", "b") == [[("A", 0), ("B", 1)], [("B", 0)]]
    assert a.asked == [["ab"], ["ab", "b"]]
    assert b.asked == [["ab"], ["b"]]


@pytest.mark.parametrize("entries", [0, 1, 2])
async def test_what_was_asked_for_longest_ago_makes_room(entries: int) -> None:
    a = Letters("a")
    asked = runner(a, entries=entries)
    for text in ("a", "ab", "a", "abc", "a", "ab"):
        await look(asked, text)
    expected = {
        0: ["a", "ab", "a", "abc", "a", "ab"],
        1: ["a", "ab", "a", "abc", "a", "ab"],
        2: ["a", "ab", "abc", "ab"],
    }
    assert [text for (text,) in a.asked] == expected[entries]


async def test_who_answered_beside_one_that_failed_is_not_asked_again() -> None:
    a, broken = Letters("a"), Letters("b", problem=RuntimeError("no"))
    asked = runner(a, broken)
    with pytest.raises(ScanFailed):
        await look(asked, "ab")
    broken.problem = None
    assert await look(asked, "ab") == [[("A", 0), ("B", 1)]]
    assert (a.asked, broken.asked) == ([["ab"]], [["ab"], ["ab"]])


async def test_one_that_fails_ends_those_that_wait() -> None:
    waiting = Letters("a", waits=asyncio.Event())
    with pytest.raises(ScanFailed):
        await asyncio.wait_for(look(runner(waiting, Letters("b", problem=RuntimeError("no"))), "ab"), 10)


async def test_detectors_without_work_are_told_as_such() -> None:
    a, b = Letters("a"), Letters("b")
    elapsed: dict[str, float] = {}
    segments = [Segment((), "ab")]
    asked = runner(a, b)
    await asked.look(segments, 1, {})
    _, fresh, _ = await asked.look(segments, 1, elapsed)
    assert (elapsed, fresh) == ({"a": 0.0, "b": 0.0}, set())


async def test_what_was_joined_is_for_those_who_guess() -> None:
    plain, guessing = Letters("a"), Letters("b")
    guessing.readings = frozenset({Confidence.GUESSED})
    found, fresh, _ = await runner(plain, guessing).look([Segment((), "b"), Segment((), "ab")], 1, {})
    assert [[match.entity_type for match in matches] for matches in found] == [["B"], ["B"]]
    assert (plain.asked, guessing.asked, fresh) == ([["b"]], [["b", "ab"]], {0, 1})


async def test_what_was_learned_of_a_text_is_found_in_it_whatever_detectors_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("promptguard.detectors.runner.MAX_LEARNED", 2)
    a = Letters("a")
    asked = runner(a, entries=0)
    texts = [Segment((), text) for text in ("ab", "b", "cb")]
    _, _, keys = await asked.look(texts, len(texts), {})
    assert not asked.has_learned(keys)
    for key, place in zip(keys, (1, 0, 1), strict=True):
        asked.learn(key, (Match(place, place + 1, "B", 0.9, "later", DataClass.PERSONAL_DATA),))
    assert [asked.has_learned([key]) for key in keys] == [False, True, True]  # of the oldest it is forgotten
    assert await look(asked, "cb", "b", "ab", "b") == [[("B", 1)], [("B", 0)], [("A", 0)], [("B", 0)]]
    a.version = "2"
    assert await look(asked, "b") == [[("B", 0)]]
