"""Against a real slapd. Active Directory, which slapd is not, by what it is asked."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ldap3.core.exceptions import LDAPException
from slapd_server import BASE, PASSWORDS, READER, READER_PASSWORD, SlapdServer, free_port

from promptguard.authentication.accounts import Account, DirectoryAway
from promptguard.authentication.directory import Directory
from promptguard.configuration.ldap_settings import LdapSettings


def ANY(_: str) -> None:
    """Lets any password be tried."""


def settings(slapd: SlapdServer, **changed: Any) -> LdapSettings:
    given = {
        "urls": (slapd.url,),
        "base": BASE,
        "bind_user": READER,
        "bind_password_file": slapd.password_file,
        "user_filter": "(&(objectClass=inetOrgPerson)(uid={user}))",
        "user_attribute": "uid",
        "ca_file": slapd.authority,
        "timeout_s": 20.0,
    }
    return LdapSettings(**given | changed)


def directory(slapd: SlapdServer, **changed: Any) -> Directory:
    return Directory(settings(slapd, **changed))


@pytest.mark.parametrize(
    ("given", "password", "user", "groups"),
    [
        ("anna", PASSWORDS["anna"], "anna", {"engineering", "all staff", "circle"}),
        ("ANNA", PASSWORDS["anna"], "anna", {"engineering", "all staff", "circle"}),
        ("CORP\\anna", PASSWORDS["anna"], "anna", {"engineering", "all staff", "circle"}),
        ("ben", PASSWORDS["Ben"], "ben", {"support"}),
        ("cleo", PASSWORDS["cleo"], "cleo", set()),
        ("anna", PASSWORDS["Ben"], None, set()),
        ("anna", "", None, set()),
        ("nobody", "x", None, set()),
        ("*", PASSWORDS["cleo"], None, set()),
        ("cleo)(uid=*", PASSWORDS["cleo"], None, set()),
        ("", "x", None, set()),
    ],
)
def test_who_signs_in(slapd: SlapdServer, given: str, password: str, user: str | None, groups: set[str]) -> None:
    found = directory(slapd).signed_in(given, password, ANY)
    assert (found and (found.user, found.groups)) == (user and (user, groups))


@pytest.mark.parametrize(
    ("given", "told"),
    [("anna", f"uid=anna,ou=people,{BASE}"), ("CORP\\ANNA", f"uid=anna,ou=people,{BASE}"), ("Nobody", "nobody")],
)
def test_whose_password_it_is_to_be_is_told_before_it_is_tried(slapd: SlapdServer, given: str, told: str) -> None:
    class Held(Exception):
        pass

    def refuse(account: str) -> None:
        assert account == told
        raise Held

    with pytest.raises(Held):
        directory(slapd).signed_in(given, "wrong", refuse)


@pytest.mark.parametrize("nested", [True, False])
def test_accounts_and_their_groups(slapd: SlapdServer, nested: bool) -> None:
    found = directory(slapd, nested=nested).account("anna")
    groups = {"engineering", "all staff", "circle"} if nested else {"engineering"}
    assert found == Account("anna", f"uid=anna,ou=people,{BASE}", frozenset(groups))
    assert directory(slapd, nested=nested).account("nobody") is None


def test_start_tls(slapd: SlapdServer) -> None:
    assert directory(slapd, urls=(slapd.plain_url,)).signed_in("anna", PASSWORDS["anna"], ANY)


def test_the_next_server_is_asked(slapd: SlapdServer) -> None:
    asked = directory(slapd, urls=(f"ldaps://localhost:{free_port()}", slapd.url))
    assert asked.account("anna") and asked.account("ben")


def test_the_next_server_is_asked_where_one_fails_halfway(slapd: SlapdServer) -> None:
    """It lets the reader in, and cannot be searched."""
    asked = directory(slapd, urls=(slapd.plain_url, slapd.url))
    search, failed = asked._search, []

    def out_of_order(connection: Any, *rest: Any) -> list[Any]:
        if not connection.server.ssl:
            failed.append(connection)
            raise LDAPException("the search failed: busy")
        return search(connection, *rest)

    asked._search = out_of_order  # type: ignore[method-assign]
    assert asked.signed_in("anna", PASSWORDS["anna"], ANY)
    assert asked.account("ben")
    assert len(failed) == 1  # and is asked last from then on


@pytest.mark.parametrize(
    ("changed", "password", "told"),
    [
        ({}, "wrong", f"does not let {READER} in: the password is wrong"),
        ({"ca_file": None}, READER_PASSWORD, "its certificate is not trusted"),
        ({"urls": "127.0.0.1"}, READER_PASSWORD, "its certificate is not trusted, or is another host's"),
        ({"urls": "nobody"}, READER_PASSWORD, "no connection"),
    ],
)
def test_why_nobody_can_be_asked(
    slapd: SlapdServer, tmp_path: Path, changed: dict[str, Any], password: str, told: str
) -> None:
    file = tmp_path / "password"
    file.write_text(password)
    if changed.get("urls") == "127.0.0.1":
        changed = {"urls": (slapd.url.replace("localhost", "127.0.0.1"),)}
    elif changed.get("urls"):
        changed = {"urls": (f"ldaps://localhost:{free_port()}",)}
    with pytest.raises(DirectoryAway, match=told) as raised:
        directory(slapd, bind_password_file=file, **changed).signed_in("anna", PASSWORDS["anna"], ANY)
    assert password not in str(raised.value).replace("the password is wrong", "")


def test_the_password_for_looking_up_may_change(slapd: SlapdServer, tmp_path: Path) -> None:
    file = tmp_path / "password"
    asked = directory(slapd, bind_password_file=file)
    with pytest.raises(DirectoryAway, match="password cannot be read: No such file"):
        asked.account("anna")
    file.write_text("of last year\n")
    with pytest.raises(DirectoryAway, match="the password is wrong"):
        asked.account("anna")
    file.write_text(f"{READER_PASSWORD}\n")
    assert asked.account("anna")


def test_active_directory_follows_groups_itself(slapd: SlapdServer) -> None:
    searches: list[str] = []

    def search(base: str, filter: str, **_: Any) -> None:
        searches.append(filter)
        connection.response = [{"type": "searchResEntry", "dn": "CN=X", "attributes": {"cn": ["X"]}}]

    information = SimpleNamespace(supported_features=[("1.2.840.113556.1.4.800", "", "", "")])
    connection: Any = SimpleNamespace(
        server=SimpleNamespace(info=information), search=search, result={"result": 0}, response=[]
    )
    groups = directory(slapd)._groups(connection, {"dn": "CN=Anna (IT),DC=corp", "attributes": {}})
    assert groups == {"X"}
    assert searches == [r"(member:1.2.840.113556.1.4.1941:=CN=Anna \28IT\29,DC=corp)"]


@pytest.mark.parametrize(
    ("changed", "shows"),
    [
        ({}, True),
        ({"user_filter": LdapSettings(urls=("ldaps://localhost",), base=BASE).user_filter}, False),
        ({"base": f"ou=groups,{BASE}"}, False),
        ({"base": "dc=elsewhere,dc=example"}, False),
    ],
)
def test_whether_it_shows_any_user(slapd: SlapdServer, changed: dict[str, str], shows: bool) -> None:
    assert directory(slapd, **changed).server_with_users() == (slapd.url, shows)
