"""Measures what requests cost: the real proxy with names on loopback, and the real record on PostgreSQL."""

from __future__ import annotations

import asyncio
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the modules of `make bench` import each other by bare names

import psutil
from tests.samples.reviewing import event
from tests.storage.postgresql_server import PostgreSQLServer

from benchmarks.capacity.costs import Costs, RequestCost
from benchmarks.capacity.workload import Kind
from load import Client, Endpoint, at_once
from promptguard.audit.durability import Durability
from promptguard.audit.events import new_event_id
from promptguard.audit.recorder import Recorder
from promptguard.configuration.settings import Settings
from promptguard.demo.proxy_process import PromptGuardProcess, ProxyProcess
from promptguard.keys import Keys
from promptguard.model import Action, Event
from promptguard.review.projection import Projection
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import key_ring, open_backend, opened_store
from promptguard.runtime.review_database import open_reviewing
from prose import Prose, chat
from upstream import Upstream
from variants import ROOT, BareMitmproxy, Usage, Variant, configured

TURNS, TURN_SIZE = 30, 2_000
CONNECTIONS = 8
"""At once, as where there is something to do: a proxy that is idle in between takes longer for each."""
RECORDS = 5_000


class Bodies:
    """Requests of each kind, none of them twice."""

    def __init__(self, seed: int) -> None:
        self._prose = Prose(seed)
        self._conversation = [self._text(TURN_SIZE, found=False) for _ in range(TURNS)]

    def body(self, kind: Kind) -> bytes:
        """One more."""
        match kind:
            case Kind.SMALL:
                return chat(self._text(100, found=False))
            case Kind.CLEAN | Kind.FOUND:
                return chat(self._text(2_000, found=kind is Kind.FOUND))
            case Kind.AGENT:
                return chat(*self._conversation, self._text(1_000, found=False))

    def _text(self, size: int, *, found: bool) -> str:
        """Prose with persons in it, or without: those sentences are left out."""
        if found:
            return self._prose.text(size)
        kept, length = [], 0
        while length < size:
            sentence = self._prose._sentence()
            if " from " in sentence or sentence.startswith("I promised"):
                continue
            kept.append(sentence)
            length += len(sentence) + 1
        return " ".join(kept)[:size]


@contextmanager
def proxies() -> Iterator[tuple[Variant, Variant]]:
    """The proxy with names, as shipped, and bare mitmproxy, before a service that does as little as it can."""
    with tempfile.TemporaryDirectory(prefix="promptguard-capacity-") as name, ExitStack() as stack:
        folder = Path(name)
        upstream = stack.enter_context(Upstream(folder / "upstream"))
        ours = PromptGuardProcess(
            config=configured(ROOT / "config", folder / "config", {"enabled": True}),
            data=folder / "data",
            connect_to={"*": upstream.address},
            upstream_authority=upstream.certificates.authority,
        )
        bare = BareMitmproxy(folder / "mitmproxy", upstream)
        yield _started(stack, "PromptGuard", ours), _started(stack, "mitmproxy", bare)


def _started(stack: ExitStack, name: str, process: ProxyProcess) -> Variant:
    stack.enter_context(process)
    return Variant(name, Endpoint(process.port, process.authority, proxied=True), psutil.Process(process.pid))


def measure(count: int, busy: float) -> Costs:
    """Send so many requests of each kind, in turn, and record so many decisions; `busy` as `Costs.busy`."""
    on_disk = record_bytes()
    bodies = Bodies(1)
    spent, bare_spent = {kind: [0.0, 0.0] for kind in Kind}, [0.0, 0.0]
    rounds = 5
    with proxies() as (variant, bare):
        endpoint = variant.endpoint
        for each in (variant, bare):
            with Client(each.endpoint) as client:
                for body in [bodies.body(kind) for kind in Kind for _ in range(20)]:
                    client.post(body)
        for _ in range(rounds):
            prepared = [bodies.body(Kind.SMALL) for _ in range(count // rounds)]
            before = bare.cpu_milliseconds()
            at_once(bare.endpoint, prepared, 600.0, CONNECTIONS)
            _add(bare_spent, before, bare.cpu_milliseconds())
            for kind in Kind:
                prepared = [bodies.body(kind) for _ in range(count // rounds)]
                before = variant.cpu_milliseconds()
                assert not at_once(endpoint, prepared, 600.0, CONNECTIONS).refused
                _add(spent[kind], before, variant.cpu_milliseconds())
        memory = variant.resident_megabytes()
    requests = {
        kind: RequestCost(*(round(each / (count // rounds * rounds), 3) for each in spent[kind])) for kind in Kind
    }
    return Costs(
        machine=_machine(),
        busy=busy,
        bare_ms=round(bare_spent[0] / (count // rounds * rounds), 3),
        requests=requests,
        proxy_mb=round(memory.proxy),
        names_mb=round(max(memory.workers)),
        console_mb=131,
        record_bytes=on_disk,
    )


def _add(spent: list[float], before: Usage, after: Usage) -> None:
    spent[0] += after.proxy - before.proxy
    spent[1] += sum(after.workers) - sum(before.workers)


def _machine() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return f"{line.partition(':')[2].strip()}, Python {platform.python_version()}"
    return f"{platform.processor()}, Python {platform.python_version()}"


def record_bytes() -> dict[str, float]:
    """Bytes of a PostgreSQL database for each decision, in record and console."""
    server = PostgreSQLServer()
    try:
        found = ["PERSON", "PERSON", "EMAIL_ADDRESS"]
        return {
            "allowed": _each(server, "allowed", Action.ALLOW, ()),
            "found": _each(server, "found", Action.REDACT, found),
        }
    finally:
        server.remove()


def _each(server: PostgreSQLServer, name: str, action: Action, found: Sequence[str]) -> float:
    server.execute(f"CREATE DATABASE capacity_{name}")
    settings = Settings.model_validate({"database": server.url(f"capacity_{name}")})
    with tempfile.TemporaryDirectory(prefix="promptguard-capacity-") as folder:
        data = DataFolder(Path(folder))
        keys = Keys.load_or_create(data.keys)
        with (
            closing(open_backend(settings, data, keys)) as backend,
            closing(open_reviewing(settings, data)) as reviewing,
        ):
            ring = key_ring(backend, keys)
            sizes = []
            one = event(found=list(found), action=action, groups=("engineering",))
            recorder = Recorder(
                backend.audit_store(), keys.audit, Durability.PROCESS, head_files=keys.folder, key_ring=ring
            )
            with closing(recorder):
                for _ in range(2):
                    _record(recorder, [replace(one, id=new_event_id()) for _ in range(RECORDS)])
                    projection = Projection(opened_store(backend, keys), reviewing)
                    while projection.take_up():
                        pass
                    server.execute("CHECKPOINT")
                    sizes.append(_size(server, f"capacity_{name}"))
    return round((sizes[1] - sizes[0]) / RECORDS)


def _record(recorder: Recorder, events: Sequence[Event]) -> None:
    async def all_of_them() -> None:
        for start in range(0, len(events), 100):
            await asyncio.gather(*(recorder.record(each) for each in events[start : start + 100]))

    asyncio.run(all_of_them())


def _size(server: PostgreSQLServer, database: str) -> int:
    ((size,),) = server.execute(f"SELECT pg_database_size('{database}')")
    assert isinstance(size, int)
    return size
