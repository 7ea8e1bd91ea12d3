"""An AI service, as the registry knows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from promptguard.model.vocabulary import Kind, Purpose, Status


@dataclass(frozen=True, slots=True)
class References:
    """Addresses at which a provider says what it does with what it is sent."""

    training: str | None = None
    retention: str | None = None
    region: str | None = None
    contract: str | None = None


@dataclass(frozen=True, slots=True)
class DataHandling:
    """What a provider says it does with what it is sent; None where nobody has looked yet."""

    trains_on_prompts: bool | None = None
    retention_days: int | None = None
    region: str | None = None
    agreement: str | None = None
    """Address of the data-processing agreement."""
    reviewed: str | None = None
    """Date of the last review, ISO 8601."""
    references: References = field(default_factory=References)


@dataclass(frozen=True, slots=True)
class Route:
    """Some paths of a destination: their wire format and what they are for."""

    path: str
    """A glob over the URL path (`*` any characters, `/` too), e.g. `/v1/chat/completions`."""
    format: str
    purpose: Purpose = Purpose.PROMPT


@dataclass(frozen=True, slots=True)
class Destination:
    """One AI service of the registry."""

    id: str
    name: str
    hosts: tuple[str, ...]
    """Exact host names, or `*.example.com` for every host below it."""
    kind: Kind
    status: Status
    routes: tuple[Route, ...] = ()
    format: str = "generic"
    """The wire format of paths that no route names."""
    key_parameters: tuple[str, ...] = ()
    """Query parameters that carry the caller's own key to this service: never scanned, never logged."""
    key_headers: tuple[str, ...] = ()
    """Header fields, in lower case, that do so besides those that are known everywhere."""
    body_signed: bool = False
    """The body is bound to a signature (SigV4): it is allowed or blocked, never rewritten."""
    in_page: bool = False
    """What was decided is shown in its pages too."""
    alternatives: tuple[str, ...] = ()
    """Ids of approved destinations to name in a notice."""
    data_handling: DataHandling = field(default_factory=DataHandling)
    owner: str | None = None
    """Who in the company answers for its use."""
    review_due: str | None = None
    """Date of the next review, ISO 8601."""
    undecrypted_hosts: tuple[str, ...] = ()
    """Hosts that belong to it and pass undecrypted: they serve much besides AI, or cannot be read."""
    enabled: bool = True
    """Else the company has switched it off: all its hosts are among `undecrypted_hosts`."""
