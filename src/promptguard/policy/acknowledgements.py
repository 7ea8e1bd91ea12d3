"""Who has acknowledged which document, as pseudonyms, and whether that still counts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from promptguard.model import IdentityClass
from promptguard.policy.acknowledging import Acknowledging
from promptguard.reasons import Code, Reason

RULE: Final = "acknowledgement"
"""What a decision names as its rule where a document has to be acknowledged first."""

CRITERIA: Final = ("SOC 2 CC1.1", "SOC 2 CC1.4")
"""What the evidence is for: AICPA Trust Services Criteria, commitment to integrity and ethical values (CC1.1), and to
competent individuals (CC1.4)."""


@dataclass(frozen=True, slots=True)
class Document:
    """The document that has to be acknowledged."""

    terms: Acknowledging
    sha256: str
    text: str = field(default="", repr=False)
    """Empty for one that stands at an address."""

    @property
    def address(self) -> str:
        """Where it stands; empty for a file."""
        return "" if self.text else self.terms.document


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One person's acknowledgement of one version."""

    id: str
    pseudonym: str
    identity_class: str
    document: str
    """The document's id."""
    version: str
    sha256: str
    time: str
    """As `Event.time`."""
    decision_id: str
    """The decision whose notice led to it."""
    client: str
    """The wire format of the request whose notice led to it, such as `anthropic_messages`."""
    genuine: bool = True
    """False where somebody changed it in the database: then it counts for nothing."""

    def counts(self, document: Document) -> bool:
        """Whether it is of the document as it is now, its time aside."""
        terms = document.terms
        if not self.genuine or self.document != terms.id:
            return False
        if self.version == terms.version:
            return self.sha256 == document.sha256
        return self.version in terms.earlier_versions

    def until(self, terms: Acknowledging) -> str:
        """When it lapses, as `Event.time`."""
        later = datetime.fromisoformat(self.time) + timedelta(days=terms.every_days)
        return later.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class AcknowledgementStore(ABC):
    """Keeps them. From any thread; several processes may use it.

    Every method raises `StorageError` where the database cannot be used.
    """

    @abstractmethod
    def add(self, given: Acknowledgement) -> None:
        """Keep one."""

    @abstractmethod
    def of_person(self, pseudonym: str) -> Sequence[Acknowledgement]:
        """One person's, the latest first."""

    @abstractmethod
    def all(self) -> Sequence[Acknowledgement]:
        """All of them, the latest first."""

    @abstractmethod
    def remind(self, pseudonym: str, day: str) -> bool:
        """Note the day (`2026-03-01`) on which a person is reminded of them; False where it was that day already."""

    @abstractmethod
    def forget(self, before: str) -> int:
        """Delete those that were given before, and say how many."""


def last_until(given: Iterable[Acknowledgement], document: Document) -> str:
    """When the last that counts lapses, as `Event.time`; empty for none."""
    return max((each.until(document.terms) for each in given if each.counts(document)), default="")


def lapses_soon(until: str, terms: Acknowledging, now: str) -> bool:
    """Whether it is time to remind somebody of what lapses then; both as `Event.time`."""
    if not now < until:
        return False
    begins = datetime.fromisoformat(until) - timedelta(days=terms.remind_days)
    return begins <= datetime.fromisoformat(now)


def missing(given: Sequence[Acknowledgement], document: Document, who: IdentityClass, now: str) -> Reason | None:
    """Why somebody has to acknowledge a document first; None where nobody has to.

    Args:
        given: what this person has acknowledged.
        now: as `Event.time`.
    """
    until = last_until(given, document)
    if now < until:
        return None
    known = [each for each in given if each.genuine and each.document == document.terms.id]
    code = Code.ACKNOWLEDGEMENT_LAPSED if until else Code.ACKNOWLEDGEMENT_CHANGED
    code = code if known else Code.ACKNOWLEDGEMENT_NEEDED
    return Reason(code, {"document": document.terms.id, "version": document.terms.version, "identity_class": who})
