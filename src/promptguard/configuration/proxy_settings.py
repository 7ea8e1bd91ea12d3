"""The proxy as one of several: the section `proxy` of `promptguard.yaml`."""

from __future__ import annotations

import ipaddress
import os
import sys
from contextlib import suppress
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from promptguard.configuration.identities import Network, parsed_network, unmapped
from promptguard.typed_yaml.fields import Section, none_for_auto


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


_PROCESS_BYTES = 300 * 2**20
"""What a process takes with its names worker."""

_UNKNOWN_BYTES = 4 * 2**30
"""Of memory, where the system does not say how much there is."""


def default_processes() -> int:
    """One for each core that may be used, as far as half of the machine's memory goes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = _UNKNOWN_BYTES
    if sys.platform != "win32":
        with suppress(ValueError, OSError):
            memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, min(cores, memory // 2 // _PROCESS_BYTES, 64))


class ProxySettings(Section):
    """How many processes it has, who stands before it, and how it ends."""

    processes: Annotated[int | None, BeforeValidator(none_for_auto)] = Field(
        default=1,
        ge=1,
        le=64,
        description=(
            "How many processes share the proxy's port, each on a core and with 250 MB; the names workers are shared "
            "out among them. `auto`: one for each core, as far as half of the memory goes. Several need Linux."
        ),
    )
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

    @property
    def process_count(self) -> int:
        """How many processes share the port."""
        return default_processes() if self.processes is None else self.processes

    def is_load_balancer(self, address: str) -> bool:
        """Whether a PROXY header has to come from this address."""
        if not self.load_balancers:
            return False
        try:
            client = unmapped(ipaddress.ip_address(address.partition("%")[0]))
        except ValueError:
            return False
        return any(client in network for network in _networks(tuple(self.load_balancers)))
