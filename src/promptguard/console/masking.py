"""What people write of their own is searched before it is kept, and what is found in it is masked."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path
from typing import Final

import orjson

from promptguard.errors import PromptGuardError
from promptguard.workers.process import command_of

SECONDS: Final = 120.0
"""For so long a text is searched, detectors loaded included."""
KEPT_SECONDS: Final = 600.0
"""For so long detectors stay loaded once somebody wrote something: the next one to write does not wait for them, and
they are those of the configuration as it is now."""

WITHHELD: Final = "The reason could not be searched, and is not kept."
"""Stands for a reason that must not be kept, where what is ordered may not fail for it."""

NOT_YET: Final = "Its reason is being searched, and follows."
"""Stands for a reason until it is searched, where what is ordered may not wait for it."""

MAX_WAITING: Final = 8
"""Texts that are searched or wait for it: each has a thread of the console, which has other pages to make."""


class NotSearched(PromptGuardError):
    """A text could not be searched, and must not be kept."""


class Masking:
    """Masks texts, one at a time, with the detectors of an installation, which a process of their own has loaded.

    Args:
        config: the folder of the configuration.
        data: the folder of keys and indexes.
        seconds: for so long a text is searched, detectors loaded included.
    """

    def __init__(self, config: Path, data: Path, *, seconds: float = SECONDS) -> None:
        command = [*command_of("promptguard.runtime.masking"), "--config", str(config), "--data", str(data)]
        self._command = command
        self._seconds = seconds
        self._waiting = threading.BoundedSemaphore(MAX_WAITING)
        self._busy = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    def __call__(self, text: str) -> str:
        """A text with what is found in it masked, and U+FFFD in place of what is no character.

        Raises:
            NotSearched: it could not be searched.
        """
        if not text.strip():
            return ""
        # Of a command line that is not UTF-8, Python makes lone surrogates (PEP 383), which nothing can keep.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if not self._waiting.acquire(blocking=False):
            raise NotSearched("Too many texts are waiting to be searched.")
        try:
            return self._searched(text)
        finally:
            self._waiting.release()

    def close(self) -> None:
        """End the process that searches. Can be called twice."""
        with self._busy:
            self._end()

    def _searched(self, text: str) -> str:
        if not self._busy.acquire(timeout=self._seconds):
            raise NotSearched("Too many texts are waiting to be searched.")
        known = self._process is not None
        try:
            try:
                return self._asked(text)
            except (OSError, ValueError):
                if not known:
                    raise
                self._end()  # it may have ended a moment ago: a new one is asked
                return self._asked(text)
        except (OSError, ValueError) as error:
            self._end()
            raise NotSearched(f"The text could not be searched ({type(error).__name__}).") from None
        finally:
            self._busy.release()

    def _asked(self, text: str) -> str:
        process = self._running()
        assert process.stdin and process.stdout  # both are pipes
        too_long = threading.Timer(self._seconds, process.kill)
        too_long.start()
        try:
            process.stdin.write(orjson.dumps(text) + b"\n")
            process.stdin.flush()
            answer = orjson.loads(process.stdout.readline())  # empty where the process has ended
        finally:
            too_long.cancel()
        if not isinstance(answer, str):
            raise ValueError
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        """The process that searches; a new one where it has ended, or loaded its detectors long ago."""
        if self._process is None or self._process.poll() is not None or self._age() > KEPT_SECONDS:
            self._end()
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._started = time.monotonic()
            ended = threading.Timer(KEPT_SECONDS + 1, self._end_old)
            ended.daemon = True
            ended.start()
        return self._process

    def _age(self) -> float:
        return time.monotonic() - self._started

    def _end_old(self) -> None:
        """Let nobody's detectors lie in memory because somebody wrote something once."""
        with self._busy:
            if self._age() > KEPT_SECONDS:
                self._end()

    def _end(self) -> None:
        """End the process: it does so by itself when its input is closed, as when ours ends."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
