"""What the processes of one port are asked by the process that started them: how they are, and what they have counted.

One question and its answer at a time, on a pair of sockets that ends with either side.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final

import orjson

from promptguard.runtime.small_server import SmallAnswer

logger = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 2.0
"""After which a process counts as one that gives no answer: its interpreter is busy with something else."""


class Asked:
    """The side of a process that is asked.

    Args:
        descriptor: its end of the pair of sockets.
        answer: what is answered to a path, as a listener for monitoring does.
        closed: called in a thread once the other side is gone.
    """

    def __init__(
        self, descriptor: int, answer: Callable[[str], SmallAnswer | None], closed: Callable[[], object]
    ) -> None:
        self._connection = Connection(descriptor)
        self._answer = answer
        self._closed = closed
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def _serve(self) -> None:
        try:
            while True:
                found = self._found(self._connection.recv_bytes().decode())
                said = [found.status, found.content_type, found.body.decode()] if found else None
                self._connection.send_bytes(orjson.dumps(said))
        except (EOFError, OSError):
            self._closed()

    def _found(self, path: str) -> SmallAnswer | None:
        try:
            return self._answer(path)
        except Exception as error:  # without this thread, nothing would tell that the other side is gone
            logger.error("The process cannot say how it is (%s).", type(error).__name__)
            return None


class Asking:
    """The side that asks. From any thread."""

    def __init__(self, descriptor: int) -> None:
        self._connection = Connection(descriptor)
        self._lock = threading.Lock()
        self._owes = False
        """Whether a question was not answered in time: until it is, no other is asked. They would fill the sockets of a
        process that hangs, and hold up whoever asks."""

    def ask(self, path: str) -> SmallAnswer | None:
        """What a process answers; None where it is gone, gives no answer in time, or has none."""
        with self._lock, suppress(EOFError, OSError):
            if self._owes:
                if not self._connection.poll(ANSWER_SECONDS):
                    return None
                self._connection.recv_bytes()  # the late answer to an earlier question
            self._connection.send_bytes(path.encode())
            self._owes = not self._connection.poll(ANSWER_SECONDS)
            if not self._owes and (said := orjson.loads(self._connection.recv_bytes())):
                return SmallAnswer(said[0], said[1], said[2].encode())
        return None

    def close(self) -> None:
        """Ask no more: the process learns of it."""
        with self._lock:
            self._connection.close()
