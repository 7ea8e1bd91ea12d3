from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography import x509

from promptguard.rollout.kit import Rollout


def test_a_proxy_in_the_words_of_each_reader(rollout: Rollout, without_pac: Rollout) -> None:
    assert (rollout.url, rollout.host, rollout.port) == (
        "http://proxy.internal.example:8080",
        "proxy.internal.example",
        8080,
    )
    assert (without_pac.url, without_pac.host, without_pac.port) == ("https://[2001:db8::1]:8443", "2001:db8::1", 8443)
    assert rollout.no_proxy == "localhost,127.0.0.1,::1,.internal.example,git.example"


def test_identifiers_stay_the_same_for_one_ca_and_differ_between_parts(rollout: Rollout, without_pac: Rollout) -> None:
    assert rollout.identifier("a") == without_pac.identifier("a") != rollout.identifier("b")
    assert rollout.thumbprint == hashlib.sha1(rollout.der, usedforsecurity=False).hexdigest().upper()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"proxy": "proxy"}, "write HOST:PORT"),
        ({"proxy": "http://anna:secret@proxy.example:1"}, "is no proxy"),
        ({"proxy": "socks5://proxy.example:1"}, "no SOCKS"),
        ({"proxy": "x.example:1'; reboot '"}, "is no proxy"),
        ({"pac": "proxy.pac"}, "no address of a PAC file"),
        ({"pac": "http://x.example/$(reboot)"}, "no address of a PAC file"),
        ({"direct": ["a b"]}, "is no host"),
        ({"organisation": "a\nb"}, "do not print"),
    ],
)
def test_what_no_script_may_hold_is_refused(certificate: x509.Certificate, given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Rollout(**{"certificate": certificate, "proxy": "proxy.example:1", **given})
