"""Overlapping matches become one, and no character of any of them is lost."""

from __future__ import annotations

import bisect
import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from promptguard.model import DataClass, Match

STRICTNESS = {
    data_class: rank
    for rank, data_class in enumerate(
        (
            DataClass.SOURCE_CODE,  # may go to some tools as it is, where what stands in it may not
            DataClass.PERSONAL_DATA,
            DataClass.ACCESS_LOGS,
            DataClass.CONFIDENTIAL_RECORDS,
            DataClass.TENANT_DATA,
            DataClass.CREDENTIALS,
        )
    )
}
"""Rank of a data class by how strictly policies treat it; higher is stricter."""

JUDGED = frozenset({"LOCATION", "PERSON"})
"""Types that are judged by what stands around a text. A format that is confirmed goes before them: the number at the
end of an address line is a phone number if it looks like one."""


def merge(matches: Iterable[Match], text: str | None = None) -> list[Match]:
    """Matches that do not overlap and cover what `matches` cover, in the order of the text.

    Matches of the same type that overlap become one over all of their characters. Of others the stricter class wins, so
    that no secret passes for an address; then a format before a name or an address; then the higher score, then the
    longer. What the winner leaves uncovered of
    another match stays a match of its own.

    Args:
        matches: in any order.
        text: what the offsets refer to, if it is at hand: remainders are then trimmed of white space and signs, and
            dropped if they hold neither letter nor digit.
    """
    ordered = sorted(matches, key=lambda match: (match.start, -match.end))
    if not _overlap(ordered):
        return ordered
    kept: list[Match] = []
    for match in sorted(_unite_same(ordered), key=_priority):
        index = bisect.bisect_left(kept, match.start, key=lambda other: other.end)
        # `kept` is in the order of the text and free of overlaps, so that the pieces can be inserted as they come.
        for piece in _uncovered(match, kept, index):
            trimmed = _trim(piece, text) if (piece.start, piece.end) != (match.start, match.end) else piece
            if trimmed:
                bisect.insort(kept, trimmed, key=lambda other: other.start)
    return kept


def _overlap(ordered: Sequence[Match]) -> bool:
    return any(later.start < earlier.end for earlier, later in itertools.pairwise(ordered))


def _priority(match: Match) -> tuple[int, bool, float, int, int]:
    judged = match.entity_type in JUDGED
    return -STRICTNESS[match.data_class], judged, -match.score, match.start - match.end, match.start


def _unite_same(ordered: Sequence[Match]) -> list[Match]:
    """Overlapping matches of one type, class and subject as one, with the score and detector of the surest."""
    groups: dict[tuple[str, DataClass, str], list[Match]] = defaultdict(list)
    for match in ordered:
        group = groups[match.entity_type, match.data_class, match.subject]
        if group and match.start < group[-1].end:
            surest = min(group[-1], match, key=_priority)
            group[-1] = replace(surest, start=group[-1].start, end=max(group[-1].end, match.end))
        else:
            group.append(match)
    return [match for group in groups.values() for match in group]


def _uncovered(match: Match, kept: Sequence[Match], index: int) -> list[Match]:
    """The parts of `match` that none of the kept matches from `index` on covers."""
    pieces = []
    start = match.start
    while index < len(kept) and kept[index].start < match.end:
        if kept[index].start > start:
            pieces.append(replace(match, start=start, end=kept[index].start))
        start = max(start, kept[index].end)
        index += 1
    if start < match.end:
        pieces.append(replace(match, start=start))
    return pieces


def _trim(piece: Match, text: str | None) -> Match | None:
    if text is None:
        return piece
    start, end = piece.start, piece.end
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    if piece.entity_type == "EMAIL_ADDRESS" and "@" not in text[start:end]:
        # `https://user:password@host`: the secret taken away, what is left is the name of a machine.
        return None
    return replace(piece, start=start, end=end) if start < end else None
