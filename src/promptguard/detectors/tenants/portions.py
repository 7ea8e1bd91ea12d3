"""How much text is filtered at once: long texts in pieces, and small ones together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from promptguard.detectors.tenants.terms import MAX_TERM_LENGTH, MAX_WORD_LENGTH
from promptguard.detectors.tenants.word_runs import MAX_GAP

PIECE: Final = 32_768
"""Characters that are filtered at once: arrays of this size stay in the processor's cache."""
OVERLAP: Final = MAX_TERM_LENGTH * (MAX_WORD_LENGTH + MAX_GAP) + 1
"""Characters of the next piece that a term may reach into."""
SMALL: Final = 4_096
"""Characters of a text that is filtered together with others: to filter a hundred takes two fifths of the time that ten
thousand take."""
APART: Final = "\0" * (MAX_GAP + 1)
"""Between texts that are filtered together: no run of words reaches over it, and it ends a text as nothing would."""

_CUT_REACH: Final = 4_096
"""Characters before the end of a piece in which a space to cut at is looked for."""


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of a text that follow each other and end between words, as far as there are spaces."""
    begin = 0
    while len(text) - begin > PIECE:
        end = begin + PIECE
        cut = max(text.rfind(" ", end - _CUT_REACH, end), text.rfind("\n", end - _CUT_REACH, end))
        end = cut if cut > begin else end
        yield begin, end
        begin = end
    yield begin, len(text)


def together(texts: Sequence[str]) -> Iterator[list[int]]:
    """Indexes of texts that are filtered together, and those of all others alone; of texts without content none.

    Letters beyond ASCII are folded in another way, so that a text with any is filtered alone.
    """
    group: list[int] = []
    length = 0
    for index, text in enumerate(texts):
        if not text:
            continue
        if len(text) > SMALL or not text.isascii():
            yield [index]
            continue
        if group and length + len(text) > PIECE:
            yield group
            group, length = [], 0
        group.append(index)
        length += len(text) + len(APART)
    if group:
        yield group
