from __future__ import annotations

import asyncio
import random
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from promptguard.detectors.fingerprints import detector as module
from promptguard.detectors.fingerprints.detector import FingerprintDetector
from promptguard.detectors.fingerprints.registering import Fingerprinter
from promptguard.detectors.fingerprints.scheme import DOCUMENTS, SOURCES
from promptguard.detectors.fingerprints.store import Busy, Details, FingerprintStore, IndexEntry
from promptguard.errors import ConfigError
from promptguard.model import DataClass, Match, Segment

type Maker = Callable[..., IndexEntry]
type Prose = Callable[[int, int], str]

MINUTES = """\
The board agreed on Tuesday that the "Bluebird" plant will be closed in the second half of next year. About 140
people are concerned - the works council has not been told yet, and nobody outside this circle may know before the
contracts with the buyer's bank are signed. Mrs Holm prepares the announcement; the finance team keeps 3.2 million
for severance pay. The site's lease runs until March, and the landlord's offer to end it early was declined.
"""
BEFORE = "Could you make this shorter, please?\n\n"
AFTER = "\n\nThanks, I need it for tomorrow."


@pytest.fixture
async def detector(store: FingerprintStore, path: Path, key: bytes, entry: Maker) -> FingerprintDetector:
    store.put([entry("minutes.docx", MINUTES)])
    return await started(path, key)


async def started(path: Path, key: bytes, *, common_in: int = 20) -> FingerprintDetector:
    running = FingerprintDetector(DOCUMENTS, path, key, common_in=common_in)
    await running.start()
    return running


async def find(detector: FingerprintDetector, text: str) -> list[Match]:
    [matches] = await detector.find([Segment((), text)])
    return matches


def hyphenated(text: str) -> str:
    return re.sub(r"\b(\w{5})(\w{4,})", "\\1-\n\\2", text)


CHANGES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "one line": lambda text: " ".join(text.split()),
    "narrow": lambda text: textwrap.fill(text, 30),
    "hyphens at line ends": hyphenated,
    "soft hyphens": lambda text: re.sub(r"(\w{4})(\w{4})", "\\1\u00ad\\2", text),
    "spaces": lambda text: text.replace(" ", "   "),
    "hard spaces": lambda text: text.replace(" ", "\u00a0"),
    "capitals": str.upper,
    "quotes and dashes": lambda text: text.replace('"', "“").replace("'", "’").replace(" - ", "—"),
    "no punctuation": lambda text: re.sub(r"[^\w\s]", "", text),
    "Markdown": lambda text: "\n".join(f"> **{line}**" for line in text.splitlines()),
    "a list": lambda text: "\n".join(f"- [ ] {line}" for line in text.splitlines()),
    "full width": lambda text: text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
    "ligatures": lambda text: text.replace("fi", "ﬁ").replace("ff", "ﬀ"),
    "an edit": lambda text: text.replace("concerned", "affected"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_changed_piece_is_found_as_a_whole(detector: FingerprintDetector, change: Callable[[str], str]) -> None:
    piece = change(MINUTES[:330]).strip()
    [match] = await find(detector, BEFORE + piece + AFTER)
    assert (match.subject, match.entity_type, match.detector) == (
        "minutes.docx",
        DOCUMENTS.entity_type,
        "DocumentDetector",
    )
    assert match.data_class is DataClass.CONFIDENTIAL_RECORDS
    assert 0.8 <= match.score <= 1
    left_out = piece.replace((BEFORE + piece + AFTER)[match.start : match.end], "")
    assert not re.search(r"\w", left_out)
    assert match.start >= len(BEFORE) and match.end <= len(BEFORE + piece)


async def test_every_piece_of_150_characters_of_prose_is_found(
    store: FingerprintStore, path: Path, key: bytes, entry: Maker, prose: Prose
) -> None:
    texts = {f"{number}.txt": prose(number, 3_000) for number in range(200)}
    store.put(entry(name, text) for name, text in texts.items())
    detector = await started(path, key)
    pick = random.Random(1)
    missed = 0
    for _ in range(300):
        name, text = pick.choice(list(texts.items()))
        start = pick.randrange(len(text) - 150)
        matches = await find(detector, BEFORE + textwrap.fill(text[start : start + 150], 40) + AFTER)
        missed += [match.subject for match in matches] != [name]
    assert missed <= 3
    assert await detector.find([Segment((), prose(1_000 + number, 3_000)) for number in range(100)]) == [[]] * 100


@pytest.mark.parametrize("start", range(0, 340, 20))
async def test_a_quote_of_60_characters_is_none(detector: FingerprintDetector, start: int) -> None:
    assert await find(detector, f"They wrote “{MINUTES[start : start + 60]}” in the minutes.") == []


async def test_two_documents_are_named_where_they_stand(
    detector: FingerprintDetector, store: FingerprintStore, entry: Maker, prose: Prose
) -> None:
    other = prose(5, 1_000)
    store.put([entry("other.txt", other)])
    assert detector.reload() is True
    text = BEFORE + MINUTES[:200] + "\n\nAnd then there is this one:\n\n" + other[:200] + AFTER
    first, second = await find(detector, text)
    assert (first.subject, second.subject) == ("minutes.docx", "other.txt")
    assert text[first.start : first.end] in MINUTES[:200].strip() + "\n"
    assert text[second.start : second.end].rstrip(". ") == other[:200].rstrip(". ")


async def test_letterhead_counts_for_nothing(
    store: FingerprintStore, path: Path, key: bytes, entry: Maker, prose: Prose
) -> None:
    letterhead = prose(7, 400)
    store.put(entry(f"{number}.txt", f"{letterhead}\n\n{prose(100 + number, 800)}") for number in range(5))
    assert await find(await started(path, key, common_in=5), letterhead)
    assert await find(await started(path, key, common_in=4), letterhead) == []
    store.put([entry("letterhead.txt", letterhead, boilerplate=True)])
    detector = await started(path, key, common_in=5)
    assert await find(detector, letterhead) == []
    [match] = await find(detector, prose(103, 800))
    assert match.subject == "3.txt"


async def test_rows_of_figures_are_nobodys(store: FingerprintStore, path: Path, key: bytes, entry: Maker) -> None:
    table = "| 0.00 | 1.00 | 0.00 |\n" * 100
    store.put([entry("table.txt", MINUTES + table)])
    assert await find(await started(path, key), table) == []


async def test_source_code_is_found_by_another_layout(tmp_path: Path, key: bytes) -> None:
    code = (
        "def settle(ledger, booking):\n    # Bookings of one day are settled together.\n"
        '    for entry in ledger.entries("open"):\n        if entry.day == booking.day and not entry.locked:\n'
        "            entry.amount = round(entry.amount - booking.amount * ledger.rate, 2)\n"
        "            booking.settled_by.append(entry.number)\n"
        "    return ledger.balance() if booking.settled_by else None\n"
    )
    path = tmp_path / "sources.index"
    details = Details("ledger", SOURCES.data_class, "2026-01-31T08:00:00Z", len(code))
    FingerprintStore(path, key, SOURCES).put([IndexEntry(details, Fingerprinter(SOURCES, key)(code))])
    detector = FingerprintDetector(SOURCES, path, key, common_in=20)
    await detector.start()
    layouts = (
        code,
        textwrap.indent(code, "\t\t"),
        textwrap.indent(code, "+"),
        textwrap.indent(code.replace('"', "'"), "> "),
        code.replace("# ", "// "),
        code.replace("\n", "\r\n"),
        code.replace(", ", ","),
    )
    for shown in layouts:
        [match] = await find(detector, f"What does this do?\n\n```python\n{shown}```\n\nThanks")
        assert (match.subject, match.entity_type, match.data_class) == ("ledger", "SOURCE_CODE", DataClass.SOURCE_CODE)
    assert (
        await find(detector, "def settle(ledger, booking):\n    for entry in ledger.entries():\n        pass\n") == []
    )


async def test_common_imports_are_nobodys(tmp_path: Path, key: bytes) -> None:
    code = "".join(f"from company.{name} import {name.title()}, {name}_of\n" for name in ("ledger", "booking", "entry"))
    assert len(Fingerprinter(SOURCES, key)(code * 3)) == 0


@pytest.mark.parametrize("text", ["", "x", "\ud800" * 500, "\x00" * 500, " \n" * 500, "a" * 5_000, "漢字" * 400])
async def test_odd_texts_are_nothing(detector: FingerprintDetector, text: str) -> None:
    assert await find(detector, text) == []


async def test_a_piece_among_odd_characters(detector: FingerprintDetector) -> None:
    odd = "\ud83d\x00\u200b" * 400
    [match] = await find(detector, odd + MINUTES + odd)
    assert (match.start, match.end) == (len(odd), len(odd + MINUTES) - 2)


async def test_long_texts_are_searched_all_the_same(detector: FingerprintDetector, prose: Prose) -> None:
    long = prose(3, module.THREAD_CHARACTERS)
    none, [match] = await detector.find([Segment(("a",), long), Segment(("b",), f"{long}\n\n{MINUTES}")])
    assert none == []
    assert match.start == len(long) + 2


async def test_no_index_is_an_index_of_nothing(path: Path, key: bytes) -> None:
    detector = await started(path, key)
    assert detector.reload() is False
    assert await detector.find([Segment((), MINUTES), Segment((), "")]) == [[], []]


async def test_changes_are_taken_up(
    detector: FingerprintDetector, store: FingerprintStore, entry: Maker, prose: Prose
) -> None:
    before = detector.version
    assert detector.reload() is False
    store.put([entry("more.txt", prose(1, 500))])
    assert detector.reload() is True
    assert detector.reload() is False
    assert detector.version != before
    assert [match.subject for match in await find(detector, prose(1, 500))] == ["more.txt"]
    store.remove(["more.txt"])
    assert detector.reload() is True
    assert detector.version == before
    assert await find(detector, prose(1, 500)) == []


async def test_a_bad_index_leaves_the_one_in_force(detector: FingerprintDetector, path: Path) -> None:
    good = path.read_bytes()
    path.write_bytes(good[: len(good) // 2])
    with pytest.raises(ConfigError):
        detector.reload()
    path.unlink()
    with pytest.raises(ConfigError, match="is gone"):
        detector.reload()
    assert await find(detector, MINUTES)
    path.write_bytes(good)
    assert detector.reload() is True


async def test_a_wrong_key_is_told_at_the_start(detector: FingerprintDetector, path: Path) -> None:
    with pytest.raises(ConfigError, match="another key"):
        await started(path, bytes(32))


async def test_what_is_being_written_is_read_later(
    detector: FingerprintDetector,
    store: FingerprintStore,
    path: Path,
    key: bytes,
    entry: Maker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy(*_: object) -> None:
        raise Busy

    store.put([entry("more.txt", [1, 2, 3])])
    with monkeypatch.context() as patch:
        patch.setattr(module.FingerprintIndex, "load", busy)
        assert detector.reload() is False
        with pytest.raises(Busy):
            await started(path, key)
    assert detector.reload() is True


async def test_scans_go_on_while_indexes_are_taken_up(
    detector: FingerprintDetector, store: FingerprintStore, entry: Maker, prose: Prose
) -> None:
    """Each scan sees one index, and the passage that is in all of them each time."""
    text = f"{MINUTES}\n\n" + prose(9, module.THREAD_CHARACTERS)

    async def scan() -> list[str]:
        return [match.subject for match in await find(detector, text)]

    async def change() -> None:
        for number in range(10):
            store.put([entry(f"{number}.txt", prose(50 + number, 500))])
            assert await asyncio.to_thread(detector.reload) is True

    changing = asyncio.create_task(change())
    while not changing.done():
        assert await scan() == ["minutes.docx"]
    await changing
