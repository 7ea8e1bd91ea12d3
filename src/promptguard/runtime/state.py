"""What a running proxy says of itself, for `promptguard doctor` and whoever waits for the start."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from promptguard.audit.interface import Spooled


@dataclass(frozen=True, slots=True)
class State:
    """How things stand with one process."""

    pid: int = 0
    listen: Sequence[str] = ()
    """Addresses as `HOST:PORT`."""
    whole: bool = False
    """The detectors are loaded."""
    config: str = ""
    """The configuration folder, absolute."""
    policy_version: str = ""
    policy_hash: str = ""
    problem: str = ""
    """What of the configuration is not in force, and why; several sentences stand on lines of their own."""
    on_server: bool = False
    """The record is in a database of a server, and not in the data folder."""
    spooling: str = ""
    """What is kept on this machine because the database is away, as a sentence."""
    busy: int = 0
    """Requests since the start that were refused because too much waited to be searched for names."""
    busy_at: str = ""
    """When that was seen last, as `Event.time`; empty for never."""

    @property
    def busy_sentence(self) -> str:
        """What is told of requests that were refused as busy; empty where none was."""
        if not self.busy:
            return ""
        were = "1 request was" if self.busy == 1 else f"{self.busy} requests were"
        at = self.busy_at[:19].replace("T", " ")
        return (
            f"Since its start {were} refused as busy, the last at {at} UTC: too much text waited to be searched for"
            " names. Where that goes on, give it more of `names.workers`, and cores for them."
        )


def spooling_sentence(spooled: Spooled) -> str:
    """What is told of a database that is away."""
    since = datetime.fromtimestamp(spooled.since, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    kept = "1 decision is" if spooled.records == 1 else f"{spooled.records} decisions are"
    return (
        f"The database is away since {since}: {kept} kept on this machine until it is back,"
        f" {spooled.fill:.0%} of what may be. See that PostgreSQL runs, and that it can be reached from here."
    )


def write_state(path: Path, state: State) -> None:
    """Replace the file as a whole: whoever reads it never sees a half of it.

    Raises:
        OSError: the folder is not writable.
    """
    temporary = path.with_suffix(".json.new")
    temporary.write_bytes(orjson.dumps(asdict(state), option=orjson.OPT_INDENT_2))
    temporary.replace(path)


def read_state(path: Path) -> State | None:
    """The state of the process that runs on a data folder, or None where none does.

    Members that this version does not know are left out, so that `doctor` may be newer or older than the proxy.
    """
    try:
        members: Any = orjson.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(members, dict):
        return None
    return State(**{field.name: members[field.name] for field in fields(State) if field.name in members})


def runs(state: State | None) -> bool:
    """Whether the process of a state is another one than this, and is there."""
    if state is None or state.pid in (0, os.getpid()):
        return False
    if sys.platform == "win32":
        return _runs_on_windows(state.pid)
    try:
        os.kill(state.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _runs_on_windows(pid: int) -> bool:
    """Whether there is such a process; where a signal is none that only asks, but ends it."""
    import pywintypes
    import win32api
    import win32con
    import win32event
    import winerror

    try:
        process = win32api.OpenProcess(win32con.SYNCHRONIZE, False, pid)
    except pywintypes.error as error:
        return bool(error.winerror == winerror.ERROR_ACCESS_DENIED)  # somebody else's
    try:
        return bool(win32event.WaitForSingleObject(process, 0) == win32event.WAIT_TIMEOUT)
    finally:
        win32api.CloseHandle(process)


def remove_state(path: Path) -> None:
    """Say that no process runs here any more."""
    path.unlink(missing_ok=True)
