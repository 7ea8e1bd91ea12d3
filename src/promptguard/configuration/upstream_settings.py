"""The connections that the proxy makes: the section `upstream` of `promptguard.yaml`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from promptguard.configuration.parent_proxy import parse_parent_proxy
from promptguard.configuration.parent_routes import DIRECT, ParentRoute
from promptguard.typed_yaml.fields import OneOrMore, Section


def _checked_proxy(text: str) -> str:
    parse_parent_proxy(text)
    return text


class Passage(StrEnum):
    """Whether connections of some kind are made."""

    RELAY = "pass"
    REFUSE = "refuse"


class Upstream(Section):
    """The connections to AI services, and to all other hosts."""

    private_addresses: Passage = Field(
        default=Passage.RELAY,
        description=(
            "What happens to connections to private addresses (RFC 1918 and the like), where intranets and private "
            "endpoints of cloud services are: `pass` or `refuse`. Those of the proxy's own machine, link-local, "
            "multicast and metadata addresses are always refused."
        ),
    )
    unnamed_tls: Passage = Field(
        default=Passage.RELAY,
        description=(
            "What happens to encrypted connections to an IP address that name no host in their first message: `pass` "
            "undecrypted, or `refuse`. To which service they go cannot be told."
        ),
    )

    ca_file: Path | None = Field(
        default=None,
        description=(
            "Certificates (PEM) to trust in AI services in place of the public ones, where a further proxy stands "
            "between; a relative path starts at the configuration folder."
        ),
    )
    proxy: Annotated[str, AfterValidator(_checked_proxy)] | None = Field(
        default=None,
        description=(
            "A further proxy that everything goes through, such as http://user:password@proxy.example:3128. It may be "
            "one on this machine."
        ),
    )
    routes: OneOrMore[ParentRoute] = Field(
        default=(),
        description=(
            "Further proxies for some hosts, or none for them; of several the first that names a host counts. All "
            "other hosts go as `proxy` says."
        ),
    )

    @property
    def has_parents(self) -> bool:
        """Whether anything goes through a further proxy."""
        return self.proxy is not None or any(route.proxy != DIRECT for route in self.routes)
