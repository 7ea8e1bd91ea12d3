"""Lets open pages wait until something has changed, so that they need not ask again and again."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from typing import Final, NamedTuple

from promptguard.runtime.following import Topic

WAIT_SECONDS: Final = 20.0
"""After which a page is answered all the same, and asks again: shorter than what lies between cuts connections off."""

MAX_WAITING: Final = 200
"""Pages that wait at once; further ones are answered at once, and ask as often as they like."""


class _Waiting(NamedTuple):
    topic: Topic
    loop: asyncio.AbstractEventLoop
    told: asyncio.Event


class News:
    """Told of changes by the threads that take them up.

    Args:
        seconds: for which a page waits at most.
    """

    def __init__(self, seconds: float = WAIT_SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._count: Counter[Topic] = Counter()
        self._waiting: set[_Waiting] = set()

    def known(self, topic: Topic) -> int:
        """A number that changes with each change: asked for before it is looked what there is."""
        return self._count[topic]

    def tell(self, topic: Topic) -> None:
        """Something has changed, and can be read now. From any thread."""
        with self._lock:
            self._count[topic] += 1
            waiting = [each for each in self._waiting if each.topic is topic]
        for each in waiting:
            with contextlib.suppress(RuntimeError):  # its loop has ended
                each.loop.call_soon_threadsafe(each.told.set)

    async def change(self, topic: Topic, known: int) -> None:
        """Return once something has changed since `known`, or after some seconds."""
        waiting = _Waiting(topic, asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            if self._count[topic] != known or len(self._waiting) >= MAX_WAITING:
                return
            self._waiting.add(waiting)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(waiting.told.wait(), self._seconds)
        finally:
            with self._lock:
                self._waiting.discard(waiting)
