from __future__ import annotations

import pytest
from pydantic import ValidationError

from promptguard.configuration.proxy_settings import ProxySettings


@pytest.mark.parametrize(
    ("networks", "address", "balancer"),
    [
        ([], "10.0.0.5", False),
        (["10.0.0.5"], "10.0.0.5", True),
        (["10.0.0.5"], "10.0.0.6", False),
        (["10.0.0.0/28", "2001:db8::/64"], "10.0.0.6", True),
        (["10.0.0.0/28", "2001:db8::/64"], "2001:db8::5", True),
        (["10.0.0.5"], "::ffff:10.0.0.5", True),  # as a listener for both versions of IP says it
        (["fe80::5"], "fe80::5%eth0", True),
        (["10.0.0.5"], "not an address", False),
    ],
)
def test_who_has_to_send_a_header(networks: list[str], address: str, balancer: bool) -> None:
    assert ProxySettings(load_balancers=networks).is_load_balancer(address) is balancer


def test_what_is_no_network() -> None:
    with pytest.raises(ValidationError, match=r"‘balancer\.example’ is neither an address nor a network"):
        ProxySettings(load_balancers=["balancer.example"])
