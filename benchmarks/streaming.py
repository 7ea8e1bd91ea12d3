"""Streamed answers in which values are put back: time to the first token, and memory over a stream of hours.

    python benchmarks/streaming.py [--requests 300] [--events 360000]

The first token is measured from the request's last byte to the first event with a text, against bare mitmproxy, both
asked in turn. The stand-in for the service streams what it was asked, word by word; the long stream has as many events
as two hours have at fifty a second, sent as fast as they are taken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import ssl
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from load import Client
from promptguard.demo.certificates import CertificateFiles
from report import percentile
from upstream import Upstream
from variants import BARE, NAMES, PATTERNS, ROOT, Variant, running

MAIL = "jane.porter@orchard-lane.com"
PROMPT = "Write to {} and tell her that the order of last week is on its way"
_EVERY_EVENTS = 20_000
"""Between two looks at memory."""
_PAUSE_SECONDS = 0.02
"""Between two requests: nobody asks faster."""


def _event(word: str) -> bytes:
    delta = {"id": "c1", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": word}}]}
    data = b"data: " + json.dumps(delta, separators=(",", ":")).encode() + b"\n\n"
    return b"%x\r\n%b\r\n" % (len(data), data)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Stream the words of the last message, as often as the number in `user` says."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:")
            body = json.loads(await reader.readexactly(length))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
            words = [_event(word + " ") for word in body["messages"][-1]["content"].split()]
            for _ in range(int(body.get("user", 1))):
                for word in words:
                    writer.write(word)
                await writer.drain()
            writer.write(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve(files: CertificateFiles, ready: Connection) -> None:
    """The stand-in for the service."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.chain, files.key)
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, ssl=context)
    ready.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def main() -> int:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=300, help="streams of each variant")
    parser.add_argument("--events", type=int, default=360_000, help="events of the long stream")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="promptguard-streaming-") as folder,
        Upstream(Path(folder) / "upstream", serve) as upstream,
        running(Path(folder), upstream, ROOT / "config") as variants,
    ):
        measured = [variant for variant in variants if variant.name in (BARE, PATTERNS, NAMES)]
        _first_tokens(measured, arguments.requests)
        _long_stream(next(variant for variant in measured if variant.name == PATTERNS), arguments.events)
    return 0


def _first_tokens(variants: list[Variant], requests: int) -> None:
    milliseconds: dict[str, list[float]] = {variant.name: [] for variant in variants}
    clients = {variant.name: Client(variant.endpoint) for variant in variants}
    for number in range(requests + 10):
        prompt = PROMPT.format(MAIL) + f" {os.urandom(4).hex()}"
        for name, client in clients.items():
            time.sleep(_PAUSE_SECONDS)
            first, text = client.stream(_body(prompt, 1))
            assert MAIL in text, text
            if number >= 10:
                milliseconds[name].append(first * 1000)
    bare = percentile(milliseconds[BARE], 50)
    for name, each in milliseconds.items():
        middle = percentile(each, 50)
        print(
            f"first token, {name}: p50 {middle:.2f} ms, p95 {percentile(each, 95):.2f} ms,"
            f" {middle - bare:+.2f} ms to bare mitmproxy"
        )
    for client in clients.values():
        client.close()


def _long_stream(variant: Variant, events: int) -> None:
    assert variant.process is not None
    words = PROMPT.format(MAIL)
    times = events // len(words.split())
    sizes: list[tuple[int, float]] = []
    seen = 0

    def look(text: bytes) -> None:
        nonlocal seen
        before, seen = seen, seen + text.count(b"data: ")
        if before // _EVERY_EVENTS != seen // _EVERY_EVENTS:
            sizes.append((seen, _megabytes(variant.process)))

    started = time.perf_counter()
    sizes.append((0, _megabytes(variant.process)))
    with Client(variant.endpoint) as client:
        client.stream(_body(words, times), look)
    seconds = time.perf_counter() - started
    most = max(size for _, size in sizes)
    print(
        f"{seen:,} events in {seconds:.0f} s: {sizes[0][1]:.0f} MB before, {most:.0f} MB at most,"
        f" {sizes[-1][1]:.0f} MB last"
    )
    tenth = sizes[max(1, len(sizes) // 10)][1]
    print(f"from a tenth of it to its end: {sizes[-1][1] - tenth:+.1f} MB")


def _megabytes(process: psutil.Process | None) -> float:
    assert process is not None
    return float(process.memory_info().rss / 1e6)


def _body(prompt: str, times: int) -> bytes:
    return json.dumps(
        {"model": "gpt-5", "stream": True, "user": str(times), "messages": [{"role": "user", "content": prompt}]}
    ).encode()


if __name__ == "__main__":
    sys.exit(main())
