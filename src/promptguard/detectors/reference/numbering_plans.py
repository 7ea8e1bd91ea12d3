"""National numbering plans as one regex, from libphonenumber's metadata.

`phonenumbers.is_valid_number` parses a number once for each region that is asked about, at 30 µs each; text full of
numbers would take its time. Here the plans of all regions are tried together, on the digits alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

import phonenumbers
from phonenumbers import PhoneMetadata

_KINDS = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager", "uan",
    "voicemail",
)  # fmt: skip
"""The sorts of numbers that libphonenumber calls valid."""


class NumberingPlans:
    """Which digits are a telephone number as dialled within one of some regions."""

    def __init__(self, regions: Sequence[str]) -> None:
        """Take the plans of `regions`, ISO 3166 codes.

        Raises:
            ValueError: libphonenumber has no such region.
        """
        unknown = sorted(set(regions) - phonenumbers.SUPPORTED_REGIONS)
        if unknown:
            raise ValueError(f"libphonenumber has no region {', '.join(unknown)}")
        self._regions = tuple(regions)

    def have(self, digits: str) -> bool:
        """Whether `digits`, with the trunk prefix where the region has one, are a number in any of the regions."""
        return _compiled(self._regions).fullmatch(digits) is not None


@functools.cache
def _compiled(regions: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_alternatives(regions)))


def _alternatives(regions: Iterable[str]) -> Iterable[str]:
    for region in regions:
        metadata = PhoneMetadata.metadata_for_region(region)
        if metadata is None:
            continue
        descriptions = [getattr(metadata, kind) for kind in _KINDS]
        patterns = [each.national_number_pattern for each in descriptions if each and each.national_number_pattern]
        prefix = f"(?:{metadata.national_prefix})?" if metadata.national_prefix else ""
        yield f"{prefix}(?:{'|'.join(dict.fromkeys(patterns))})"
