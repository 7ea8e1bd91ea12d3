"""Who sent a request: proxy credentials, a map of addresses, and nobody's name in the record."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from pathlib import Path

import bcrypt
import httpx
import pytest
from support.deadline import wait_until
from support.watch import Watch

from promptguard.demo.proxy_process import PromptGuardProcess
from promptguard.runtime.record import open_record

URL = "https://api.openai.com/v1/chat/completions"
USER, PASSWORD = "ada.lovelace", "correct horse"


def ask(proxy: PromptGuardProcess, credentials: str = "") -> httpx.Response:
    address = f"http://{credentials}127.0.0.1:{proxy.port}"
    with httpx.Client(proxy=address, verify=ssl.create_default_context(cafile=str(proxy.authority))) as client:
        return client.post(URL, json={"messages": [{"role": "user", "content": "What is a mutex?"}]})


def records(proxy: PromptGuardProcess) -> list[dict[str, object]]:
    with open_record(proxy.config, proxy.data) as reader:
        return [json.loads(line) for line in reader.export("jsonl", since=None, until=None, actions=())]


@pytest.fixture
def guarded(start_proxy: Callable[..., PromptGuardProcess]) -> PromptGuardProcess:
    """A proxy that asks for credentials."""

    def edit(config: Path) -> None:
        digest = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
        (config / "htpasswd").write_text(f"{USER}:{digest}\n")
        (config / "identities.yaml").write_text(f"users:\n  {USER}: [support]\n")

    return start_proxy({"names": {"enabled": False}, "identity": {"htpasswd": "htpasswd"}}, edit=edit)


def test_proxy_credentials_are_asked_for_checked_and_recorded_as_a_pseudonym(
    guarded: PromptGuardProcess, watch: Watch
) -> None:
    for credentials in ("", f"{USER}:wrong@", "somebody:else@"):
        with pytest.raises(httpx.ProxyError, match="407"):
            ask(guarded, credentials)
    assert watch.requests == []
    credentials = f"{USER}:{PASSWORD.replace(' ', '%20')}@"
    assert ask(guarded, credentials).status_code == 200
    assert "proxy-authorization" not in {name.lower() for name, _ in watch.requests[0].headers}
    (record,) = records(guarded)
    assert (record["identity_source"], record["groups"]) == ("proxy_credentials", ["support"])
    assert str(record["pseudonym"]).startswith("p_")
    assert USER not in json.dumps(record)


def test_without_credentials_people_are_known_by_their_address(
    start_proxy: Callable[..., PromptGuardProcess], watch: Watch
) -> None:
    def edit(config: Path) -> None:
        (config / "identities.yaml").write_text(f'users:\n  {USER}: [support]\naddresses:\n  "127.0.0.0/8": {USER}\n')

    proxy = start_proxy({"names": {"enabled": False}}, edit=edit)
    assert ask(proxy).status_code == 200
    (record,) = records(proxy)
    assert (record["identity_source"], record["groups"]) == ("address", ["support"])


def test_users_of_the_file_change_while_it_runs(start_proxy: Callable[..., PromptGuardProcess]) -> None:
    def line(user: str, password: str) -> str:
        return f"{user}:{bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()}\n"

    def edit(config: Path) -> None:
        (config / "htpasswd").write_text(line("ada", "one"))

    proxy = start_proxy({"names": {"enabled": False}, "identity": {"htpasswd": "htpasswd"}}, edit=edit)
    assert ask(proxy, "ada:one@").status_code == 200
    users = proxy.config / "htpasswd"
    users.write_text(line("ada", "two") + line("ben", "three"))
    wait_until(lambda: _is_let_in(proxy, "ben:three@"), "the file is taken up")
    assert _is_let_in(proxy, "ada:two@") and not _is_let_in(proxy, "ada:one@")
    users.write_text("cleo\n")
    wait_until(lambda: "htpasswd:1: there is no user with a hash" in proxy.output, "the mistake is told")
    assert _is_let_in(proxy, "ada:two@")


def _is_let_in(proxy: PromptGuardProcess, credentials: str) -> bool:
    try:
        return ask(proxy, credentials).status_code == 200
    except httpx.ProxyError:
        return False
