"""How long requests and connections may take: the sections `deadlines` and `timeouts` of `promptguard.yaml`."""

from __future__ import annotations

from pydantic import Field

from promptguard.typed_yaml.fields import Section


class Deadlines(Section):
    """How long a request may be held up."""

    start_s: float = Field(
        default=30.0,
        gt=0,
        le=600,
        description="Seconds that a request waits for the detectors while they are loading. After that it is refused.",
    )
    scan_s: float = Field(
        default=30.0,
        gt=0,
        le=600,
        description=(
            "Seconds that reading the files of one request and scanning it may take. A request that takes longer "
            "counts as not inspected."
        ),
    )
    record_s: float = Field(
        default=5.0,
        gt=0,
        le=60,
        description="Seconds that recording one decision may take. A request that takes longer is refused.",
    )


class Timeouts(Section):
    """How long connections may be silent."""

    idle_s: int = Field(
        default=600,
        ge=1,
        le=86400,
        description="Seconds after which a connection is closed on which no answer is under way.",
    )
    connect_s: float = Field(
        default=30.0,
        gt=0,
        le=600,
        description="Seconds that a connection to a service, or to a further proxy, may take to be made.",
    )
    answer_s: int = Field(
        default=3600,
        ge=1,
        le=86400,
        description=(
            "Seconds from the end of a request to the first byte of its answer. Models that think may be silent for "
            "many minutes."
        ),
    )
    stream_s: int = Field(
        default=21600,
        ge=1,
        le=604800,
        description=(
            "Seconds without a byte after which a connection is closed on which an answer, a WebSocket or a tunnel to "
            "another host is under way."
        ),
    )
