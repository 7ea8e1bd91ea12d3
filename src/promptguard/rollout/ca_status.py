"""What there is to say of an installation's CA."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from promptguard.model import Destination
from promptguard.rollout.ca_constraints import permitted_of, uncovered
from promptguard.rollout.ca_files import read_authority
from promptguard.runtime.data_folder import DataFolder

_SOON = timedelta(days=90)
_NAMED = 5
"""Hosts that are told by their names."""


@dataclass(frozen=True, slots=True)
class CaStatus:
    """Of one CA."""

    subject: str
    fingerprint: str
    """SHA-256 of the certificate, hexadecimal."""
    ends: datetime
    permitted: frozenset[str] | None
    """What it may sign; None for everything."""
    uncovered: tuple[str, ...]
    """Hosts of AI services that it may not sign."""
    before: x509.Certificate | None
    """The older CA that is enough too."""
    overlap_ends: datetime | None

    @property
    def ok(self) -> bool:
        """Whether it is valid, and may sign all that is decrypted."""
        return self.ends > datetime.now(UTC) and not self.uncovered

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"CA            {self.subject}"
        yield f"SHA-256       {self.fingerprint}"
        left = self.ends - datetime.now(UTC)
        told = "over" if left < timedelta() else "rotate it soon" if left < _SOON else ""
        yield f"valid until   {self.ends:%Y-%m-%d}{f'   ({told})' if told else ''}"
        if self.permitted is None:
            yield "may sign      every name"
        else:
            yield f"may sign      {len(self.permitted)} names and all below them, and no address"
        if self.uncovered:
            named = ", ".join(self.uncovered[:_NAMED])
            more = f" and {len(self.uncovered) - _NAMED} more" if len(self.uncovered) > _NAMED else ""
            yield f"may not sign  {named}{more}: clients refuse them until it is rotated"
        if self.before is not None and self.overlap_ends is not None:
            subject, ends = self.before.subject.rfc4514_string(), f"{self.overlap_ends:%Y-%m-%d}"
            yield f"overlap       laptops that trust {subject} alone reach AI services too, until {ends}"


def status_of(folder: DataFolder, destinations: Iterable[Destination], besides: Iterable[str] = ()) -> CaStatus:
    """Look at it.

    Args:
        besides: hosts that are decrypted, and are of no service.

    Raises:
        PromptGuardError: there is none, or it cannot be read.
    """
    found = read_authority(folder)
    permitted = permitted_of(found.anchor)
    return CaStatus(
        subject=found.anchor.subject.rfc4514_string(),
        fingerprint=found.anchor.fingerprint(SHA256()).hex(),
        ends=found.anchor.not_valid_after_utc,
        permitted=permitted,
        uncovered=() if permitted is None else uncovered(permitted, destinations, besides),
        before=found.before,
        overlap_ends=found.chain[0].not_valid_after_utc if found.before is not None else None,
    )
