"""What services answer is read beside its way: no client waits for it, only the next request of the same scope."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from promptguard.errors import PromptGuardError
from promptguard.model import Said, Verdict
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.wire.answers import read_answer, read_websocket
from promptguard.wire.encodings import decode

logger = logging.getLogger(__name__)

MAX_ANSWER: Final = 8 * 1024 * 1024
"""Bytes of an answer, decoded, that are read."""

MAX_INLINE: Final = 4_096
"""Bytes of an answer below which it is read on the event loop, in less time than a thread takes to begin."""

MAX_WAIT: Final = 2.0
"""Seconds that a request waits for what was answered just before."""


class Learning:
    """Reads answers into the memory of their scopes."""

    def __init__(self, memory: ScopeMemory) -> None:
        self._memory = memory
        self._under_way: dict[str, set[asyncio.Task[None]]] = {}

    def from_answer(self, verdict: Verdict, content_type: str, content_encoding: str, body: bytes) -> None:
        """Learn from a whole answer. Returns at once, and never raises."""

        def read() -> Said:
            return read_answer(decode(body, content_encoding, MAX_ANSWER), content_type, verdict.shape)

        if body:
            self._begin(verdict.scope, read, MAX_INLINE if content_encoding else len(body))

    def from_messages(self, verdict: Verdict, messages: Sequence[bytes]) -> None:
        """Learn from messages of a WebSocket connection. Returns at once, and never raises."""

        def read() -> Said:
            return read_websocket(messages, verdict.shape)

        if messages:
            self._begin(verdict.scope, read, sum(map(len, messages)))

    async def settled(self, scope: str) -> None:
        """Return when what was answered in a scope so far is known, or after `MAX_WAIT`."""
        if tasks := self._under_way.get(scope):
            await asyncio.wait(tasks, timeout=MAX_WAIT)

    def _begin(self, scope: str, read: Callable[[], Said], size: int) -> None:
        # Not one that begins at once, as mitmproxy's do: the end of the answer has yet to reach the client.
        task = asyncio.Task(self._learn(scope, read, size), loop=asyncio.get_running_loop())
        tasks = self._under_way.setdefault(scope, set())
        tasks.add(task)
        task.add_done_callback(lambda done: self._end(scope, done))

    async def _learn(self, scope: str, read: Callable[[], Said], size: int) -> None:
        try:
            said = read() if size < MAX_INLINE else await asyncio.to_thread(read)
            await self._memory.learn(scope, said)
        except PromptGuardError as error:
            logger.warning("An answer was not learned from: %s.", type(error).__name__)
        except Exception as error:
            # The message could quote the answer: it is not logged.
            logger.error("An answer could not be learned from (%s).", type(error).__name__)

    def _end(self, scope: str, task: asyncio.Task[None]) -> None:
        tasks = self._under_way.get(scope, set())
        tasks.discard(task)
        if not tasks:
            self._under_way.pop(scope, None)
