"""The detector with the real model in a real worker process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
import spacy

from promptguard.detectors.names.detector import NamesDetector
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.spans import ModelUnusable
from promptguard.errors import ScanFailed
from promptguard.model import DataClass, Match, Role, Segment

pytestmark = pytest.mark.asyncio(loop_scope="module")

SENTENCE = "My name is Jane Roe and I live at 12 Example Street, Springfield, IL 62704."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def detector() -> AsyncIterator[NamesDetector]:
    detector = NamesDetector()
    await detector.start()
    yield detector
    await detector.stop()


def segment(text: str, role: Role = Role.USER) -> Segment:
    return Segment(("text",), text, role)


def found(text: str, matches: list[Match]) -> list[tuple[str, str]]:
    return [(text[match.start : match.end], match.entity_type) for match in matches]


async def test_names_and_addresses_are_found_in_each_segment(detector: NamesDetector) -> None:
    texts = [SENTENCE, "Nothing to see.", "😀\ud800 Best regards,\nBob Miller"]
    results = await detector.find([segment(text) for text in texts])
    assert [found(text, matches) for text, matches in zip(texts, results, strict=True)] == [
        [("Jane Roe", "PERSON"), ("12 Example Street, Springfield, IL 62704", "LOCATION")],
        [],
        [("Bob Miller", "PERSON")],
    ]
    match = results[0][0]
    assert (match.detector, match.data_class, match.subject) == ("NamesRecognizer", DataClass.PERSONAL_DATA, "")
    assert 0.4 <= match.score <= 1


async def test_tables_are_read_by_cell(detector: NamesDetector) -> None:
    text = (
        "Jane Roe sent me this table:\n\nid;Kunde;Ort;Saldo\n"
        "1;Bäumler, Gunnar;Görlitz;1,00\n2;Anna Schmidt;Köln;2,00\n\n"
        "Should we ask Bob Miller about it?"
    )
    (matches,) = await detector.find([segment(text)])
    assert found(text, matches) == [
        ("Jane Roe", "PERSON"),
        ("Bäumler, Gunnar", "PERSON"),
        ("Görlitz", "LOCATION"),
        ("Anna Schmidt", "PERSON"),
        ("Köln", "LOCATION"),
        ("Bob Miller", "PERSON"),
    ]


async def test_no_segments(detector: NamesDetector) -> None:
    assert await detector.find([]) == []


@pytest.mark.parametrize("role", [Role.KEY, Role.URL, Role.TOOL_DEFINITION])
async def test_identifiers_are_skipped_and_sentences_are_not(detector: NamesDetector, role: Role) -> None:
    skipped, seen = await detector.find([segment("Jane Roe", role), segment(SENTENCE, role)])
    assert skipped == []
    assert len(seen) == 2


async def test_a_finding_never_covers_what_was_left_out(detector: NamesDetector) -> None:
    text = '{"name": "Jane Roe", "street": "12 Example Street", "city": "Springfield"}'
    (matches,) = await detector.find([segment(text)])
    assert ("Jane Roe", "PERSON") in found(text, matches)
    assert all('"' not in text[match.start : match.end] for match in matches)


async def test_a_long_text_is_searched_to_its_end(detector: NamesDetector) -> None:
    text = "The quick brown fox jumps over the lazy dog.\n" * 400 + "\n" + SENTENCE
    (matches,) = await detector.find([segment(text)])
    assert found(text, matches)[-2:] == [
        ("Jane Roe", "PERSON"),
        ("12 Example Street, Springfield, IL 62704", "LOCATION"),
    ]


async def test_what_a_slower_model_saw_before_needs_no_worker() -> None:
    detector = NamesDetector(model=ModelKind.RAMPART)
    await detector.start()
    text = "Please forward this to Jane Roe."
    before = await detector.find([segment(text)])
    (pid,) = detector.worker_pids
    worker = psutil.Process(pid)
    worker.suspend()
    try:
        assert await asyncio.wait_for(detector.find([segment(text), segment(text)]), 5) == [*before, *before]
    finally:
        worker.resume()
        await detector.stop()


async def test_a_killed_worker_comes_back(detector: NamesDetector) -> None:
    (pid,) = detector.worker_pids
    searching = asyncio.create_task(
        detector.find([segment(f"Hello, my name is Jane Roe, number {i}.") for i in range(50)])
    )
    while not detector.queued_texts:
        await asyncio.sleep(0)
    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    assert all(len(matches) == 1 for matches in await searching)
    assert detector.worker_pids != [pid]


async def test_a_cancelled_search_leaves_the_queue(detector: NamesDetector) -> None:
    searching = asyncio.create_task(detector.find([segment(f"Number {i} is Bob Miller.") for i in range(40)]))
    while detector.queued_texts < 30:
        await asyncio.sleep(0)
    searching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await searching
    assert detector.queued_texts == 0


async def test_memory_and_priority(detector: NamesDetector) -> None:
    (pid,) = detector.worker_pids
    worker = psutil.Process(pid)
    assert worker.memory_info().rss < 350 * 2**20
    assert worker.nice() != psutil.Process().nice()


async def test_the_deadline_ends_a_search() -> None:
    hanging = (sys.executable, "-c", "import sys; sys.stdin.read()")
    detector = NamesDetector(deadline=0.2, command=hanging)
    starting = asyncio.create_task(detector.start())
    with pytest.raises(ScanFailed, match=r"names\.timeout seconds=0\.2"):
        await detector.find([segment(SENTENCE)])
    assert detector.queued_texts == 0
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)


async def test_a_full_queue_fails_the_search() -> None:
    detector = NamesDetector(queue_characters=30)
    waiting = asyncio.create_task(detector.find([segment("Number 0 is Bob Miller.")]))
    while not detector.queued_texts:
        await asyncio.sleep(0)
    with pytest.raises(ScanFailed, match=r"names\.overloaded"):
        await detector.find([segment("Number 1 is Bob Miller.")])
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_a_search_before_the_start_waits_for_it_and_a_package_of_ones_own_is_used(tmp_path: Path) -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Zorblax"}])  # type: ignore[attr-defined]
    pipeline.to_disk(tmp_path)
    detector = NamesDetector(spacy_model=str(tmp_path))
    searching = asyncio.create_task(detector.find([segment("We met Zorblax.")]))
    await asyncio.sleep(0)
    await detector.start()
    try:
        (matches,) = await searching
        assert found("We met Zorblax.", matches) == [("Zorblax", "PERSON")]
    finally:
        await detector.stop()
    with pytest.raises(ScanFailed, match=r"names\.stopped"):
        await detector.find([segment(SENTENCE)])


async def test_a_package_that_is_missing_is_reported_at_the_start() -> None:
    detector = NamesDetector(spacy_model="no_such_package")
    with pytest.raises(ModelUnusable, match="no_such_package"):
        await detector.start()


async def test_the_version_tells_models_apart(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text('{"version": "1"}')
    first = NamesDetector(spacy_model=str(tmp_path)).version
    (tmp_path / "meta.json").write_text('{"version": "2"}')
    second = NamesDetector(spacy_model=str(tmp_path)).version
    assert len({first, second, NamesDetector().version, NamesDetector(spacy_model="other").version}) == 4
    assert NamesDetector().version == NamesDetector().version
