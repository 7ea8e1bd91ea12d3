from __future__ import annotations

import base64
import hashlib

import bcrypt
import pytest

from promptguard.authentication import htpasswd_users
from promptguard.authentication.htpasswd_users import HtpasswdUsers, Strangers, is_right
from promptguard.authentication.interface import WRONG, SignedIn


def hashed(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()


@pytest.mark.parametrize(
    ("password", "tried", "right"),
    [("sesame", "sesame", True), ("sesame", "Sesame", False), ("ü" * 40, "ü" * 40, True), ("a", "a\0b", False)],
)
def test_hashes(password: str, tried: str, right: bool) -> None:
    digest = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()
    sha = "{SHA}" + base64.b64encode(hashlib.sha1(password.encode(), usedforsecurity=False).digest()).decode()
    assert is_right(tried, digest) is right
    assert is_right(tried, sha) is right


async def test_a_slow_hash_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(
        htpasswd_users, "is_right", lambda tried, digest: calls.append(tried) or is_right(tried, digest)
    )
    users = HtpasswdUsers(lambda: hashes)
    hashes = {"ada": hashed("right")}
    assert users.knows("ada") and not users.knows("bob")
    assert users.remembered("ada", "right") is None
    found = await users.sign_in("ada", "right")
    assert isinstance(found, SignedIn) and (found.user, found.source) == ("ada", "proxy_credentials")
    assert await users.sign_in("ada", "wrong") is WRONG
    assert await users.sign_in("bob", "right") is WRONG
    assert users.remembered("ada", "right") == found
    assert users.remembered("ada", "wrong") is WRONG
    assert calls == ["right", "wrong"]


@pytest.mark.parametrize(("hashes", "checked"), [({}, []), ({"ada": "hash of ada", "bob": "another"}, ["hash of ada"])])
async def test_a_stranger_is_refused_after_as_long_as_others(
    monkeypatch: pytest.MonkeyPatch, hashes: dict[str, str], checked: list[str]
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(htpasswd_users, "is_right", lambda _, digest: calls.append(digest) or True)
    strangers = Strangers(lambda: hashes)
    assert strangers.knows("eve") and strangers.remembered("eve", "guess") is None
    assert await strangers.sign_in("eve", "guess") is WRONG
    assert calls == checked
    assert await strangers.renewed(SignedIn("eve", "proxy_credentials", strangers)) is WRONG


async def test_another_hash_ends_what_rested_on_the_one_before() -> None:
    users = HtpasswdUsers(lambda: hashes)
    hashes = {"ada": hashed("before"), "bob": hashed("same")}
    ada, bob = await users.sign_in("ada", "before"), await users.sign_in("bob", "same")
    assert isinstance(ada, SignedIn) and isinstance(bob, SignedIn)
    hashes = {"ada": hashed("after"), "bob": hashes["bob"]}
    assert users.remembered("ada", "before") is None
    assert await users.sign_in("ada", "before") is WRONG
    assert (await users.renewed(ada), await users.renewed(bob)) == (WRONG, bob)
