"""What the pages for staff stand on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from promptguard.configuration.bundle import Bundle
from promptguard.console.masking import Masking
from promptguard.keys import Keys
from promptguard.notices.languages import language_of
from promptguard.notices.story import StoryTeller
from promptguard.notices.templates import Templates
from promptguard.review.database import ReviewDatabase
from promptguard.review.staff_links import StaffLinks
from promptguard.review.staff_reports import StaffReports
from promptguard.runtime.rate_limit import RateLimit

_NAMES = re.compile(r"\[(PERSON|LOCATION|EMAIL_ADDRESS|PHONE_NUMBER)\]")


def staff_of(bundle: Bundle, data: Path, database: ReviewDatabase, keys: Keys) -> Staff:
    """What the pages for staff of an installation stand on."""
    return Staff(
        StaffLinks(database),
        StaffReports(database, keys.reports),
        bundle.languages,
        bundle.settings.notices.contact,
        bundle.registry.names(),
        Masking(bundle.folder, data),
    )


@dataclass(frozen=True, slots=True)
class Staff:
    """Links, reports, and the words for them."""

    links: StaffLinks
    reports: StaffReports
    languages: Sequence[Templates]
    """Those of the company, that of its notices first."""
    contact: str | None
    """Whom to ask; None for the language's own words."""
    tool_names: Mapping[str, str]
    """Destinations by their ids."""
    masked: Callable[[str], str]
    """A text with what is found in it masked; raises `NotSearched`."""
    requests: RateLimit = field(default_factory=lambda: RateLimit(240, 60))
    """By one link that holds, and, of those that do not, from one address."""

    def teller(self, accept: str) -> StoryTeller:
        """Who tells in the language that a browser asks for, in its `Accept-Language`."""
        return StoryTeller(language_of(accept, self.languages, "staff"), self.contact, self.tool_names)

    def masked_but_names(self, signed: str) -> str:
        """How somebody wants to be called: left as it is where only what names and reaches a person is found in it.

        Raises:
            NotSearched: it could not be searched.
        """
        found = self.masked(signed)
        return signed if "[" not in _NAMES.sub("", found) else found
