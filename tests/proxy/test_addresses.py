import pytest

from promptguard.proxy.addresses import forbidden_name, forbidden_peer, forbidden_target, parse_connect_to, redirected
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
        (("192.0.2.7", 443), None),
        (("10.0.0.5", 443), None),
        (("2001:db8::1", 443), None),
    ],
)
async def test_never_relays_to_its_own_machine(address: tuple[str, int], why: Code | None) -> None:
    problem = await forbidden_target(address, [("192.0.2.7", 8080)])
    assert problem == (Reason(why) if why else None)


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
