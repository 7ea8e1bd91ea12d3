"""Proxies behind a real HAProxy on a real PostgreSQL, under load: what is done to them, and what goes wrong.

Two proxies, and each thing once. `make fleet-demo` takes four, and does it all several times. Each machine has a
network namespace of its own where those can be made.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.deadline import wait_until
from support.expected import EMAIL_PLACEHOLDER
from support.fleet import PASSPHRASE, TAKEN_BACK, Client, Machine, asking, later_version, published
from support.haproxy import EXECUTABLE, HAProxy
from support.network import Loopback, Namespaces, network
from support.proxies import CONFIG
from support.values import email
from support.watch import Watch
from support.wire import exchange
from tests.storage.postgresql_server import PostgreSQLServer

from promptguard.demo.provider import Provider
from promptguard.demo.proxy_process import free_port, run_promptguard
from promptguard.runtime.record import open_record

MACHINES = int(os.environ.get("PROMPTGUARD_FLEET_MACHINES", "2"))
ROUNDS = int(os.environ.get("PROMPTGUARD_FLEET_ROUNDS", "1"))
CLIENTS = 4

pytestmark = [
    pytest.mark.skipif(EXECUTABLE is None, reason="needs HAProxy (Debian: haproxy)"),
    pytest.mark.timeout(600 + 600 * ROUNDS * MACHINES),
]


type Network = Loopback | Namespaces


@pytest.fixture
def net() -> Iterator[Network]:
    """In it are the clients and the service too, as what this process does itself."""
    with network() as made:
        yield made


@pytest.fixture
def provider(net: Network) -> Iterator[Provider]:
    """The service, where the machines reach it."""
    with Provider(listen=net.place("here").address) as running:
        yield running


@pytest.fixture
def database(net: Network) -> Iterator[PostgreSQLServer]:
    place = net.place("database")
    server = PostgreSQLServer(place.address, place.inside) if place.inside else PostgreSQLServer()
    yield server
    server.remove()


@pytest.fixture
def machines(net: Network, provider: Provider, database: PostgreSQLServer, tmp_path: Path) -> Iterator[list[Machine]]:
    """With one master key, one CA and one database; who may publish is Ann."""
    done = run_promptguard(["configuration", "keygen", "--out", str(tmp_path / "ann.pem"), "--passphrase", PASSPHRASE])
    assert done.returncode == 0, done.stderr
    url = database.empty()
    found: list[Machine] = []
    for number in range(MACHINES):
        place = net.place(f"machine{number}")
        folder, health = tmp_path / f"machine{number}", free_port()
        shutil.copytree(CONFIG, folder / "config")
        shutil.copy(tmp_path / "ann.pub.pem", folder / "config")
        settings = {
            "names": {"enabled": False},
            "database": url,
            "identity": {"allow_unknown_clients": True},
            "proxy": {"load_balancers": [net.place("balancer").address], "drain_s": 30},
            "monitoring": {"listen": f"{place.address}:{health}"},
            "configuration": {"signed_by": "ann.pub.pem"},
        }
        (folder / "config" / "promptguard.yaml").write_text(yaml.safe_dump(settings))
        if found:
            for name in ("keys", "ca"):
                (folder / "data" / name).mkdir(mode=0o700, parents=True)
            shutil.copy(found[0].data / "keys" / "master.key", folder / "data" / "keys")
            shutil.copytree(found[0].data / "ca", folder / "data" / "ca", dirs_exist_ok=True)
        machine = Machine(
            place,
            health=health,
            config=folder / "config",
            data=folder / "data",
            connect_to={"*": provider.address},
            upstream_authority=provider.certificates.authority,
        )
        machine.start()
        if not found:
            machine.wait_until_ready()  # with the key and the CA that the others are given
        found.append(machine)
    for machine in found:
        machine.wait_until_ready()
    yield found
    for machine in found:
        machine.stop()


@pytest.fixture
def haproxy(net: Network, machines: list[Machine]) -> Iterator[HAProxy]:
    servers = {f"{machine.address}:{machine.port}": machine.health for machine in machines}
    place = net.place("balancer")
    with HAProxy(servers, address=place.address, inside=place.inside, balance="random") as running:
        wait_until(lambda: len(running.up()) == MACHINES, "all are ready")
        yield running


@pytest.fixture
def clients(machines: list[Machine], haproxy: HAProxy, watch: Watch) -> Iterator[list[Client]]:
    authority, proxy = machines[0].authority, (haproxy.address, haproxy.port)
    placeholders = []
    for number in range(CLIENTS):  # before any of them begins, whose requests would come between
        answer = exchange(haproxy.port, authority, asking(f"Write to {email(number)}"), proxy=haproxy.address)
        assert answer.status == 200
        placeholders += EMAIL_PLACEHOLDER.findall(watch.requests[-1].body.decode())
    found = [Client(number, proxy, authority, each) for number, each in enumerate(placeholders)]
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
    net: Network,
    machines: list[Machine],
    haproxy: HAProxy,
    clients: list[Client],
    database: PostgreSQLServer,
    watch: Watch,
    tmp_path: Path,
) -> None:
    told: dict[str, list[Any]] = {}

    def tell(what: str, value: float) -> None:
        told.setdefault(what, []).append(round(value, 1))

    key = tmp_path / "ann.pem"
    go_on(clients)
    assert not failures(clients)
    later = later_version(tmp_path / "later")
    policy = Path(shutil.copytree(CONFIG, tmp_path / "changed")) / "policy.yaml"
    before = ""
    for round_ in range(ROUNDS):
        # A machine dies: what was in flight on it is lost, and nothing that was begun when it was gone.
        victim = machines[round_ % MACHINES]
        victim.place.cut_off()
        os.killpg(victim.pid, signal.SIGKILL)
        wait_until(partial(ended, victim), "it is gone")
        gone = time.time()
        go_on(clients)
        lost = failures(clients)
        assert all(began <= gone for began, _ in lost), lost
        tell("lost with a killed machine", len(lost))
        victim.place.connect()
        restart(victim, haproxy)
        go_on(clients)

        # The database crashes and comes back; the network to it is away, and comes back.
        database.stop("immediate")
        go_on(clients)
        database.start()
        go_on(clients)
        net.place("database").cut_off()
        go_on(clients)
        net.place("database").connect()
        go_on(clients)
        assert not failures(clients)

        # Another configuration, and back.
        policy.write_text(re.sub(r'version: ".*?"', f'version: "changed {round_}"', policy.read_text(), count=1))
        seconds, more = published(machines[0], key, "publish", "--from", str(policy.parent))
        tell("seconds to check and publish", seconds)
        tell("seconds more until in force everywhere", more)
        go_on(clients)
        assert all(runs(machine, f"changed {round_}") for machine in machines)
        if before:
            _, more = published(machines[-1], key, "rollback")
            tell("seconds to go back everywhere", more)
            assert all(runs(machine, before) for machine in machines)
            go_on(clients)
        else:
            before = f"changed {round_}"  # to which each later round goes back
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
    database.execute(*TAKEN_BACK)
    with open_record(machines[0].config, machines[0].data) as reader:
        report = reader.verify()
        events = [event["id"] for event in reader.tail(1_000_000)]
    assert report.ok, report.sentence
    assert len(events) == len(set(events)) >= len(watch.requests), "nothing was sent without a record"
    raw = [client.address.encode() for client in clients]
    assert not any(value in request.body for request in watch.requests for value in raw)
    answered, elsewhere = (sum(getattr(client, name) for client in clients) for name in ("answered", "elsewhere"))
    tell("seconds of the longest answer", max(client.longest for client in clients))
    print(
        f"\n{MACHINES} machines {net.kind}, {ROUNDS} rounds: {answered} answered, {elsewhere} of them with what"
        f" another process had replaced put back; {len(watch.requests)} reached the service, {len(events)} recorded."
        f"\n{told}"
    )
