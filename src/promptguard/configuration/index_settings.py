"""What is known as customers' data and as one's own: the sections `tenants`, `documents` and `sources` of
`promptguard.yaml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from promptguard.typed_yaml.fields import Section


class Tenants(Section):
    """The customers whose data must not leave."""

    index: Path = Field(
        default=Path("tenants.index"),
        description=(
            "The index that `promptguard tenants build` makes of a list of customers; a relative path starts at the "
            "data folder. While there is no such file, no customers are known."
        ),
    )


class Documents(Section):
    """The documents of which no passage must leave."""

    index: Path = Field(
        default=Path("documents.index"),
        description=(
            "The index that `promptguard documents add` makes of documents; a relative path starts at the data folder. "
            "While there is no such file, no documents are known."
        ),
    )
    common_in: int = Field(
        default=20,
        ge=1,
        le=1000,
        description="What stands in more documents than this is letterhead, and counts for nothing.",
    )


class Sources(Section):
    """The repositories whose source code is known as one's own."""

    index: Path = Field(
        default=Path("sources.index"),
        description=(
            "The index that `promptguard sources add` makes of source code; a relative path starts at the data folder. "
            "While there is no such file, no source code is known."
        ),
    )
    common_in: int = Field(
        default=20,
        ge=1,
        le=1000,
        description="What stands in more repositories than this is nobody's own, and counts for nothing.",
    )
