"""Proxies behind a real HAProxy on a real PostgreSQL, under load: what is done to them, and what goes wrong.

Two proxies, and each thing once. `make fleet-demo` takes four, and does it all several times.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.deadline import wait_until
from support.expected import EMAIL_PLACEHOLDER
from support.haproxy import EXECUTABLE, HAProxy
from support.proxies import CONFIG
from support.values import email
from support.watch import Watch
from support.wire import exchange, request_bytes
from tests.storage.postgresql_server import PostgreSQLServer

import promptguard
from promptguard.demo.proxy_process import PromptGuardProcess, free_port, run_promptguard
from promptguard.runtime.record import open_record
from promptguard.storage.schema import SCHEMA_VERSION

MACHINES = int(os.environ.get("PROMPTGUARD_FLEET_MACHINES", "2"))
ROUNDS = int(os.environ.get("PROMPTGUARD_FLEET_ROUNDS", "1"))
CLIENTS = 4
PASSPHRASE = "correct horse battery"

pytestmark = [
    pytest.mark.skipif(EXECUTABLE is None, reason="needs HAProxy (Debian: haproxy)"),
    pytest.mark.timeout(600 + 600 * ROUNDS * MACHINES),
]

NEXT_MIGRATION = f'''
"""A table more, as a later version may bring."""

import sqlalchemy as sa
from alembic import op

revision = "{SCHEMA_VERSION + 1:04}"
down_revision = "{SCHEMA_VERSION:04}"


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.String(32), primary_key=True))
'''


class Machine(PromptGuardProcess):
    """A proxy, and the version of PromptGuard that it runs."""

    code: Path | None = None

    @property
    def additional_environment(self) -> Mapping[str, str]:
        names = {"PROMPTGUARD_SIGNING_PASSPHRASE": PASSPHRASE}
        return {**names, "PYTHONPATH": str(self.code)} if self.code else names


class Client:
    """Somebody who asks again and again, on connections of their own, and keeps what became of it."""

    def __init__(self, number: int, port: int, authority: Path, placeholder: str) -> None:
        self.address = email(number)
        self._texts = [f"Write to {self.address}", f"Once more to {placeholder}"]
        self._port, self._authority = port, authority
        self.answered = 0
        self.failed: list[tuple[float, str]] = []
        """When each request that failed was begun, and why."""
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        while not self._ending.is_set():
            text, began = self._texts[self.answered % 2], time.time()
            try:
                answer = exchange(self._port, self._authority, asking(text))
            except (OSError, ValueError, EOFError) as error:
                self.failed.append((began, type(error).__name__))
                continue
            if answer.status == 200 and self.address in answer.text:
                self.answered += 1
            else:
                self.failed.append((began, f"{answer.status} {answer.text[:200]}"))

    def end(self) -> None:
        self._ending.set()
        self._thread.join()


def asking(text: str) -> bytes:
    return request_bytes(json.dumps({"messages": [{"role": "user", "content": text}]}).encode())


def later_version(folder: Path) -> Path:
    """The code of a later version: this one, and a change of the database's form."""
    source = Path(promptguard.__file__).parent
    copy = folder / "promptguard"
    shutil.copytree(source, copy, copy_function=os.symlink, ignore=shutil.ignore_patterns("__pycache__"))
    schema = copy / "storage" / "schema.py"
    text = schema.read_text().replace(
        f"SCHEMA_VERSION = {SCHEMA_VERSION}\n", f"SCHEMA_VERSION = {SCHEMA_VERSION + 1}\n"
    )
    schema.unlink()
    schema.write_text(text)
    number = f"{SCHEMA_VERSION + 1:04}"
    (copy / "storage" / "migrations" / "versions" / f"r{number}_later.py").write_text(NEXT_MIGRATION)
    return folder


@pytest.fixture
def health() -> list[int]:
    return [free_port() for _ in range(MACHINES)]


@pytest.fixture
def machines(
    provider: Any, postgresql_server: PostgreSQLServer, tmp_path: Path, health: list[int]
) -> Iterator[list[Machine]]:
    """With one master key, one CA and one database; who may publish is Ann."""
    done = run_promptguard(["configuration", "keygen", "--out", str(tmp_path / "ann.pem"), "--passphrase", PASSPHRASE])
    assert done.returncode == 0, done.stderr
    database = postgresql_server.empty()
    found: list[Machine] = []
    for number in range(MACHINES):
        folder = tmp_path / f"machine{number}"
        shutil.copytree(CONFIG, folder / "config")
        shutil.copy(tmp_path / "ann.pub.pem", folder / "config")
        settings = {
            "names": {"enabled": False},
            "database": database,
            "proxy": {"load_balancers": ["127.0.0.1"], "drain_s": 30},
            "monitoring": {"listen": f"127.0.0.1:{health[number]}"},
            "configuration": {"signed_by": "ann.pub.pem"},
        }
        (folder / "config" / "promptguard.yaml").write_text(yaml.safe_dump(settings))
        if found:
            for name in ("keys", "ca"):
                (folder / "data" / name).mkdir(mode=0o700, parents=True)
            shutil.copy(found[0].data / "keys" / "master.key", folder / "data" / "keys")
            shutil.copytree(found[0].data / "ca", folder / "data" / "ca", dirs_exist_ok=True)
        machine = Machine(
            config=folder / "config",
            data=folder / "data",
            connect_to={"*": provider.address},
            upstream_authority=provider.certificates.authority,
        )
        found.append(machine)
        machine.start()
        machine.wait_until_ready()
    yield found
    for machine in found:
        machine.stop()


@pytest.fixture
def haproxy(machines: list[Machine], health: list[int], tmp_path: Path) -> Iterator[HAProxy]:
    servers = {f"127.0.0.1:{machine.port}": port for machine, port in zip(machines, health, strict=True)}
    with HAProxy(tmp_path, servers) as running:
        wait_until(lambda: len(running.up()) == MACHINES, "all are ready")
        yield running


@pytest.fixture
def clients(machines: list[Machine], haproxy: HAProxy, watch: Watch) -> Iterator[list[Client]]:
    placeholders = []
    for number in range(CLIENTS):  # before any of them begins, whose requests would come between
        assert exchange(haproxy.port, machines[0].authority, asking(f"Write to {email(number)}")).status == 200
        placeholders += EMAIL_PLACEHOLDER.findall(watch.requests[-1].body.decode())
    authority = machines[0].authority
    found = [Client(number, haproxy.port, authority, each) for number, each in enumerate(placeholders)]
    yield found
    for client in found:
        client.end()


def failures(clients: list[Client]) -> list[tuple[float, str]]:
    """What went wrong since the last call."""
    found = [failure for client in clients for failure in client.failed]
    for client in clients:
        client.failed.clear()
    return found


def go_on(clients: list[Client], requests: int = 5) -> None:
    """Let each client have so many more answers."""
    seen = [client.answered for client in clients]
    try:
        wait_until(
            lambda: all(client.answered >= count + requests for client, count in zip(clients, seen, strict=True)),
            "all are answered",
            60,
        )
    except TimeoutError:
        pytest.fail(f"not all were answered: {failures(clients)[:5]}")


def command(machine: Machine, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_promptguard([*arguments, "--config", str(machine.config), "--data", str(machine.data)], seconds=120)


def publish(machine: Machine, key: Path, what: str, *arguments: str) -> str:
    signing = ("--key", str(key), "--passphrase", PASSPHRASE, "--reason", "tried out")
    done = command(machine, "configuration", what, *signing, *arguments)
    assert " is published." in done.stdout, done.stdout + done.stderr
    return done.stdout


def runs(machine: Machine, policy: str) -> bool:
    """Whether a policy is in force."""
    return machine.state is not None and machine.state.policy_version == policy


def ended(machine: Machine) -> bool:
    return not machine.running


def restart(machine: Machine, haproxy: HAProxy) -> None:
    machine.start()
    machine.wait_until_ready()
    wait_until(lambda: len(haproxy.up()) == MACHINES, "all are ready again", 60)


def test_nobody_is_lost(
    machines: list[Machine],
    haproxy: HAProxy,
    clients: list[Client],
    postgresql_server: PostgreSQLServer,
    watch: Watch,
    tmp_path: Path,
) -> None:
    told: dict[str, list[Any]] = {}
    go_on(clients)
    assert not failures(clients)
    later = later_version(tmp_path / "later")
    policy = Path(shutil.copytree(CONFIG, tmp_path / "changed")) / "policy.yaml"
    for round in range(ROUNDS):
        # A machine dies: what was in flight on it is lost, and nothing that was begun when it was gone.
        victim = machines[round % MACHINES]
        os.killpg(victim.pid, signal.SIGKILL)
        wait_until(partial(ended, victim), "it is gone")
        gone = time.time()
        go_on(clients)
        lost = failures(clients)
        assert all(began <= gone for began, _ in lost), lost
        told.setdefault("lost with a killed machine", []).append(len(lost))
        restart(victim, haproxy)
        go_on(clients)

        # The database crashes and comes back.
        postgresql_server.stop("immediate")
        go_on(clients)
        postgresql_server.start()
        go_on(clients)
        assert not failures(clients)

        # Another configuration, and back.
        policy.write_text(re.sub(r'version: ".*?"', f'version: "changed {round}"', policy.read_text(), count=1))
        began = time.monotonic()
        publish(machines[0], tmp_path / "ann.pem", "publish", "--from", str(policy.parent))
        told.setdefault("seconds to publish, its check included", []).append(f"{time.monotonic() - began:.1f}")
        go_on(clients)
        for machine in machines:
            wait_until(partial(runs, machine, f"changed {round}"), "it is in force")
        if round:
            publish(machines[-1], tmp_path / "ann.pem", "rollback")
            for machine in machines:
                wait_until(partial(runs, machine, f"changed {round - 1}"), "the one before is in force")
            go_on(clients)
        assert not failures(clients)

    # A later version, one machine after the other, while the others go on with the form of the database that it made.
    for machine in machines:
        assert command(machine, "drain", "--no-wait").returncode == 0
        wait_until(partial(ended, machine), "it has ended", 60)
        assert machine.stop() == 0
        machine.code = later
        restart(machine, haproxy)
        go_on(clients)
        assert not failures(clients)
    for client in clients:
        client.end()
    for machine in machines:
        machine.stop()
    # This version refuses what the later one has written; that is taken back, so that it can look.
    restored = f"UPDATE alembic_version SET version_num = '{SCHEMA_VERSION:04}'"  # noqa: S608 - a number of our own
    postgresql_server.execute("DROP TABLE later", restored)
    with open_record(machines[0].config, machines[0].data) as reader:
        report = reader.verify()
        events = [event["id"] for event in reader.tail(1_000_000)]
    assert report.ok, report.sentence
    assert len(events) == len(set(events)) >= len(watch.requests), "nothing was sent without a record"
    raw = [client.address.encode() for client in clients]
    assert not any(value in request.body for request in watch.requests for value in raw)
    answered = sum(client.answered for client in clients)
    print(f"\n{MACHINES} machines, {ROUNDS} rounds: {answered} answered, {len(events)} recorded, {told}")
