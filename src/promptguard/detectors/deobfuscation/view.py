"""Another reading of a text, and the way back from it to the text."""

from __future__ import annotations

import bisect
import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from promptguard.detectors.deobfuscation.interface import Confidence, Replacement

WHOLE = 1_024
"""Texts up to this many characters are taken over as a whole; of longer ones only what surrounds replacements."""

BEFORE = 128
"""Characters before a replacement that a view takes over: the word that says what follows."""
AFTER = 48
REACH = 48
"""How far from a replacement a match may lie that touches none: a keyword was obfuscated, its value was not."""

SEPARATOR = "\n\0\n"
"""Between stretches that do not follow each other: ends a word, a line, and whatever is matched across white space."""

_CUT, _PLAIN = 0, 1
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something in a view comes from."""

    start: int
    end: int
    kinds: tuple[str, ...]
    """The obfuscations that were taken off, outermost first."""


class View:
    """A reading of a text. Its pieces are in the order of the view, and need not be so in the text.

    Pieces are held in arrays, because a hostile text can have millions of them.
    """

    def __init__(self, source: str, confidence: Confidence, parent: View | None = None) -> None:
        """An empty view of `source`, which is the text of `parent` where there is one."""
        self.confidence = confidence
        self.parent = parent
        self.text = ""
        self._source = source
        self._names: list[str] = ["", ""]
        """Of kinds by number: 0 for a cut, 1 for text as it was."""
        self._numbers: dict[str, int] = {}
        self._at = array("q")
        self._start = array("q")
        self._end = array("q")
        self._step = array("b")
        self._kind = array("b")

    def __repr__(self) -> str:
        return f"View({self.confidence.value}, {len(self.text)} characters)"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The obfuscations taken off in this view, without those of its parent."""
        return tuple(self._names[2:])

    @property
    def begins_with_source(self) -> bool:
        """Whether what precedes the source (its label) also precedes the view."""
        first = self.parent is None or self.parent.begins_with_source
        return first and bool(self._start) and self._start[0] == 0 and self._step[0] >= 0

    def add(self, at: int, start: int, end: int, step: int, kind: str | None) -> None:
        """Note that the view from `at` on stands for the source from `start` to `end`; None is a cut."""
        if kind is None:
            number = _CUT
        elif not kind:
            number = _PLAIN
        else:
            number = self._numbers.get(kind, 0)
            if not number:
                number = self._numbers[kind] = len(self._names)
                self._names.append(kind)
        self._at.append(at)
        self._start.append(start)
        self._end.append(end)
        self._step.append(step)
        self._kind.append(number)

    def original(self, start: int, end: int) -> tuple[int, int] | None:
        """The span in the outermost text; None where the span joins what does not belong together."""
        place = self.locate(start, end)
        return (place.start, place.end) if place else None

    def locate(self, start: int, end: int) -> Origin | None:
        """Where a span comes from in the outermost text.

        None where it runs over a cut, or touches nothing that was replaced and lies near nothing that was: such a match
        is found in the text itself, or comes of where the view was cut.
        """
        place = self._locate(start, end)
        if place is None or self.parent is None:
            return place
        outer = self.parent.locate(place.start, place.end)
        if outer is None:
            return None
        return Origin(outer.start, outer.end, tuple(dict.fromkeys(outer.kinds + place.kinds)))

    def touches(self, start: int, end: int) -> bool:
        """Whether any of a span was replaced, or of what stands beside it where it is empty."""
        if start == end:
            start, end = max(start - 1, 0), end + 1
        index = max(bisect.bisect_right(self._at, start) - 1, 0)
        while index < len(self._at) and self._at[index] < end:
            if self._kind[index] > _PLAIN:
                return True
            index += 1
        return False

    def reveals(self, start: int, end: int) -> bool:
        """Whether any of a span was replaced in this view or in those that it was made of."""
        if self.touches(start, end):
            return True
        place = self._locate(start, end) if self.parent is not None else None
        return place is not None and self.parent is not None and self.parent.reveals(place.start, place.end)

    def _locate(self, start: int, end: int) -> Origin | None:
        if not 0 <= start < end <= len(self.text):
            return None
        first = index = bisect.bisect_right(self._at, start) - 1
        lowest, highest, kinds = len(self._source), 0, dict[str, None]()
        while index < len(self._at) and self._at[index] < end:
            if self._kind[index] == _CUT:
                return None
            at, stop = self._at[index], self._stop(index)
            source_start, source_end, step = self._start[index], self._end[index], self._step[index]
            if step > 0:
                source_start, source_end = source_start + max(start - at, 0), source_end - max(stop - end, 0)
            elif step < 0:
                source_start, source_end = source_start + max(stop - end, 0), source_end - max(start - at, 0)
            lowest, highest = min(lowest, source_start), max(highest, source_end)
            if self._kind[index] > _PLAIN:
                kinds[self._names[self._kind[index]]] = None
            index += 1
        if not kinds:
            near = self._near(first, start, end)
            if not near or self._torn(lowest, highest, first):
                return None
            kinds[near] = None
        return Origin(lowest, highest, tuple(kinds)) if lowest < highest else None

    def _stop(self, index: int) -> int:
        return self._at[index + 1] if index + 1 < len(self._at) else len(self.text)

    def _near(self, index: int, start: int, end: int) -> str:
        """The kind of the replacement beside the piece `index`, if it is near enough to the span."""
        before, after = index - 1, index + 1
        if before >= 0 and self._kind[before] > _PLAIN and start - self._at[index] <= REACH:
            return self._names[self._kind[before]]
        if after < len(self._at) and self._kind[after] > _PLAIN and self._at[after] - end <= REACH:
            return self._names[self._kind[after]]
        return ""

    def _torn(self, start: int, end: int, index: int) -> bool:
        """Whether a span begins or ends where the view was cut out of the source in the middle of a word."""
        source = self._source
        torn_before = start == self._start[index] > 0 and not source[start - 1].isspace()
        torn_after = end == self._end[index] < len(source) and not source[end].isspace()
        before = index - 1 < 0 or self._kind[index - 1] == _CUT
        after = index + 1 >= len(self._at) or self._kind[index + 1] == _CUT
        return (torn_before and before) or (torn_after and after)


class ViewWriter:
    """Makes a view, part by part."""

    def __init__(self, source: str, confidence: Confidence, parent: View | None = None) -> None:
        """See `View`."""
        self.length = 0
        """Characters written so far."""
        self._view = View(source, confidence, parent)
        self._parts: list[str] = []

    def write(self, part: str, start: int, end: int, kind: str | None, step: int | None = None) -> None:
        """Add a part that stands for the source from `start` to `end`; see `View.add`. Without `step`, a part as long
        as what it stands for is the same, character by character."""
        self._view.add(self.length, start, end, int(end - start == len(part)) if step is None else step, kind)
        self._parts.append(part)
        self.length += len(part)

    def view(self) -> View:
        """What was written."""
        self._view.text = "".join(self._parts)
        return self._view


def rewrite(
    source: str, replacements: Iterable[Replacement], confidence: Confidence, parent: View | None = None
) -> View | None:
    """The view in which the replacements are made; None if there are none.

    Args:
        source: the text, which is that of `parent` where there is one.
        replacements: in the order of the text; one that overlaps another before it is left out.
        confidence: how far the view can be relied on.
    """
    writer = ViewWriter(source, confidence, parent)
    position = 0
    """Up to here the source is taken care of."""
    taken = False

    def plain(start: int, end: int) -> None:
        if start < end:
            writer.write(source[start:end], start, end, "")

    for replacement in replacements:
        start, end = replacement.start, replacement.end
        if start < position and taken:
            continue
        if len(source) <= WHOLE or (taken and start - position <= BEFORE + AFTER):
            plain(position, start)
        else:
            if taken:
                plain(position, _cut_after(source, position))
                writer.write(SEPARATOR, position, position, None)
            plain(_cut_before(source, start), start)
        writer.write(replacement.text, start, end, replacement.kind, replacement.step)
        position, taken = end, True
    if not taken:
        return None
    plain(position, len(source) if len(source) <= WHOLE else _cut_after(source, position))
    return writer.view()


def _cut_before(source: str, position: int) -> int:
    """Where what precedes `position` is cut: at a line's start if there is one in reach, else between words."""
    earliest = position - BEFORE
    if earliest <= 0:
        return 0
    newline = source.find("\n", earliest, position - BEFORE // 4)
    if newline >= 0:
        return newline + 1
    space = _SPACE.search(source, earliest, position)
    return space.end() if space else earliest


def _cut_after(source: str, position: int) -> int:
    latest = position + AFTER
    if latest >= len(source):
        return len(source)
    newline = source.find("\n", position, latest)
    if newline >= 0:
        return newline
    space = source.rfind(" ", position, latest)
    return space if space >= 0 else latest
