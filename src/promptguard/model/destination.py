"""An AI service, as the registry knows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Self

from promptguard.model.vocabulary import Kind, Purpose, Status

NO_AGREEMENT: Final = "none"
"""What `DataHandling.agreement` has where there is known to be none."""

_YES, _NO = "yes", "no"


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
    """Several are separated by commas."""
    agreement: str | None = None
    """Address of the data-processing agreement, or the order by which people decided that there is one; `NO_AGREEMENT`
    where there is none."""
    reviewed: str | None = None
    """Date of the last review, ISO 8601."""
    references: References = field(default_factory=References)

    @property
    def has_agreement(self) -> bool | None:
        """Whether there is a data-processing agreement; None where nobody has looked yet."""
        return None if self.agreement is None else self.agreement != NO_AGREEMENT

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions, one by one; none where nobody has looked yet."""
        return tuple(filter(None, (each.strip() for each in re.split("[,;]", self.region or ""))))

    @property
    def stated(self) -> tuple[str, ...]:
        """What policy may look at, as records have it: `agreement=yes`, `region=EU`. What is not known is not there."""
        return tuple(self._statements())

    def _statements(self) -> Iterator[str]:
        if (agreed := self.has_agreement) is not None:
            yield f"agreement={_YES if agreed else _NO}"
        if self.region:
            yield f"region={self.region}"
        if self.retention_days is not None:
            yield f"retention_days={self.retention_days}"
        if self.trains_on_prompts is not None:
            yield f"trains_on_prompts={_YES if self.trains_on_prompts else _NO}"

    @classmethod
    def of_statements(cls, statements: Iterable[str]) -> Self:
        """What a record tells of it (`stated`).

        Raises:
            ValueError: a statement is none of those.
        """
        found = cls()
        for name, _, value in (each.partition("=") for each in statements):
            match name, value:
                case "agreement", "yes" | "no":
                    found = replace(found, agreement=_YES if value == _YES else NO_AGREEMENT)
                case "region", _:
                    found = replace(found, region=value)
                case "retention_days", _:
                    found = replace(found, retention_days=int(value))
                case "trains_on_prompts", "yes" | "no":
                    found = replace(found, trains_on_prompts=value == _YES)
                case _:
                    raise ValueError(f"‘{name}’ is nothing that is recorded of a provider")
        return found

    def worst_of(self, other: Self) -> Self:
        """What holds where one of two is the case, and nobody knows which: the worse, and else what is not known.

        Of two numbers of days the greater is the worse, and of regions all of both count.
        """
        trains = {self.trains_on_prompts, other.trains_on_prompts}
        agreements = {self.has_agreement, other.has_agreement}
        days = (self.retention_days, other.retention_days)
        regions = dict.fromkeys((*self.regions, *other.regions)) if self.regions and other.regions else ()
        return replace(
            self,
            trains_on_prompts=True if True in trains else None if None in trains else False,
            agreement=NO_AGREEMENT if False in agreements else None if None in agreements else self.agreement,
            retention_days=None if None in days else max(filter(None, days), default=0),
            region=", ".join(regions) or None,
        )

    def of_other_account(self) -> Self:
        """What of it holds at an account that is not the company's: no agreement, and no word not to train."""
        agreement = self.agreement if self.agreement == NO_AGREEMENT else None
        return replace(self, trains_on_prompts=self.trains_on_prompts or None, agreement=agreement)


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
