"""What the allow list lets pass of what was found, and by which of its entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from promptguard.detectors.names.mentions import MENTIONED
from promptguard.detectors.recognizers.allow_list import AllowList
from promptguard.detectors.span_index import Span, SpanIndex
from promptguard.model import Allowed, Match, Recalled, Segment


def parted(allow_list: AllowList, text: str, matches: Sequence[Match]) -> tuple[list[Match], list[Match]]:
    """Matches in a text that are found, and those that an entry lets pass, which say by which."""
    kept: list[Match] = []
    passed: list[Match] = []
    public: dict[str, str] = {}
    for match in matches:
        value = text[match.start : match.end]
        entry = allow_list.entry(value, match.entity_type)
        if entry is None:
            kept.append(match)
            continue
        passed.append(replace(match, allowance=entry))
        if match.entity_type == "PERSON":
            public.update(dict.fromkeys(value.split(), entry))
    # Whoever is named in full as no finding is none by the surname either.
    again = [each for each in kept if each.score <= MENTIONED and text[each.start : each.end] in public]
    if again:
        kept = [each for each in kept if each not in again]
        passed += (replace(each, allowance=public[text[each.start : each.end]]) for each in again)
    return kept, passed


def parted_originals(
    allow_list: AllowList, segments: Sequence[Segment], recalled: Iterable[Recalled]
) -> tuple[list[Recalled], list[Allowed]]:
    """Known originals, and those of them that an entry lets pass by now."""
    kept: list[Recalled] = []
    passed: list[Allowed] = []
    for each in recalled:
        entry = allow_list.entry(segments[each.segment].text[each.start : each.end], each.entity_type)
        if entry is None:
            kept.append(each)
        else:
            passed.append(Allowed(each.segment, each.start, each.end, entry))
    return kept, passed


def that_left(allowed: Iterable[Allowed], findings: Iterable[Span]) -> tuple[Allowed, ...]:
    """Each place at which something passes once: what stands within it says nothing more, nor does what stands within
    a finding, with which it is replaced."""
    found_at = SpanIndex(findings)
    left: list[Allowed] = []
    for each in sorted(allowed, key=lambda each: (each.segment, each.start, -each.end)):
        if left and each.segment == left[-1].segment and each.end <= left[-1].end:
            continue
        if not any(found.start <= each.start and each.end <= found.end for found in found_at.touching(each)):
            left.append(each)
    return tuple(left)
