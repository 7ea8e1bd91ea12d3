"""A long list of words that is looked up in as it is stored: a set of its hundred thousand would take 10 MB."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


class WordTable:
    """Words, one a line, sorted by their UTF-8 bytes."""

    def __init__(self, lines: bytes) -> None:
        """`lines` are as the file has them, the last one ended too."""
        self._lines = lines

    def __contains__(self, word: str) -> bool:
        """Whether the word is one of them; some microseconds."""
        wanted = word.encode("utf-8", "surrogatepass")
        low, high = 0, len(self._lines)
        while low < high:
            start = self._lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._lines.index(b"\n", start)
            line = self._lines[start:end]
            if line == wanted:
                return True
            if line < wanted:
                low = end + 1
            else:
                high = start
        return False


@cache
def _words_beyond_english() -> WordTable:
    return WordTable(files(__package__).joinpath("words_beyond_english.txt").read_bytes())


def is_word_beyond_english(word: str) -> bool:
    """Whether a word, in lower case, is one of Danish, Dutch, French, German, Italian, Portuguese or Spanish that
    nobody is called by."""
    return word in _words_beyond_english()
