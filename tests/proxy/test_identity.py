from __future__ import annotations

import pytest
from mitmproxy.test import tflow

from promptguard.authentication.htpasswd_users import HtpasswdUsers
from promptguard.authentication.interface import SignedIn
from promptguard.proxy.identity import identify, note_signed_in


class Directory:
    def user_at(self, address: str) -> str | None:
        return {"192.0.2.10": "build-server"}.get(address)

    def groups_of(self, user: str) -> frozenset[str]:
        return {"ada": frozenset({"support"}), "build-server": frozenset({"service"})}.get(user, frozenset())

    def language_of(self, user: str, groups: frozenset[str], device: str, address: str) -> str:
        return ":".join((user, *sorted(groups), device, address))


@pytest.mark.parametrize(
    ("address", "credentials", "expected"),
    [
        ("192.0.2.99", ("ada", "x"), ("ada", "proxy_credentials", {"support"})),
        ("192.0.2.10", ("ada", "x"), ("ada", "proxy_credentials", {"support"})),
        ("192.0.2.10", None, ("build-server", "address", {"service"})),
        ("192.0.2.99", None, ("unknown", "unknown", set())),
    ],
)
def test_credentials_come_before_addresses(
    address: str, credentials: tuple[str, str] | None, expected: tuple[str, str, set[str]]
) -> None:
    flow = tflow.tflow()
    flow.client_conn.peername = (address, 50000)
    if credentials:
        flow.metadata["proxyauth"] = credentials
    who = identify(flow, Directory(), lambda name: f"p_{name}")
    assert (who.user, who.source, who.groups) == expected


@pytest.mark.parametrize(
    ("device", "expected"),
    [("", "ada:engineering:support::192.0.2.9"), ("dev-1", "ada:engineering:support:dev-1:192.0.2.9")],
)
def test_a_language_may_be_set_for_the_person_their_groups_the_device_and_the_address(
    device: str, expected: str
) -> None:
    flow = tflow.tflow()
    flow.client_conn.peername = ("192.0.2.9", 50000)
    who = SignedIn("ada", "device", HtpasswdUsers(dict), frozenset({"engineering"}), device=device)
    note_signed_in(flow, who)
    assert identify(flow, Directory(), str).language == expected


def test_unknown_people_at_different_addresses_have_different_pseudonyms() -> None:
    flows = [tflow.tflow(), tflow.tflow()]
    for flow, address in zip(flows, ("192.0.2.1", "192.0.2.2"), strict=True):
        flow.client_conn.peername = (address, 50000)
    one, two = (identify(flow, Directory(), lambda name: f"p_{name}") for flow in flows)
    assert one.user == two.user == "unknown"
    assert one.pseudonym != two.pseudonym


def test_groups_of_a_sign_in_are_added_to_those_of_the_file() -> None:
    flow = tflow.tflow()
    users = HtpasswdUsers(dict)
    note_signed_in(flow, SignedIn("ada", "proxy_credentials", users, frozenset({"engineering"})))
    who = identify(flow, Directory(), lambda name: f"p_{name}")
    assert (who.user, who.source, who.groups) == ("ada", "proxy_credentials", {"support", "engineering"})
