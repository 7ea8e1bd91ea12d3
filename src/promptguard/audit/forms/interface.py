"""What a form of recorded decisions is: how another program wants to read them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from promptguard.audit.privacy import OutgoingRecord


class Form(ABC):
    """Writes records as text, a line each."""

    id: ClassVar[str]
    """By which commands and settings name the form."""
    line_end: ClassVar[str] = "\n"

    def heading(self) -> str:
        """What stands before the first record, without its line end; empty for nothing."""
        return ""

    @abstractmethod
    def line(self, record: OutgoingRecord) -> str:
        """A record on one line, without its line end."""


def counts(record: Mapping[str, Any], member: str) -> str:
    """How often each value of a member occurs in a record's findings: `credentials 1, personal_data 2`."""
    counter = Counter(str(finding[member]) for finding in record["findings"])
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items()))
