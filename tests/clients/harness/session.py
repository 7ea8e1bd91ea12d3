"""One person at one client: a home folder, a working folder, an environment, and what appears on the screen."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SECONDS = 60.0
"""How long a client may take for one turn before it is called a hang: agents need 10 on an idle machine."""

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
"""ECMA-48 control sequences, and operating-system commands as terminals have them."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a client printed in one turn."""

    text: str
    """Without colours and cursor movements."""
    seen: tuple[tuple[float, str], ...]
    """When (Unix time) each piece of the text appeared."""
    status: int
    """The exit status; negative for a signal."""
    hung: bool
    """Whether it had to be ended."""

    def when(self, pattern: re.Pattern[str]) -> float:
        """When `pattern` matched what stood on the screen for the first time, Unix time.

        Raises:
            ValueError: it never did.
        """
        text = ""
        for moment, piece in self.seen:
            text += piece
            if pattern.search(_ESCAPE.sub("", text)):
                return moment
        raise ValueError(f"no {pattern.pattern!r} on the screen:\n{self.text}")


class Session:
    """A client's life on a machine of its own.

    Args:
        folder: an empty folder.
        environment: variables beside those every program has.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.home = folder / "home"
        self.work = folder / "work"
        for made in (self.home, self.work):
            made.mkdir(parents=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(folder),
            "TERM": "dumb",
            "LANG": "C.UTF-8",
            "CI": "1",
            "NO_COLOR": "1",
            "DO_NOT_TRACK": "1",
            **environment,
        }

    def run(self, command: Sequence[str | Path], *, seconds: float = SECONDS, **environment: str) -> Screen:
        """Run a client to its end, or end it with all that it started."""
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=self.work,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert process.stdout is not None
        seen: list[tuple[float, str]] = []
        reader = threading.Thread(target=_read, args=(process.stdout, seen), daemon=True)
        reader.start()
        try:
            process.wait(seconds)
            hung = False
        except subprocess.TimeoutExpired:
            hung = True
        _end(process)
        reader.join(5)
        text = _ESCAPE.sub("", "".join(piece for _, piece in seen))
        return Screen(text, tuple(seen), process.returncode, hung)


def _read(output: IO[bytes], seen: list[tuple[float, str]]) -> None:
    while data := os.read(output.fileno(), 65536):
        seen.append((time.time(), data.decode("utf-8", "replace")))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the client's whole process group: agents leave helpers behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
