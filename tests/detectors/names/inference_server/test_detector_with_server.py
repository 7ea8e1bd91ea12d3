"""The detector whose workers ask a server, seen from the proxy."""

from __future__ import annotations

import asyncio

import pytest
from tests.detectors.names.inference_server.servers import Answering, Network

from promptguard.detectors.names.detector import NamesDetector
from promptguard.detectors.names.inference_server.options import ServerOptions
from promptguard.detectors.names.inference_server.tensors import MODEL
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.errors import ScanFailed
from promptguard.model import Segment

NAMES = ["Jane Roe", "Bob Miller", "Anna Schmidt", "Maria Rossi"]
TEXTS = [f"My name is {name} and I wrote {number} letters." for number in range(6) for name in NAMES]


def detector(answering: Answering, *, local: bool) -> NamesDetector:
    server = ServerOptions(answering.url, MODEL, 10.0, None, local_fallback=local)
    return NamesDetector(model=ModelKind.RAMPART, server=server)


async def names(found: NamesDetector, text: str) -> list[str]:
    (matches,) = await found.find([Segment(("text",), text)])
    return [text[match.start : match.end] for match in matches]


async def test_it_is_done_by_workers_where_the_server_goes_away_under_load(
    answering: Answering, network: Network
) -> None:
    answering.network = network
    found = detector(answering, local=True)
    await found.start()
    try:
        assert await names(found, TEXTS[0]) == [NAMES[0]]
        asked = len(answering.asked)
        answering.hold.clear()
        looking = asyncio.gather(*(names(found, text) for text in TEXTS))
        while len(answering.heads) == asked:  # until a question stands at the server
            await asyncio.sleep(0.001)
        answering.hang_up = 1_000
        answering.hold.set()
        assert await looking == [[name] for _ in range(6) for name in NAMES]
        assert found.server.failed >= 1
        assert found.server.fallback >= len(TEXTS) - 1
        assert found.server.open == 1
        assert found.refused == 0
    finally:
        await found.stop()


async def test_short_texts_of_a_request_go_to_the_server_together(answering: Answering, network: Network) -> None:
    answering.network = network
    found = detector(answering, local=False)
    await found.start()
    try:
        asked = len(answering.asked)
        results = await found.find([Segment(("text",), text) for text in TEXTS])
        for number, (text, matches) in enumerate(zip(TEXTS, results, strict=True)):
            assert [text[match.start : match.end] for match in matches] == [NAMES[number % 4]]
        assert len(answering.asked) == asked + 1
        assert found.server.answered == len(answering.asked)
    finally:
        await found.stop()


async def test_where_it_is_to_be_refused_it_is(answering: Answering) -> None:
    answering.status = 503
    found = detector(answering, local=False)
    await found.start()  # the server may come later
    try:
        with pytest.raises(ScanFailed, match=r"names\.server_away"):
            await names(found, TEXTS[0])
    finally:
        await found.stop()
