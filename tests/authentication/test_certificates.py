from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from client_certificates import DAY, UserAuthority, upn
from cryptography.x509 import RFC822Name

from promptguard.authentication import certificates
from promptguard.authentication.accounts import Account
from promptguard.authentication.certificates import CertificateUsers, user_of
from promptguard.authentication.directory_users import DirectoryUsers
from promptguard.authentication.interface import WRONG, SignedIn
from promptguard.configuration.certificate_settings import CertificateSettings

AUTHORITY = UserAuthority()


def settings(**given: Any) -> CertificateSettings:
    return CertificateSettings(ca_file=Path("ca.pem"), **given)


@pytest.mark.parametrize(
    ("given", "common_name", "alternatives", "user"),
    [
        ({}, "Anna", [RFC822Name("eve@corp.example")], "anna"),
        ({}, " ", [], None),
        ({"named_by": "email"}, "x", [RFC822Name("Anna@CORP.example")], "anna"),
        ({"named_by": "email"}, "anna", [], None),
        ({"named_by": "email"}, "x", [RFC822Name("anna@evil.example")], None),
        ({"named_by": "email"}, "x", [RFC822Name("anna@corp.example"), RFC822Name("eve@corp.example")], None),
        ({"named_by": "email"}, "x", [RFC822Name("anna@corp.example"), RFC822Name("a@evil.example")], "anna"),
        ({"named_by": "upn"}, "x", [upn("zoë@corp.example")], "zoë"),
        ({"named_by": "upn"}, "x", [RFC822Name("anna@corp.example")], None),
    ],
)
def test_who_is_named(given: dict[str, Any], common_name: str, alternatives: list[Any], user: str | None) -> None:
    domains = {"domains": ("corp.example",)} if given else {}
    certificate, _ = AUTHORITY.issue(common_name, alternatives)
    assert user_of(certificate, settings(**given, **domains)) == user


class Table:
    """A directory that knows one user."""

    def signed_in(self, user: str, password: str) -> Account | None:
        raise AssertionError

    def account(self, user: str) -> Account | None:
        return Account("anna", "CN=Anna", frozenset({"engineering"})) if user == "anna" else None


@pytest.mark.parametrize("directory", [None, DirectoryUsers(Table(), refresh=300, keep=0)])
async def test_it_holds_until_the_certificate_ends(
    monkeypatch: pytest.MonkeyPatch, directory: DirectoryUsers | None
) -> None:
    users = CertificateUsers(settings(), directory)
    found = await users.shown(AUTHORITY.issue("anna")[0])
    assert isinstance(found, SignedIn) and (found.user, found.source) == ("anna", "client_certificate")
    assert await users.renewed(found) == found
    assert await users.shown(AUTHORITY.issue("anna", life=-DAY)[0]) is WRONG
    assert await users.shown(AUTHORITY.issue(" ")[0]) is WRONG
    late = time.time() + DAY.total_seconds() + 1
    monkeypatch.setattr(certificates, "time", SimpleNamespace(time=lambda: late))
    assert await users.renewed(found) is WRONG


async def test_groups_come_from_a_directory() -> None:
    users = CertificateUsers(settings(), DirectoryUsers(Table(), refresh=300, keep=0))
    found = await users.shown(AUTHORITY.issue("anna")[0])
    assert isinstance(found, SignedIn) and found.groups == {"engineering"}
    assert await users.renewed(found) == found
    assert await users.shown(AUTHORITY.issue("zoe")[0]) is WRONG
