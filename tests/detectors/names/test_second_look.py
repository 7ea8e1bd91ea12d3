"""The second look with the real model in a real worker process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from importlib.util import find_spec

import psutil
import pytest
import pytest_asyncio
from tests.samples.priority import lift

from promptguard.configuration.names_settings import Names
from promptguard.detectors.names.second_look import LEAST_SCORE, SecondLook, second_look
from promptguard.detectors.names.spans import ModelUnusable
from promptguard.detectors.names.worker import LEAST_NICENESS
from promptguard.errors import ScanFailed
from promptguard.model import Match, Role, Segment

needs_extra = pytest.mark.skipif(find_spec("onnxruntime") is None, reason="the extra `rampart` is not installed")

SENTENCE = "My name is Jane Roe and I live at 12 Example Street, Springfield, IL 62704."


class FirstLooks:
    """As many as a test says wait."""

    def __init__(self) -> None:
        self.none = asyncio.Event()
        self.none.set()

    async def __call__(self) -> None:
        await self.none.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def first_looks() -> FirstLooks:
    return FirstLooks()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def detector(first_looks: FirstLooks) -> AsyncIterator[SecondLook]:
    """One whose worker has what nobody else wants, and then its turns on a machine that is busy with tests."""
    detector = SecondLook(first_looks)
    await detector._pool.start()
    (pid,) = detector.worker_pids
    worker = psutil.Process(pid)
    if sys.platform == "win32":
        assert worker.nice() == psutil.IDLE_PRIORITY_CLASS
    else:
        assert worker.nice() == LEAST_NICENESS
    if sys.platform == "linux":
        assert os.sched_getscheduler(pid) == os.SCHED_IDLE
    lift(worker)
    yield detector
    await detector.stop()


def segment(text: str, role: Role = Role.USER) -> Segment:
    return Segment(("text",), text, role)


def found(text: str, matches: list[Match]) -> list[tuple[str, str]]:
    return [(text[match.start : match.end], match.entity_type) for match in matches]


@needs_extra
@pytest.mark.asyncio(loop_scope="module")
async def test_names_and_addresses_are_found_in_texts_of_people(detector: SecondLook) -> None:
    asked = [segment(SENTENCE), segment(""), segment("Jane Roe", Role.KEY), segment("\ud800 " + SENTENCE, Role.URL)]
    plain, empty, key, url = await detector.find(asked)
    expected = [("Jane Roe", "PERSON"), ("12 Example Street, Springfield, IL 62704", "LOCATION")]
    assert found(SENTENCE, plain) == found("? " + SENTENCE, url) == expected
    assert empty == key == []
    assert all(match.score >= LEAST_SCORE for match in plain)


@needs_extra
@pytest.mark.asyncio(loop_scope="module")
async def test_many_texts_and_long_ones_are_all_looked_at(detector: SecondLook) -> None:
    texts = [f"Hello, my name is Jane Roe, number {number}." for number in range(40)]
    texts += ["The quick brown fox jumps over the lazy dog.\n" * 400 + "\nMy name is Jane Roe.", *texts[:3]]
    results = await detector.find([segment(text) for text in texts])
    for text, matches in zip(texts, results, strict=True):
        assert found(text, matches) == [("Jane Roe", "PERSON")]


@needs_extra
@pytest.mark.asyncio(loop_scope="module")
async def test_no_text_is_begun_while_first_looks_wait(detector: SecondLook, first_looks: FirstLooks) -> None:
    (before,) = await detector.find([segment("Ask Jane Roe and Bob Miller.")])
    first_looks.none.clear()
    looking = asyncio.create_task(detector.find([segment("Ask Jane Roe and Bob Miller, please.")]))
    known = await detector.find([segment("Ask Jane Roe and Bob Miller.")])  # which needs no worker
    assert (known, looking.done()) == ([before], False)
    first_looks.none.set()
    (later,) = await looking
    assert len(later) == len(before) == 2


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("import sys; sys.exit(3)", ScanFailed),
        ("from promptguard.workers.frames import frame; import sys;"
         "sys.stdout.buffer.write(frame({'unusable': 'The weights are gone.'}))", ModelUnusable),
    ],
)  # fmt: skip
async def test_a_worker_that_cannot_start_is_told(program: str, problem: type[Exception]) -> None:
    detector = SecondLook(FirstLooks(), command=(sys.executable, "-c", program))
    for _ in range(2):
        with pytest.raises(problem):
            await detector.find([segment(SENTENCE)])
    await detector.stop()


@pytest.mark.parametrize(
    ("settings", "there"),
    [
        ({}, False),
        ({"second_look": "none"}, False),
        ({"second_look": "rampart"}, True),
        ({"second_look": "rampart", "enabled": False}, False),
    ],
)
async def test_it_is_there_where_the_settings_say_so(
    settings: dict[str, object], there: bool, tmp_path: object
) -> None:
    assert isinstance(second_look(Names(**settings), tmp_path, FirstLooks()), SecondLook) is there  # type: ignore[arg-type]
