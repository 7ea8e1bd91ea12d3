"""The rule that makes findings of values that are none by themselves: X of Y columns within Z words, of one row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from promptguard.detectors.tenants.kinds import FACTS, ONE_WORD_COMPANY_SCORE, UNIQUE, ColumnKind


@dataclass(frozen=True, slots=True)
class IndexedColumn:
    """What of a column matters for matching."""

    name: str
    kind: ColumnKind
    alone: bool

    def score(self, words: int) -> float:
        """Of a value of so many words."""
        if self.kind is ColumnKind.COMPANY and words == 1:
            return ONE_WORD_COMPANY_SCORE
        return FACTS[self.kind].score


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A value of the index in a text."""

    start: int
    end: int
    word: int
    """Which word of the text it begins with."""
    words: int
    column: int
    value: int
    """Tells values apart: a part of the digest."""


@dataclass(frozen=True, slots=True)
class MatchingRule:
    """When the values of one row, close together, are findings."""

    columns: tuple[IndexedColumn, ...]
    at_least: int | None
    """Columns of a row that must be found; None for 2, or one of the unique kinds."""
    within_words: int
    mandatory: frozenset[int]
    exceptions: tuple[frozenset[int], ...]
    """Sets of columns that are not enough."""
    minimum_matches: tuple[int, int, int]
    """How many rows must be found, where one column of each is found, two, and three or more."""

    @classmethod
    def of(cls, columns: Sequence[IndexedColumn], described: Mapping[str, object]) -> MatchingRule:
        """The rule of an index, as its description has it (`RuleLayout`)."""
        numbers = {column.name: number for number, column in enumerate(columns)}
        at_least, within = described["at_least"], described["within_words"]
        minimum = described["minimum_matches"]
        mandatory, exceptions = described["mandatory"], described["exceptions"]
        assert isinstance(within, int) and isinstance(minimum, list | tuple)
        assert isinstance(mandatory, list | tuple) and isinstance(exceptions, list | tuple)
        return cls(
            tuple(columns),
            at_least if isinstance(at_least, int) else 1 if len(columns) == 1 else None,
            within,
            frozenset(numbers[name] for name in mandatory),
            tuple(frozenset(numbers[name] for name in names) for names in exceptions),
            (minimum[0], minimum[1], minimum[2]),
        )

    def select(self, rows: Mapping[int, Sequence[Occurrence]]) -> dict[int, list[Occurrence]]:
        """Of the rows of which something was found, those that are findings, with the occurrences that make them so.

        Args:
            rows: by row, what of it was found in one text, in any order.
        """
        found: dict[int, list[Occurrence]] = {}
        levels: dict[int, int] = {}
        beside_alone: set[int] = set()
        for row, occurrences in rows.items():
            close, level, has_alone = self._closest(sorted(occurrences, key=lambda each: (each.word, each.start)))
            if close:
                found[row], levels[row] = close, level
                if has_alone and level > 1:
                    beside_alone.add(row)
        enough = self._levels_with_enough(found, levels)
        return {
            row: close
            for row, close in found.items()
            if row in beside_alone or any(level <= levels[row] for level in enough)
        }

    def _levels_with_enough(self, found: Mapping[int, Sequence[Occurrence]], levels: Mapping[int, int]) -> list[int]:
        """The numbers of columns (3 for more) of which enough rows were found.

        Rows that were found by the same values count once: a person with five contracts is one.
        """
        seen: dict[frozenset[tuple[int, int]], int] = {}
        for row, close in found.items():
            values = frozenset((each.column, each.value) for each in close)
            seen[values] = max(seen.get(values, 0), min(levels[row], 3))
        counts = Counter(seen.values())
        return [
            level
            for level in (1, 2, 3)
            if sum(counts[each] for each in range(level, 4)) >= self.minimum_matches[level - 1]
        ]

    def _closest(self, occurrences: Sequence[Occurrence]) -> tuple[list[Occurrence], int, bool]:
        """What of one row stands close enough together, in how many columns at most, and whether one counts alone."""
        chosen: dict[int, Occurrence] = {}
        level = 0
        has_alone = False
        first = 0
        inside: Counter[int] = Counter()
        for last, occurrence in enumerate(occurrences):
            inside[occurrence.column] += 1
            while occurrence.word - occurrences[first].word > self.within_words:
                inside[occurrences[first].column] -= 1
                if not inside[occurrences[first].column]:
                    del inside[occurrences[first].column]
                first += 1
            columns = inside.keys()
            if not self._is_enough(columns):
                continue
            level = max(level, len(columns))
            has_alone = has_alone or any(self.columns[column].alone for column in columns)
            # From the end, so that what a former window took is not gone through again.
            for index in range(last, first - 1, -1):
                if index in chosen:
                    break
                chosen[index] = occurrences[index]
        return [chosen[index] for index in sorted(chosen)], level, has_alone

    def _is_enough(self, columns: Iterable[int]) -> bool:
        found = frozenset(columns)
        if not self.mandatory <= found or any(found <= exception for exception in self.exceptions):
            return False
        if self.at_least is not None:
            return len(found) >= self.at_least
        return len(found) >= 2 or any(self.columns[column].kind in UNIQUE for column in found)


def by_span(rows: Mapping[int, Sequence[Occurrence]]) -> dict[tuple[int, int], tuple[int, Occurrence]]:
    """By stretch of text, the row to name for it: the one of which most was found, and of those the first."""
    best: dict[tuple[int, int], tuple[int, int, Occurrence]] = {}
    sizes = defaultdict(int, {row: len({each.column for each in close}) for row, close in rows.items()})
    for row, close in rows.items():
        for each in close:
            rank = (-sizes[row], row, each)
            known = best.get((each.start, each.end))
            if known is None or rank[:2] < known[:2]:
                best[each.start, each.end] = rank
    return {span: (row, occurrence) for span, (_, row, occurrence) in best.items()}
