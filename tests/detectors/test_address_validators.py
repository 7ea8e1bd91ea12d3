import socket

import pytest

from promptguard.detectors.validators import load_validators


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("anna@firma.de", None),
        ("anna@mail.firma.co.uk", None),
        ("anna@firma.local", None),
        ("anna@münchen.de", None),
        ("anna (at) firma (dot) de", None),
        ("icon@3x.png", False),
        ("a..b@firma.de", False),
        ("@firma.de", False),
        ("anna@co.uk", False),
    ],
)
def test_email_address(address: str, verdict: object) -> None:
    assert load_validators()["email_address"](address) is verdict


def test_the_suffix_list_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert load_validators()["email_address"]("anna@firma.example-co.com") is None


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("10.1.2.3", None),
        ("84.112.9.201", None),
        ("2a02:8108:1a40:3c:9d1:22ff:fe31:7b05", None),
        ("fe80::1c2a:4b6d:88f1:1%eth0", None),
        ("2a00:1450::200e", None),
        ("127.0.0.1", False),
        ("::1", False),
        ("0.4.12.7", False),
        ("255.255.240.0", False),
        ("255.255.255.255", False),
        ("224.0.0.1", False),
        ("a::b", False),
        ("ad::be", False),
        ("10:30:45", False),
        ("999.1.1.1", False),
    ],
)
def test_ip_address(address: str, verdict: object) -> None:
    assert load_validators()["ip_address"](address) is verdict
