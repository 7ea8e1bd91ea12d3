"""What the processes of one port are asked by the process that started them: how they are, and what they have counted.

One question and its answer at a time, on a pair of sockets that ends with either side.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Final

import orjson

from promptguard.runtime.small_server import SmallAnswer

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
                number, path = orjson.loads(self._connection.recv_bytes())
                found = self._answer(path)
                said = [found.status, found.content_type, found.body.decode()] if found else None
                self._connection.send_bytes(orjson.dumps([number, said]))
        except (EOFError, OSError):
            self._closed()


class Asking:
    """The side that asks. From any thread."""

    def __init__(self, descriptor: int) -> None:
        self._connection = Connection(descriptor)
        self._lock = threading.Lock()
        self._number = 0

    def ask(self, path: str) -> SmallAnswer | None:
        """What a process answers; None where it is gone, gives no answer in time, or has none."""
        with self._lock:
            self._number += 1
            try:
                self._connection.send_bytes(orjson.dumps([self._number, path]))
                while self._connection.poll(ANSWER_SECONDS):
                    number, said = orjson.loads(self._connection.recv_bytes())
                    if number == self._number:  # else it is the late answer to an earlier question
                        return SmallAnswer(said[0], said[1], said[2].encode()) if said else None
            except (EOFError, OSError):
                pass
            return None

    def close(self) -> None:
        """Ask no more: the process learns of it."""
        with self._lock:
            self._connection.close()
