from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bcrypt
import pytest

from promptguard.authentication.attempts import FREE
from promptguard.authentication.authenticator import Authenticator
from promptguard.authentication.interface import WRONG, SignedIn, Unanswered
from promptguard.configuration.identity_settings import IdentitySettings
from promptguard.configuration.ldap_settings import LdapSettings
from promptguard.runtime.member import Member
from promptguard.runtime.metrics import Metrics
from promptguard.runtime.sign_in import SignIn


def bundle(identity: IdentitySettings, passwords: dict[str, str]) -> Any:
    return SimpleNamespace(settings=SimpleNamespace(identity=identity), passwords=passwords)


async def test_it_follows_the_configuration() -> None:
    digest = bcrypt.hashpw(b"right", bcrypt.gensalt(4)).decode()
    current = bundle(IdentitySettings(), {})
    sign_in = SignIn(lambda: current, bytes(32))
    assert not sign_in.authenticator.asks
    current = bundle(IdentitySettings(htpasswd=Path("users")), {"ada": digest})
    ada = await sign_in.authenticator.sign_in("192.0.2.1", "ada", "right")
    assert isinstance(ada, SignedIn)
    current = bundle(IdentitySettings(htpasswd=Path("users")), {"ada": digest, "bob": digest})
    assert isinstance(await sign_in.authenticator.sign_in("192.0.2.1", "bob", "right"), SignedIn)
    assert await sign_in.authenticator.renewed(ada) == ada
    current = bundle(IdentitySettings(), {})
    assert not sign_in.authenticator.asks


async def test_failures_are_counted_without_users() -> None:
    current = bundle(IdentitySettings(htpasswd=Path("users")), {})
    sign_in, metrics = SignIn(lambda: current, bytes(32)), Metrics()
    sign_in.count(metrics)
    assert await sign_in.authenticator.sign_in("192.0.2.1", "ada", "x") is WRONG
    told = metrics.exposition().decode()
    assert "promptguard_sign_ins_refused_total 1.0" in told
    assert "ada" not in told and "192.0.2.1" not in told


async def test_several_processes_share_the_wrong_passwords_that_an_address_may_try() -> None:
    current = bundle(IdentitySettings(htpasswd=Path("users")), {})
    free = []
    for number in range(4):
        authenticator = SignIn(lambda: current, bytes(32), Member(number, 4)).authenticator
        answers = [await tried(authenticator, str(password)) for password in range(FREE)]
        free.append(answers.count(WRONG))
    assert sum(free) == FREE and max(free) == 3


async def tried(authenticator: Authenticator, password: str) -> object:
    try:
        return await authenticator.sign_in("192.0.2.1", "ada", password)
    except Unanswered as unanswered:
        return unanswered.reason.code


async def test_a_directory_is_asked_last_and_what_is_wrong_with_it_told(tmp_path: Path) -> None:
    digest = bcrypt.hashpw(b"right", bcrypt.gensalt(4)).decode()
    (tmp_path / "password").write_text("reads\n")
    ldap = LdapSettings(
        urls=("ldaps://127.0.0.1:1",), base="dc=corp", bind_user="reader", bind_password_file=tmp_path / "password"
    )
    current = bundle(IdentitySettings(htpasswd=Path("users"), ldap=ldap), {"ada": digest})
    sign_in = SignIn(lambda: current, bytes(32))
    assert isinstance(await sign_in.authenticator.sign_in("192.0.2.1", "ada", "right"), SignedIn)
    assert sign_in.problems == []
    with pytest.raises(Unanswered):
        await sign_in.authenticator.sign_in("192.0.2.1", "ben", "x")
    assert sign_in.problems[0].startswith("The directory of users cannot be asked. ldaps://127.0.0.1:1: no connection")
    current = bundle(IdentitySettings(htpasswd=Path("users")), {"ada": digest})
    assert sign_in.authenticator.asks and sign_in.problems == []
