"""The proxy as one of several: the section `proxy` of `promptguard.yaml`."""

from __future__ import annotations

import ipaddress
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field

from promptguard.configuration.identities import Network, parsed_network, unmapped
from promptguard.typed_yaml.fields import Section


def _checked_network(text: str) -> str:
    try:
        parsed_network(text)
    except ValueError:
        raise ValueError(
            f"‘{text}’ is neither an address nor a network; write one such as 10.0.0.5 or 10.0.0.0/28"
        ) from None
    return text


@cache
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(map(parsed_network, texts))


class ProxySettings(Section):
    """Who stands before the proxy, and how it ends."""

    load_balancers: list[Annotated[str, AfterValidator(_checked_network)]] = Field(
        default=[],
        description=(
            "Addresses or networks of load balancers that say in a PROXY header (version 1 or 2) whose connection they "
            "hand on. What they say is believed, and who comes from there without such a header is refused."
        ),
    )
    drain_s: float = Field(
        default=0.0,
        ge=0,
        le=3600,
        description=(
            "Seconds that the proxy goes on for at most once it is told to end (SIGTERM, `promptguard drain`): "
            "`/readyz` says 503 at once, requests and answers under way are finished, idle connections closed. 0 ends "
            "at once."
        ),
    )

    def is_load_balancer(self, address: str) -> bool:
        """Whether a PROXY header has to come from this address."""
        if not self.load_balancers:
            return False
        try:
            client = unmapped(ipaddress.ip_address(address.partition("%")[0]))
        except ValueError:
            return False
        return any(client in network for network in _networks(tuple(self.load_balancers)))
