"""The ground taken away under a running proxy: nothing leaves that is not inspected and recorded."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from harness.attack import Attack
from harness.requests import chat, request
from harness.upstream import Upstream

from promptguard.demo.proxy_process import PromptGuardProcess, ProxyFailed, run_promptguard
from promptguard.runtime.data_folder import DataFolder

type StartProxy = Callable[..., PromptGuardProcess]


@pytest.fixture
def own(start_proxy: StartProxy, upstream: Upstream) -> Iterator[Callable[..., Attack]]:
    """Attacks on a proxy of their own."""
    running: list[PromptGuardProcess] = []

    def start(**options: object) -> Attack:
        proxy = start_proxy(**options)
        running.append(proxy)
        return Attack(proxy, upstream)

    yield start
    for proxy in running:
        proxy.stop()


def clean_is_served(attack: Attack) -> bool:
    try:
        return attack.client.exchange(request(chat("hello")), seconds=15.0).status == 200
    except OSError:
        return False


def blocked(attack: Attack, kind: str = "key") -> None:
    """A value of this kind does not arrive, whatever is answered."""
    with contextlib.suppress(OSError):
        attack.client.exchange(request(chat(f"aws_access_key_id = {attack.plant(kind)}")), seconds=15.0)
    attack.nothing_arrived()


def verified(attack: Attack) -> bool:
    """What `audit verify` says of the record."""
    arguments = ["audit", "verify", "--config", str(attack.proxy.config), "--data", str(attack.proxy.data)]
    return run_promptguard(arguments).returncode == 0


def database(attack: Attack) -> Path:
    return attack.proxy.data / "promptguard.db"


# --- Record, keys, database -------------------------------------------------------------------------------------------


def unlinked(attack: Attack) -> None:
    for file in attack.proxy.data.glob("promptguard.db*"):
        file.unlink()


def replaced(attack: Attack) -> None:
    unlinked(attack)
    sqlite3.connect(database(attack)).close()


def keys_removed(attack: Attack) -> None:
    shutil.rmtree(DataFolder(attack.proxy.data).keys)


def folder_removed(attack: Attack) -> None:
    shutil.rmtree(attack.proxy.data)


def folder_renamed(attack: Attack) -> None:
    attack.proxy.data.rename(attack.proxy.data.with_name("renamed"))


def table_dropped(attack: Attack) -> None:
    with contextlib.closing(sqlite3.connect(database(attack), timeout=10)) as connection:
        tables = [row[0] for row in connection.execute("select name from sqlite_master where type='table'")]
        for table in tables:
            connection.execute(f'drop table "{table}"')
        connection.commit()


GROUND: dict[str, Callable[[Attack], None]] = {
    "database unlinked": unlinked,
    "database replaced by an empty one": replaced,
    "tables dropped": table_dropped,
    "keys removed": keys_removed,
    "data folder removed": folder_removed,
    "data folder renamed": folder_renamed,
}


@pytest.mark.parametrize("name", GROUND)
def test_ground_taken_away(name: str, own: Callable[..., Attack]) -> None:
    """What cannot be recorded is not forwarded, also when there is nothing in it to find."""
    attack = own()
    assert clean_is_served(attack)
    authority = attack.proxy.authority.read_bytes()
    copy = attack.proxy.config.with_name("authority.pem")
    copy.write_bytes(authority)
    GROUND[name](attack)
    trusting = Attack(attack.proxy, attack.upstream)
    client = type(attack.client)(attack.proxy.port, copy)
    attack.upstream.forget()
    for _ in range(3):
        with contextlib.suppress(OSError):
            client.exchange(request(chat("hello")), seconds=15.0)
        with contextlib.suppress(OSError):
            client.exchange(request(chat(f"write to {trusting.plant('mail')}")), seconds=15.0)
        time.sleep(0.3)
    trusting.nothing_arrived()
    assert not attack.upstream.requests, f"forwarded without a record: {attack.upstream.requests[0].whole[:300]!r}"


def test_database_locked(own: Callable[..., Attack]) -> None:
    attack = own(settings={"deadlines": {"record_s": 2}, "audit": {"durability": "always"}})
    assert clean_is_served(attack)
    connection = sqlite3.connect(database(attack), timeout=10)
    connection.execute("begin exclusive")
    attack.upstream.forget()
    for _ in range(3):
        blocked(attack)
        with contextlib.suppress(OSError):
            attack.client.exchange(request(chat(f"write to {attack.plant('mail')}")), seconds=15.0)
    assert not attack.upstream.requests
    connection.rollback()
    connection.close()
    deadline = time.monotonic() + 20
    while not clean_is_served(attack):
        assert time.monotonic() < deadline, "it does not serve again"
        time.sleep(0.5)
    assert verified(attack)


def test_head_removed_is_a_finding_for_ever(own: Callable[..., Attack]) -> None:
    attack = own()
    assert clean_is_served(attack)
    keys = DataFolder(attack.proxy.data).keys
    heads = [file for file in keys.iterdir() if "head" in file.name]
    assert heads, sorted(file.name for file in keys.iterdir())
    attack.proxy.stop()
    for head in heads:
        head.unlink()
    assert not verified(attack)
    with contextlib.suppress(ProxyFailed):
        again = own(data=attack.proxy.data)
        clean_is_served(again)
        again.proxy.stop()
    assert not verified(attack)


def test_master_key_removed(own: Callable[..., Attack]) -> None:
    attack = own()
    assert clean_is_served(attack)
    attack.proxy.stop()
    for file in DataFolder(attack.proxy.data).keys.glob("*master*"):
        file.unlink()
    with pytest.raises(ProxyFailed):
        own(data=attack.proxy.data)


# --- Processes --------------------------------------------------------------------------------------------------------


def children(attack: Attack) -> list[psutil.Process]:
    return psutil.Process(attack.proxy.pid).children(recursive=True)


def test_names_workers_killed(own: Callable[..., Attack]) -> None:
    """With names switched on: a text whose names could not be looked for does not pass as clean."""
    attack = own(settings={"names": {"enabled": True, "deadline_s": 4}, "deadlines": {"scan_s": 6}})
    stopped = children(attack)
    assert stopped
    for worker in stopped:
        os.kill(worker.pid, signal.SIGSTOP)
    attack.upstream.forget()
    text = "Please tell Heinrich Oberhauser from Wuppertal that the contract is ready."
    with contextlib.suppress(OSError):
        attack.client.exchange(request(chat(text)), seconds=25.0)
    for worker in stopped:
        with contextlib.suppress(psutil.Error):
            worker.kill()
    assert b"Oberhauser" not in attack.upstream.everything()
    blocked(attack)


def test_disk_full(own: Callable[..., Attack]) -> None:
    """No file may grow any more: what cannot be recorded is not forwarded."""
    attack = own(settings={"audit": {"durability": "always"}})
    assert clean_is_served(attack)
    process = psutil.Process(attack.proxy.pid)
    process.rlimit(psutil.RLIMIT_FSIZE, (4096, 4096))
    attack.upstream.forget()
    for _ in range(4):
        with contextlib.suppress(OSError):
            attack.client.exchange(request(chat(f"write to {attack.plant('mail')}")), seconds=15.0)
        blocked(attack)
    assert not attack.upstream.requests, "forwarded without a record"


@pytest.mark.timeout(180)
def test_killed_under_load_and_started_again(own: Callable[..., Attack]) -> None:
    """Whatever was forwarded is in a record that `verify` accepts."""
    attack = own()
    data, forwarded = attack.proxy.data, 0
    for _ in range(3):
        stop = threading.Event()

        def load(attack: Attack = attack, stop: threading.Event = stop) -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    attack.client.exchange(request(chat("hello")), seconds=5.0)

        threads = [threading.Thread(target=load) for _ in range(6)]
        for thread in threads:
            thread.start()
        time.sleep(1.0)
        os.killpg(attack.proxy.pid, signal.SIGKILL)
        stop.set()
        for thread in threads:
            thread.join(20)
        attack.proxy.stop()
        forwarded = len(attack.upstream.requests)
        assert verified(attack)
        attack = own(data=data)
    assert forwarded > 3
    arguments = ["audit", "export", "--format", "jsonl", "--config", str(attack.proxy.config), "--data", str(data)]
    exported = run_promptguard(arguments)
    assert exported.stdout.count('"destination"') >= forwarded, exported.stderr
    blocked(attack)


def test_two_processes_on_one_folder(own: Callable[..., Attack]) -> None:
    """What one replaced, the other puts back; both record, and the record holds."""
    first = own()
    second = own(data=first.proxy.data)
    value = first.plant("mail")
    first.client.exchange(request(chat(f"write to {value}")))
    first.nothing_arrived()
    placeholder = json.loads(first.upstream.requests[0].body)["messages"][0]["content"].removeprefix("write to ")
    body = json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": f"ask {placeholder}"}}]})
    answer = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    first.upstream.answer = lambda heard: answer.encode()
    authority = first.proxy.authority
    client = type(first.client)(second.proxy.port, authority)
    assert value in client.exchange(request(chat("who?"))).text
    blocked(second)
    assert verified(first)


def test_no_value_in_any_file_of_ours(attack: Attack) -> None:
    """Neither in the database, nor in what is printed, nor in a file beside."""
    for kind in ("key", "mail", "card", "iban", "token"):
        attack.client.exchange(request(chat(f"look at {attack.plant(kind)}")))
    malformed = attack.plant("key")
    attack.client.exchange(f"BAD{malformed} /{malformed} HTTP/9.9\r\n\r\n".encode(), seconds=2.0)
    attack.client.exchange(request(chat("hello"), headers={"x-a": malformed}))
    for file in attack.proxy.data.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for value in attack.values:
                assert value.encode() not in content, file.name


def test_no_core_and_no_reading_by_others(attack: Attack) -> None:
    process = psutil.Process(attack.proxy.pid)
    assert process.rlimit(psutil.RLIMIT_CORE)[0] == 0
