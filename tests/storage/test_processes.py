"""Several processes on one database: what one remembers the others know, and nothing is lost or there twice."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from promptguard.model import DataClass, Event, Mark, Original
from promptguard.storage.vault.vault import DatabaseVault

SCOPE = "p_alice|openai"

WORKER = """
import asyncio, json, sys
from pathlib import Path
from promptguard.audit.events import new_event_id
from promptguard.audit.recorder import Recorder
from promptguard.keys import Keys
from promptguard.model import DataClass, Event, Mark, Original

folder, name, scope = Path(sys.argv[2]), sys.argv[3], sys.argv[4]
keys = Keys.load(folder / "keys")
vault = backend.vault(keys.vault)

def original(text):
    return Original(text, DataClass.PERSONAL_DATA)

async def load(recorder, template, count):
    ids = [new_event_id() for _ in range(count)]

    async def one(number, id):
        await vault.remember(scope, {f"[{name}_{number}]": original(f"{name} {number}")})
        await vault.remember_marks(scope, Mark.ANSWERED, [f"{name}-{number}", f"both-{number}"])
        await recorder.record(Event(**{**template, "id": id}))

    await asyncio.gather(*(one(number, id) for number, id in enumerate(ids)))
    recorder.close()
    await vault.flush()
    return ids

async def main():
    for line in sys.stdin:
        call = json.loads(line)
        match call:
            case ["issued"]:
                answer = {placeholder: original.text for placeholder, original in (await vault.issued(scope)).items()}
            case ["remember", placeholder, text]:
                answer = await vault.remember(scope, {placeholder: original(text)})
            case ["mark", hash]:
                await vault.remember_marks(scope, Mark.SEALED, [hash])
                answer = await vault.flush()
            case ["marked", hash]:
                answer = bool(await vault.marked(scope, Mark.SEALED, [hash]))
            case ["begin"]:
                recorder, answer = Recorder(backend.audit_store(), keys.audit, head_files=keys.folder), None
            case ["load", template, count]:
                answer = await load(recorder, template, count)
        print(json.dumps(answer), flush=True)
    vault.close()
    backend.close()

asyncio.run(main())
"""


class Worker:
    """Another process on the installation's database, which does what it is asked."""

    def __init__(self, installation: Any, name: str) -> None:
        statement, argument = installation.ground.opening
        code = f"import sys\n{statement}\n{WORKER}"
        command = [sys.executable, "-c", code, argument, str(installation.folder), name, SCOPE]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def send(self, *call: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def ask(self, *call: object) -> Any:
        self.send(*call)
        return self.answer()

    def close(self) -> None:
        self._process.communicate(timeout=60)
        assert self._process.returncode == 0


@pytest.fixture
def workers(installation: Any) -> Iterator[list[Worker]]:
    workers = [Worker(installation, name) for name in ("A", "B")]
    yield workers
    for worker in workers:
        worker.close()


@pytest.fixture
def vault(installation: Any) -> Iterator[DatabaseVault]:
    with closing(installation.ground.vault(installation.database, installation.keys.vault)) as vault:
        yield vault


async def test_what_one_remembers_the_others_know(workers: list[Worker], vault: DatabaseVault) -> None:
    one, two = workers
    assert one.ask("issued") == two.ask("issued") == await vault.issued(SCOPE) == {}
    assert two.ask("marked", "h") is False
    one.ask("remember", "[A_1]", "Anna")
    one.ask("mark", "h")
    assert two.ask("issued") == {"[A_1]": "Anna"}
    assert two.ask("marked", "h") is True
    assert await vault.marked(SCOPE, Mark.SEALED, ["h"]) == {"h"}
    two.ask("remember", "[B_1]", "Bob")
    await vault.remember(SCOPE, {"[C_1]": Original("Carl", DataClass.PERSONAL_DATA)})
    everything = {"[A_1]": "Anna", "[B_1]": "Bob", "[C_1]": "Carl"}
    assert one.ask("issued") == two.ask("issued") == everything
    assert {placeholder: original.text for placeholder, original in (await vault.issued(SCOPE)).items()} == everything


async def test_under_load(
    installation: Any, make_event: Callable[..., Event], workers: list[Worker], vault: DatabaseVault
) -> None:
    """Each worker records, remembers and marks 300 times, as the other does, and we read meanwhile."""
    for worker in workers:
        worker.ask("begin")  # both hold a chain before either is done
    for index, worker in enumerate(workers):
        event = make_event(found=index)
        worker.send("load", {name: getattr(event, name) for name in Event.__slots__}, 300)
    answers = asyncio.gather(*(asyncio.to_thread(worker.answer) for worker in workers))
    seen = 0
    while not answers.done():
        issued = await vault.issued(SCOPE)
        assert len(issued) >= seen, "what was known is known"
        seen = len(issued)
        await asyncio.sleep(0.001)
    ids = [id for answer in await answers for id in answer]

    report = installation.verify()
    assert (report.ok, report.records) == (True, 600), report.first_problem
    assert Counter(record.event_id for record in installation.store.records()) == Counter(ids)
    assert {record.chain for record in installation.store.records()} == set(installation.ground.chains[:2])
    assert {placeholder: original.text for placeholder, original in (await vault.issued(SCOPE)).items()} == {
        f"[{name}_{number}]": f"{name} {number}" for name in "AB" for number in range(300)
    }
    hashes = [f"{name}-{number}" for name in ("A", "B", "both") for number in range(300)]
    assert await vault.marked(SCOPE, Mark.ANSWERED, [*hashes, "C-1"]) == set(hashes)


async def test_a_process_goes_on_with_its_chain(
    installation: Any, make_event: Callable[..., Event], workers: list[Worker]
) -> None:
    event = make_event()
    template = {name: getattr(event, name) for name in Event.__slots__}
    for worker in (*workers, workers[0]):  # one after the other: each finds the first chain free
        worker.ask("begin")
        worker.ask("load", template, 5)
    first, *_ = installation.ground.chains
    assert installation.store.chains() == [first]
    assert installation.store.head(first).sequence == 15
    assert installation.verify().ok
