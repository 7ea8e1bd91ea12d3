import asyncio
import socket

import pytest

from promptguard.proxy import addresses
from promptguard.proxy.addresses import (
    FAILING_SECONDS,
    MAX_FAILING,
    Failing,
    checked_addresses,
    forbidden_name,
    forbidden_peer,
    parse_connect_to,
    redirected,
)
from promptguard.reasons import Code, Reason


def test_connect_to_reads_specs() -> None:
    targets = parse_connect_to(["API.openai.com=127.0.0.1:8443", "*=[::1]:9"])
    assert redirected(targets, "api.openai.com.") == ("127.0.0.1", 8443)
    assert redirected(targets, "claude.ai") == ("::1", 9)
    assert redirected({}, "claude.ai") is None


@pytest.mark.parametrize("spec", ["", "host", "host=", "host=1.2.3.4", "host=1.2.3.4:0", "host=:80", "=1.2.3.4:80"])
def test_connect_to_says_what_would_be_right(spec: str) -> None:
    with pytest.raises(ValueError, match="HOST=ADDRESS:PORT"):
        parse_connect_to([spec])


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (("127.0.0.1", 5432), Code.TARGET_OWN_MACHINE),
        (("127.8.8.8", 80), Code.TARGET_OWN_MACHINE),
        (("localhost", 80), Code.TARGET_OWN_MACHINE),
        (("::1", 80), Code.TARGET_OWN_MACHINE),
        (("::ffff:127.0.0.1", 80), Code.TARGET_OWN_MACHINE),
        (("0.0.0.0", 80), Code.TARGET_OWN_MACHINE),
        (("169.254.169.254", 80), Code.TARGET_LINK_LOCAL),
        (("fe80::1%eth0", 80), Code.TARGET_LINK_LOCAL),
        (("192.0.2.7", 8080), Code.TARGET_ITSELF),
        (("::127.0.0.1", 80), Code.TARGET_OWN_MACHINE),
        (("2002:7f00:1::", 80), Code.TARGET_OWN_MACHINE),
        (("64:ff9b::7f00:1", 80), Code.TARGET_OWN_MACHINE),
        (("64:ff9b:1::a9fe:a9fe", 80), Code.TARGET_LINK_LOCAL),
        (("::ffff:169.254.169.254", 80), Code.TARGET_LINK_LOCAL),
        (("100.100.100.200", 80), Code.TARGET_LINK_LOCAL),
        (("fd00:ec2::254", 80), Code.TARGET_LINK_LOCAL),
        (("224.0.0.251", 80), Code.TARGET_MULTICAST),
        (("255.255.255.255", 80), Code.TARGET_MULTICAST),
        (("ff02::1", 80), Code.TARGET_MULTICAST),
        (("0.1.2.3", 80), Code.TARGET_OWN_MACHINE),
        (("192.0.2.7", 443), None),
        (("10.0.0.5", 443), None),
        (("2001:db8::1", 443), None),
    ],
)
async def test_never_relays_to_its_own_machine(address: tuple[str, int], why: Code | None) -> None:
    found = await checked_addresses(address, [("192.0.2.7", 8080)])
    assert found == (Reason(why) if why else [address[0]])


@pytest.mark.parametrize(
    "host", ["10.0.0.5", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"]
)
async def test_private_addresses_are_for_the_company_to_decide(host: str) -> None:
    assert await checked_addresses((host, 443), []) == [host]
    assert await checked_addresses((host, 443), [], private=False) == Reason(Code.TARGET_PRIVATE)
    assert await checked_addresses(("93.184.216.34", 443), [], private=False) == ["93.184.216.34"]


def own_address() -> str:
    """The address that this machine talks to others from."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


async def test_every_address_of_the_machine_is_its_own() -> None:
    assert await checked_addresses((own_address(), 5432), []) == Reason(Code.TARGET_OWN_MACHINE)
    assert forbidden_name(own_address(), 5432, []) == Reason(Code.TARGET_OWN_MACHINE)


async def resolved(monkeypatch: pytest.MonkeyPatch, *found: str) -> list[str] | Reason:
    async def getaddrinfo(*_: object, **__: object) -> list[object]:
        return [(0, 0, 0, "", (host, 443)) for host in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    return await checked_addresses(("name.example", 443), [])


async def test_all_addresses_of_a_name_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    several = ("198.51.100.1", "198.51.100.2", "198.51.100.1")
    assert await resolved(monkeypatch, *several) == ["198.51.100.1", "198.51.100.2"]
    assert await resolved(monkeypatch, "198.51.100.1", "127.0.0.1") == Reason(Code.TARGET_OWN_MACHINE)


async def test_a_name_that_leads_nowhere() -> None:
    assert await checked_addresses(("no-such-name.invalid", 443), []) == Reason(Code.TARGET_UNRESOLVED)
    assert await checked_addresses(("a" * 300 + "\u00e9", 443), []) == Reason(Code.TARGET_UNRESOLVED)


def test_an_address_that_failed_is_left_out_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(addresses.time, "monotonic", lambda: now)
    failing = Failing()
    assert failing.first_other(["a", "b"]) == "a"
    failing.note("a")
    assert (failing.first_other(["a", "b"]), failing.first_other(["a"])) == ("b", "a")
    now += FAILING_SECONDS
    assert failing.first_other(["a", "b"]) == "a"
    failing.note("a")
    for number in range(MAX_FAILING):
        failing.note(str(number))
    assert failing.first_other(["a", "b"]) == "a"


@pytest.mark.parametrize(
    ("name", "forbidden"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("db.localhost", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("169.254.169.254", True),
        ("0.0.0.0", True),
        ("localhost.example", False),
        ("10.0.0.5", False),
        ("api.openai.com", False),
    ],
)
def test_a_parent_is_not_asked_for_this_machine(name: str, forbidden: bool) -> None:
    assert (forbidden_name(name, 80, []) is not None) is forbidden


@pytest.mark.parametrize(
    ("peer", "own", "forbidden"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("192.0.2.7", "192.0.2.7", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("169.254.169.254", "192.0.2.7", True),
        ("198.51.100.1", "192.0.2.7", False),
        ("2001:db8::1", "2001:db8::2", False),
    ],
)
def test_it_counts_where_a_connection_has_led(peer: str, own: str, forbidden: bool) -> None:
    assert (forbidden_peer((peer, 443), (own, 50000), []) is not None) is forbidden
