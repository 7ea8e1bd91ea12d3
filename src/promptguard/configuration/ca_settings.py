"""The CA that laptops trust: the section `ca` of `promptguard.yaml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from promptguard.destinations.hosts import host_mistake
from promptguard.typed_yaml.fields import OneOrMore, Section


def _domain(text: str) -> str:
    if "*" in text or host_mistake(text):
        raise ValueError(f"‘{text}’ is no domain; write it in small letters without `*`, such as example.com")
    return text


class CaSettings(Section):
    """What a new CA may sign."""

    name_constraints: bool = Field(
        default=False,
        description=(
            "Whether a CA that is made from now on may sign names of AI services alone (RFC 5280, name constraints): "
            "the hosts of `destinations/*.yaml` as they are when it is made. One that is added later needs a new CA."
        ),
    )
    permitted: OneOrMore[Annotated[str, AfterValidator(_domain)]] = Field(
        default=(),
        description="Domains that such a CA may sign besides, with all hosts below them, for services to come.",
    )
