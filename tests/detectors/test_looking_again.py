"""A second look at texts: once each, and what it finds is found from then on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from promptguard.detectors import looking_again
from promptguard.detectors.interface import Detector
from promptguard.detectors.scanner import Scanner
from promptguard.errors import ScanFailed
from promptguard.model import DataClass, Match, Nature, Role, Segment
from promptguard.reasons import Code

KEY = b"k" * 32


class Names(Detector):
    """Finds given names, and remembers what it was asked."""

    version = "1"

    def __init__(self, id: str, *names: str) -> None:
        self.id = id
        self.names = names
        self.asked: list[str] = []
        self.broken = False
        self.running = True

    async def find(self, segments: Sequence[Segment]) -> list[list[Match]]:
        self.asked += [segment.text for segment in segments]
        if self.broken:
            raise ScanFailed(Code.NAMES_WORKER_ENDED)
        return [
            [
                Match(at, at + len(name), "PERSON", 0.95, "NamesRecognizer", DataClass.PERSONAL_DATA)
                for name in self.names
                if (at := segment.text.find(name)) >= 0
            ]
            for segment in segments
        ]

    async def stop(self) -> None:
        self.running = False


@pytest.fixture
def first() -> Names:
    return Names("names", "Anna")


@pytest.fixture
def second() -> Names:
    return Names("second_look", "Anna", "Bertil")


@pytest.fixture
def scanner(first: Names, second: Names) -> Scanner:
    return Scanner([first], KEY, second=second)


def texts(*contents: str) -> list[Segment]:
    return [Segment((index,), text, Role.USER) for index, text in enumerate(contents)]


async def found(scanner: Scanner, segments: Sequence[Segment]) -> list[str]:
    scan = await scanner.scan(segments)
    return [segments[each.segment].text[each.start : each.end] for each in scan.findings]


async def look(scanner: Scanner, segments: Sequence[Segment]) -> None:
    scan = await scanner.scan(segments)
    assert scanner.again is not None
    found = [[(each.start, each.end) for each in scan.findings if each.segment == at] for at in range(len(segments))]
    await scanner.again.look(segments, scan.keys, found)


async def test_what_it_finds_is_found_from_then_on_and_each_text_is_looked_at_once(
    scanner: Scanner, first: Names, second: Names
) -> None:
    segments = texts("Anna met Bertil", "Nobody", "Anna met Bertil")
    assert await found(scanner, segments) == ["Anna", "Anna"]
    await look(scanner, segments)
    assert await found(scanner, segments) == ["Anna", "Bertil", "Anna", "Bertil"]
    again = texts("Anna met Bertil", "Bertil is new here")
    assert await found(scanner, again) == ["Anna", "Bertil"]
    await look(scanner, again)
    assert await found(scanner, again) == ["Anna", "Bertil", "Bertil"]
    assert second.asked == ["Anna met Bertil", "Nobody", "Bertil is new here"]
    assert first.asked == second.asked  # a second look needs no first one again


@pytest.mark.parametrize("nature", [Nature.PROTOCOL, Nature.SEALED])
async def test_only_text_is_looked_at(scanner: Scanner, second: Names, nature: Nature) -> None:
    segments = [Segment((), "Bertil", Role.OTHER, nature=nature), *texts("")]
    await look(scanner, segments)
    assert second.asked == []
    scan = await scanner.scan(segments)
    assert scanner.again is not None
    assert scanner.again.unseen(scan.keys) == []


async def test_one_that_failed_is_asked_again(scanner: Scanner, second: Names) -> None:
    second.broken = True
    with pytest.raises(ScanFailed):
        await look(scanner, texts("Bertil"))
    second.broken = False
    await look(scanner, texts("Bertil"))
    assert await found(scanner, texts("Bertil")) == ["Bertil"]


async def test_what_was_looked_at_is_forgotten_in_the_end(
    scanner: Scanner, second: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_again, "MAX_SEEN", 2)
    for text in ("a", "b", "c", "b", "a"):
        await look(scanner, texts(text))
    assert second.asked == ["a", "b", "c", "a"]


async def test_a_scanner_with_a_second_look_is_another_one(scanner: Scanner, first: Names, second: Names) -> None:
    alone = Scanner([first], KEY)
    assert alone.again is None
    assert alone.version != scanner.version
    assert alone.detectors == scanner.detectors
    await scanner.stop()
    assert not (first.running or second.running)
