"""Four proxies and two consoles on one PostgreSQL, while processes and the server are killed: nothing lost or doubled.

What a proxy does for each request is done here without HTTP: keep an original, record, then "forward".
`make fleet-soak` kills 200 times.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.storage.grounds import PostgreSQLGround

from promptguard.audit.head_file import HeadFiles
from promptguard.audit.verify import verify
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.model import Event
from promptguard.review import tables
from promptguard.review.database import ReviewDatabase
from promptguard.review.projection import Projection
from promptguard.runtime.record import NewDecisions, key_ring, opened_store
from promptguard.storage.postgresql.backend import PostgreSQLBackend

FAULTS = int(os.environ.get("PROMPTGUARD_FLEET_FAULTS", "2"))
PROXIES = 4
SCOPE = "p_alice|openai"

PROXY = """
import asyncio, json, sys, threading
from pathlib import Path
from promptguard.audit.events import new_event_id
from promptguard.audit.recorder import Recorder
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.model import DataClass, Event, Original
from promptguard.audit.sealing.key_ring import KeyRing
from promptguard.storage.postgresql.backend import PostgreSQLBackend
from promptguard.storage.spool.records import SpoolFolder

folder, url, template, run, scope = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), *sys.argv[4:6]
keys = Keys.load(folder / "keys")
spool = SpoolFolder(folder / "spool", keys.spool, max_bytes=2**26, max_age=3600.0)
backend = PostgreSQLBackend.open(url, sys.argv[6], spool)
ring = KeyRing(backend.key_store(folder), keys.records, lambda: 0)
vault = backend.vault(keys.vault)
recorder = Recorder(backend.audit_store(), keys.audit, head_files=keys.folder, key_ring=ring)
ended = threading.Event()

def until_closed():
    sys.stdin.read()
    ended.set()

threading.Thread(target=until_closed, daemon=True).start()

async def requests(lane):
    number = 0
    while not ended.is_set():
        number += 1
        placeholder = f"[{run}_{lane}_{number}]"
        action = "redact" if number % 2 else "allow"
        event = Event(**{**template, "id": new_event_id(), "action": action})
        try:
            await vault.remember(scope + run, {placeholder: Original(placeholder, DataClass.PERSONAL_DATA)})
            await recorder.record(event)
        except PromptGuardError:
            await asyncio.sleep(0.05)
            continue
        print(json.dumps([event.id, scope + run, placeholder]), flush=True)
        await asyncio.sleep(0.1)

async def main():
    await asyncio.gather(*map(requests, range(2)))
    while recorder.waiting:
        await asyncio.sleep(0.05)

asyncio.run(main())
recorder.close()
vault.close()
backend.close()
"""


class Proxy:
    """A data folder, and the process on it, which is started again whenever it was killed."""

    def __init__(self, folder: Path, url: str, template: str) -> None:
        self.folder, self._url, self._template = folder, url, template
        self.forwarded: list[tuple[str, str, str]] = []
        self.installation = folder.name * 12
        self._runs = 0
        self._ending = False
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _keep(self) -> None:
        while not self._ending:
            self._runs += 1
            run = f"{self.folder.name}{self._runs}"
            command = [
                sys.executable,
                "-c",
                PROXY,
                str(self.folder),
                self._url,
                self._template,
                run,
                SCOPE,
                self.installation,
            ]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
            assert self._process.stdout is not None
            for line in self._process.stdout:
                if line.endswith("\n"):
                    id, scope, placeholder = json.loads(line)
                    self.forwarded.append((id, scope, placeholder))
            self._process.wait()

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)

    def end(self) -> None:
        """Let it deliver what waits, and end."""
        self._ending = True
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._thread.join()


class Console:
    """Takes up the record as it grows."""

    def __init__(self, url: str, keys: Keys, installation: str) -> None:
        self._backend = PostgreSQLBackend.open(url, installation)
        self.database = ReviewDatabase.on_server(url, installation)
        self._projection = Projection(opened_store(self._backend, keys), self.database)
        self._new = NewDecisions(self._backend)
        self._ending = False
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        while True:
            ending = self._ending
            try:
                taken = self._projection.take_up()
            except PromptGuardError:
                taken = 0
            if ending and not taken:
                return
            if not taken:
                self._new.wait()

    def end(self) -> None:
        self._ending = True
        self._new.close()
        self._thread.join()
        self._backend.close()


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys.load_or_create(tmp_path / "keys")


@pytest.fixture
def proxies(
    on_postgresql: PostgreSQLGround, tmp_path: Path, keys: Keys, make_event: Callable[..., Event]
) -> Iterator[list[Proxy]]:
    event = make_event(found=1)
    template = json.dumps({name: getattr(event, name) for name in Event.__slots__})
    PostgreSQLBackend.open(on_postgresql.url, "0" * 12).close()
    proxies = []
    for number in range(PROXIES):
        folder = tmp_path / "abcd"[number]
        shutil.copytree(tmp_path / "keys", folder / "keys")
        proxies.append(Proxy(folder, on_postgresql.url, template))
    yield proxies
    for proxy in proxies:
        proxy.end()


def fault(number: int, server: Any, proxies: list[Proxy], pause: Callable[[float], object]) -> None:
    """One of several things that go wrong, at a moment that nobody chose."""
    choose = random.Random(number)
    pause(choose.random())
    victims = choose.sample(proxies, choose.randint(1, 2))
    match number % 4:
        case 0:
            for each in victims:
                each.kill()
        case 1:
            server.stop("immediate")
            server.start()
        case 2:  # killed, and started again, while the server is away
            server.stop(choose.choice(("immediate", "fast")))
            pause(choose.random())
            for each in victims:
                each.kill()
            pause(2 * choose.random())
            server.start()
        case 3:  # at the same moment
            for each in victims:
                each.kill()
            server.stop("immediate")
            server.start()


@pytest.mark.timeout(300 + 60 * FAULTS)
def test_nothing_is_lost_or_doubled(
    on_postgresql: PostgreSQLGround, proxies: list[Proxy], keys: Keys, tmp_path: Path
) -> None:
    url = on_postgresql.url
    consoles = [Console(url, keys, installation * 12) for installation in "ef"]
    pause = threading.Event().wait
    for number in range(FAULTS):
        seen = [len(proxy.forwarded) for proxy in proxies]
        while any(len(proxy.forwarded) < count + 3 for proxy, count in zip(proxies, seen, strict=True)):
            pause(0.01)
        fault(number, on_postgresql.server, proxies, pause)
    for proxy in proxies:
        proxy.end()
    for console in consoles:
        console.end()
    forwarded = [each for proxy in proxies for each in proxy.forwarded]
    with closing(PostgreSQLBackend.open(url, "0" * 12)) as backend:
        store, ring = backend.audit_store(), key_ring(backend, keys)
        recorded = Counter(record.event_id for record in store.records() if ring.opened(record.event))
        for proxy in proxies:
            files = HeadFiles(proxy.folder / "keys", keys.audit, proxy.installation)
            report = verify(store, keys.audit, files, ring)
            assert report.ok, report.sentence
        vault = backend.vault(keys.vault)
        with closing(vault):
            scopes = sorted({scope for _, scope, _ in forwarded})
            issued = {(scope, name) for scope in scopes for name in asyncio.run(vault.issued(scope))}
    assert set(recorded.values()) == {1}, "none is there twice"
    assert not {id for id, _, _ in forwarded} - set(recorded), "none is lost"
    assert not {(scope, placeholder) for _, scope, placeholder in forwarded} - issued, "any proxy can put it back"
    for console in consoles:
        with console.database.reading() as connection:
            shown = set(connection.scalars(select(tables.decision.c.id)))
            count = connection.scalar(select(func.count()).select_from(tables.decision))
        console.database.close()
        assert (shown, count) == (set(recorded), len(recorded))
    print(f"{FAULTS} faults, {len(forwarded)} forwarded, {len(recorded)} recorded")
