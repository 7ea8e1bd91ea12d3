"""What of a text the model looks at, chunk by chunk, and where each chunk comes from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from promptguard.detectors.deobfuscation.tables import Table, tables
from promptguard.detectors.names.chunks import Chunk, chunks
from promptguard.detectors.names.prose_segmentation import looked_at, looks_like_prose, prose_spans
from promptguard.detectors.names.spans import PERSON, Span
from promptguard.detectors.names.tables import TableReading, extent


@dataclass(frozen=True, slots=True)
class Piece:
    """What is looked at in one go, and where it comes from."""

    digest: bytes
    chunk: Chunk
    table: TableReading | None
    """The reading of the text's tables that the chunk is of; None where it is of the text itself."""
    of_code: bool
    """Whether it holds what is written like names in code, where names of places are names of anything."""

    def located(self, span: Span) -> Iterator[Span]:
        """What was found in the chunk, in the text."""
        if self.of_code and (span.entity_type != PERSON or " " not in self.chunk.text[span.start : span.end]):
            return
        for start, end in self.chunk.locate(span.start, span.end):
            if self.table is None:
                yield replace(span, start=start, end=end)
            elif found := self.table.locate(start, end, span.entity_type):
                yield replace(span, start=found[0], end=found[1], entity_type=found[2])


def pieces(text: str, digest: Callable[[str], bytes], *, seldom_prose: bool = False) -> list[Piece]:
    """What of a text is looked at. Of a table's rows the model sees each cell after its heading.

    Args:
        text: without surrogates.
        digest: gives the hash under which it is kept what was found in a chunk.
        seldom_prose: whether such texts are identifiers and addresses for the most part; nothing is looked at then
            unless this one is prose.
    """
    if seldom_prose and not looks_like_prose(text):
        return []

    def cut_up(
        text: str, spans: Sequence[tuple[int, int]], table: TableReading | None = None, *, of_code: bool = False
    ) -> Iterator[Piece]:
        for chunk in chunks(text, spans):
            yield Piece(digest(chunk.text), chunk, table, of_code)

    prose, names = looked_at(text)
    found = [table for table in tables(text) if _overlaps(prose, table)] if prose else []
    result = list(cut_up(text, list(_outside(prose, list(map(extent, found)))) if found else prose))
    result += cut_up(text, names, of_code=True)
    if found:
        reading = TableReading(text, found)
        result += cut_up(reading.text, prose_spans(reading.text), reading)
    return result


def _overlaps(spans: Sequence[tuple[int, int]], table: Table) -> bool:
    index = bisect_right(spans, table.start, key=lambda span: span[1])
    return index < len(spans) and spans[index][0] < table.end


def _outside(spans: Sequence[tuple[int, int]], holes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What of the spans lies outside of the holes; both are in order."""
    first = 0
    for start, end in spans:
        while first < len(holes) and holes[first][1] <= start:
            first += 1
        index = first
        while index < len(holes) and holes[index][0] < end:
            if start < holes[index][0]:
                yield start, holes[index][0]
            start = max(start, holes[index][1])
            index += 1
        if start < end:
            yield start, end
