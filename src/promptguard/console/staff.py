"""What the pages for staff stand on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from promptguard.configuration.bundle import Bundle
from promptguard.console.masking import Masking
from promptguard.console.rate_limit import RateLimit
from promptguard.notices.story import StoryTeller
from promptguard.review.database import ReviewDatabase
from promptguard.review.staff_links import StaffLinks
from promptguard.review.staff_reports import StaffReports

_NAMES = re.compile(r"\[(PERSON|LOCATION|EMAIL_ADDRESS|PHONE_NUMBER)\]")


def staff_of(bundle: Bundle, data: Path, database: ReviewDatabase) -> Staff:
    """What the pages for staff of an installation stand on."""
    return Staff(
        StaffLinks(database),
        StaffReports(database),
        StoryTeller(bundle.templates, bundle.settings.notices.contact, bundle.registry.names()),
        Masking(bundle.folder, data),
    )


@dataclass(frozen=True, slots=True)
class Staff:
    """Links, reports, and the words for them."""

    links: StaffLinks
    reports: StaffReports
    teller: StoryTeller
    masked: Callable[[str], str]
    """A text with what is found in it masked; raises `NotSearched`."""
    requests: RateLimit = field(default_factory=lambda: RateLimit(240, 60))
    """By one link that holds, and, of those that do not, from one address."""

    def masked_but_names(self, signed: str) -> str:
        """How somebody wants to be called: left as it is where only what names and reaches a person is found in it.

        Raises:
            NotSearched: it could not be searched.
        """
        found = self.masked(signed)
        return signed if "[" not in _NAMES.sub("", found) else found
