import socket

import pytest

from promptguard.detectors.validators.registry import load_validators


@pytest.mark.parametrize(
    ("address", "verdict"),
    [
        ("anna@firma.de", None),
        ("anna@mail.firma.co.uk", None),
        ("anna@firma.local", None),
        ("anna@münchen.de", None),
        ("anna (at) firma (dot) de", None),
        ("anna @ firma.de", None),
        ("anna arobase firma.fr", None),
        ("anna.berg-at-firma.de", None),
        ("anna@@firma.de", None),
        ("anna@firma . de", None),
        ("anna@firma,de", None),
        ("icon@3x.png", False),
        ("a..b@firma.de", None),
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
        ("2.5.29.15", False),
        ("1.3.6.1", False),
    ],
)
def test_ip_address(address: str, verdict: object) -> None:
    assert load_validators()["ip_address"](address) is verdict


@pytest.mark.parametrize(
    ("name", "text", "verdict"),
    [
        ("uk_postcode", "NW1 6XE", None),
        ("uk_postcode", "SW1A2AA", None),
        ("uk_postcode", "QQ1 1AA", False),
        ("uk_postcode", "M1 8GB", False),
        ("postcode_and_city", "10115 Berlin", None),
        ("postcode_and_city", "F-69002 Lyon", None),
        ("postcode_and_city", "1017 GC Amsterdam", None),
        ("postcode_and_city", "8000 Aarhus C", None),
        ("postcode_and_city", "12345 Items", False),
        ("postcode_and_city", "2024 AD Rome", False),
        ("postcode_and_city", "10000 Nice", False),
        ("city_and_state", "Nowhereville, IL 62704", None),
        ("city_and_state", "Chicago IL 60601", None),
        ("city_and_state", "Version IN 10000", False),
        ("mac_address", "3c:52:82:1f:aa:07", None),
        ("mac_address", "3c52.821f.aa07", None),
        ("mac_address", "ff:ff:ff:ff:ff:ff", False),
        ("mac_address", "01:00:5e:7f:aa:07", False),
        ("mac_address", "00:00:5e:00:53:01", False),
        ("mac_address", "aa:bb:cc:dd:ee:ff", False),
    ],
)
def test_postal_and_hardware_addresses(name: str, text: str, verdict: object) -> None:
    assert load_validators()[name](text) is verdict
