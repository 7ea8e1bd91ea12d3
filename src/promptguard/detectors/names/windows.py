"""In which pieces the Rampart model sees a text's tokens."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

WINDOW = 96
"""Most tokens the model sees at once. It was trained on short texts: of short template prompts put together to longer
ones it finds 2 % fewer names and 6 % fewer addresses in windows of 192 than of 64."""

OVERLAP = 16
"""About how many tokens two neighbouring windows of one paragraph share, so that no name lacks its context."""

PARAGRAPH = 8
"""Fewest tokens of a paragraph that gets windows of its own: what stands around a paragraph distracts the model more
than it helps. Shorter ones, such as headings and salutations, are seen with what follows."""

_SENTENCE_END = ".!?:;"


def plan_windows(
    text: str,
    offsets: Sequence[tuple[int, int]],
    words: Sequence[int | None],
    size: int = WINDOW,
    overlap: int = OVERLAP,
) -> list[tuple[int, int]]:
    """Ranges of tokens that cover all of them, at most `size` each, none across a blank line between paragraphs.

    `offsets` are the tokens' places in `text`, `words` the number of the word each belongs to. Within a paragraph,
    windows overlap and are cut at lines and sentences where possible.
    """
    windows: list[tuple[int, int]] = []
    paragraph = 0
    breaks: list[int] = []
    for index in range(1, len(offsets)):
        end = offsets[index - 1][1]
        gap = text[end : offsets[index][0]]
        if gap.count("\n") > 1 and index - paragraph >= PARAGRAPH:
            windows += _paragraph_windows(paragraph, index, breaks, words, size, overlap)
            paragraph = index
            breaks = []
        elif gap and ("\n" in gap or text[end - 1] in _SENTENCE_END):
            breaks.append(index)
    if offsets:
        windows += _paragraph_windows(paragraph, len(offsets), breaks, words, size, overlap)
    return windows


def _paragraph_windows(
    start: int, stop: int, breaks: Sequence[int], words: Sequence[int | None], size: int, overlap: int
) -> Iterator[tuple[int, int]]:
    def cut(lowest: int, highest: int) -> int:
        """The last good place for a cut in `lowest` to `highest`, exclusive and inclusive."""
        position = bisect_right(breaks, highest) - 1
        if position >= 0 and breaks[position] > lowest:
            return breaks[position]
        index = highest
        while index > lowest + 1 and words[index] == words[index - 1]:
            index -= 1
        return index

    while stop - start > size:
        end = cut(start + size // 2, start + size)
        yield start, end
        start = cut(end - 2 * overlap, end - overlap)
    yield start, stop
