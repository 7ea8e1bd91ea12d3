"""Where decisions wait while the database server is away: the section `audit.spool` of `promptguard.yaml`."""

from __future__ import annotations

from pydantic import Field

from promptguard.typed_yaml.fields import Section


class SpoolSettings(Section):
    """What happens while a PostgreSQL database is away."""

    enabled: bool = Field(
        default=True,
        description=(
            "Whether the proxy goes on while the PostgreSQL in `database` is away, and keeps decisions, evidence "
            "and replaced values encrypted in the data folder until it is back. Without it, and once the bounds are "
            "reached, requests are refused."
        ),
    )
    size_mb: int = Field(
        default=256,
        ge=1,
        le=65536,
        description=(
            "Megabytes (2^20 bytes) that may wait, of each process. A quarter of it is for replaced values, and as "
            "much for evidence."
        ),
    )
    age_hours: float = Field(
        default=72.0,
        gt=0,
        le=24 * 366,
        description="Hours for which the first of it may wait before it counts as full.",
    )
