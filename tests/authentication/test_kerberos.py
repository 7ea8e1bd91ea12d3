"""Tickets of a real realm, read by a real library."""

from __future__ import annotations

from pathlib import Path

import pytest
from kdc_server import REALM, KeyDistributionCenter

from promptguard.authentication.accounts import Account
from promptguard.authentication.directory_users import DirectoryUsers
from promptguard.authentication.interface import WRONG, SignedIn, Unanswered
from promptguard.configuration.kerberos_settings import KerberosSettings

gssapi = pytest.importorskip("gssapi", reason="gssapi is not installed: uv sync --inexact --extra kerberos")

from promptguard.authentication.kerberos import KerberosUsers  # noqa: E402 - once it is there


@pytest.fixture
def realm(kdc: KeyDistributionCenter, monkeypatch: pytest.MonkeyPatch) -> KeyDistributionCenter:
    for name, value in kdc.environment.items():
        monkeypatch.setenv(name, value)
    return kdc


def token(realm: KeyDistributionCenter, user: str) -> bytes:
    """What a browser of somebody sends."""
    tickets = gssapi.Credentials(usage="initiate", store={"ccache": realm.signed_in(user)["KRB5CCNAME"]})
    name = gssapi.Name("HTTP@localhost", gssapi.NameType.hostbased_service)
    spnego = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
    return gssapi.SecurityContext(name=name, creds=tickets, usage="initiate", mech=spnego).step()


def users(realm: KeyDistributionCenter, directory: DirectoryUsers | None = None, **changed: object) -> KerberosUsers:
    given = {"keytab": realm.keytab, "realms": (REALM,)} | changed
    return KerberosUsers(KerberosSettings(**given), directory)


async def test_whose_ticket_it_is(realm: KeyDistributionCenter) -> None:
    asked = users(realm, principal="HTTP/localhost")
    found = await asked.accepted(token(realm, "anna"))
    assert isinstance(found, SignedIn)
    assert (found.user, found.source, found.groups) == ("anna", "kerberos", frozenset())
    assert await asked.renewed(found) == found
    assert not asked.knows("anna") and await asked.sign_in("anna", "x") is WRONG
    assert await asked.renewed(SignedIn("anna", "kerberos", asked, proof=0.0)) is WRONG


async def test_a_ticket_counts_once(realm: KeyDistributionCenter) -> None:
    once = token(realm, "anna")
    assert isinstance(await users(realm).accepted(once), SignedIn)
    assert await users(realm).accepted(once) is WRONG


@pytest.mark.parametrize("what", ["nothing", "noise", "another service's", "another realm's"])
async def test_what_is_refused(realm: KeyDistributionCenter, what: str, caplog: pytest.LogCaptureFixture) -> None:
    asked = users(realm)
    brought = {"nothing": b"", "noise": b"\x60\x06\x06\x04noise"}.get(what) if what in ("nothing", "noise") else None
    if what == "another service's":
        asked = users(realm, keytab=realm.keys("HTTP/other.corp.example", "other.keytab"))
    elif what == "another realm's":
        asked = users(realm, realms=("OTHER.EXAMPLE",))
    assert await asked.accepted(token(realm, "eve") if brought is None else brought) is WRONG
    assert "eve" not in caplog.text and asked.problem == ""


async def test_ntlm_is_told_from_it(realm: KeyDistributionCenter) -> None:
    with pytest.raises(Unanswered, match=r"sign_in\.ntlm"):
        await users(realm).accepted(b"NTLMSSP\x00\x01\x00\x00\x00")


async def test_a_keytab_that_cannot_be_used_is_a_problem(realm: KeyDistributionCenter, tmp_path: Path) -> None:
    file = tmp_path / "empty.keytab"
    file.write_bytes(b"")
    asked = users(realm, keytab=file)
    with pytest.raises(Unanswered, match=r"sign_in\.unanswered"):
        await asked.accepted(token(realm, "anna"))
    assert "empty.keytab" in asked.problem
    file.write_bytes(realm.keytab.read_bytes())
    assert isinstance(await asked.accepted(token(realm, "anna")), SignedIn)
    assert asked.problem == ""


class Table:
    """A directory that knows one user."""

    def signed_in(self, user: str, password: str) -> Account | None:
        raise AssertionError

    def account(self, user: str) -> Account | None:
        return Account("anna", "CN=Anna", frozenset({"engineering"})) if user == "anna" else None


async def test_groups_come_from_a_directory(realm: KeyDistributionCenter) -> None:
    asked = users(realm, DirectoryUsers(Table(), refresh=300, keep=0))
    found = await asked.accepted(token(realm, "anna"))
    assert isinstance(found, SignedIn) and (found.source, found.groups) == ("kerberos", {"engineering"})
    assert await asked.accepted(token(realm, "zoe")) is WRONG
