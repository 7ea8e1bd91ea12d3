"""Which further proxy leads to which hosts: `upstream.routes` in `promptguard.yaml`."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from promptguard.configuration.pac_settings import direct_pattern
from promptguard.configuration.parent_proxy import parse_parent_proxy
from promptguard.typed_yaml.fields import OneOrMore, Section

DIRECT: Final = "direct"


def _checked(text: str) -> str:
    if text != DIRECT:
        parse_parent_proxy(text)
    return text


class ParentRoute(Section):
    """A further proxy for some hosts, or none."""

    hosts: OneOrMore[Annotated[str, AfterValidator(direct_pattern)]] = Field(
        min_length=1, description="The hosts, and `*.domain` for all below one."
    )
    proxy: Annotated[str, AfterValidator(_checked)] = Field(
        description="The proxy that they are reached through, as in `upstream.proxy`; or `direct` for none."
    )

    def covers(self, host: str) -> bool:
        """Whether this is about a host, in small letters and without a final dot."""
        return any(
            host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern for pattern in self.hosts
        )
