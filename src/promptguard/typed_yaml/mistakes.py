"""How a configuration model says that its parts do not fit together, and at which place in the file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from itertools import accumulate

from pydantic_core import PydanticCustomError

MISTAKE = "promptguard_mistake"
"""The pydantic error type of mistakes made by `mistake`."""


MAX_LISTED = 30
"""Words that are named in full."""

MIN_LIKENESS = 0.6
"""How alike the wrong word and the one that may be meant are, from 0 to 1 (`difflib`'s ratio)."""

MIN_LIKENESS_OF_MANY = 0.75
"""The same where there are so many that one is like it by chance."""


def mistake(at: tuple[str | int, ...], problem: str, remedy: str) -> PydanticCustomError:
    """An error for a pydantic validator to raise.

    Args:
        at: the place, as keys and indexes from the value that the validator checks.
        problem: what is wrong, as a sentence without its full stop.
        remedy: what would be right, as a sentence.
    """
    return PydanticCustomError(MISTAKE, "{problem}", {"at": at, "problem": problem, "remedy": remedy})


def suggestion(wrong: str, known: Iterable[str], *, noun: str) -> str:
    """A sentence that names the nearest of the known words, or all of them where none is near."""
    words = [str(word) for word in known]
    if not words:
        return f"There are no {noun} to choose from."
    few = len(words) <= MAX_LISTED
    near = _beginning_with(wrong, words) or _similar(wrong, words, MIN_LIKENESS if few else MIN_LIKENESS_OF_MANY)
    listing = f"The {noun} are: {', '.join(words)}." if few else ""
    if near:
        return f"Did you mean {' or '.join(f'‘{word}’' for word in near)}? {listing}".rstrip()
    return listing or f"None of the {len(words)} {noun} is similar."


def _beginning_with(wrong: str, words: list[str]) -> list[str]:
    """Up to three words of which `wrong` is a whole first part, wherever its dashes are: `open-ai` of `openai-api`."""
    bare = "".join(_parts(wrong))
    return [word for word in words if bare in list(accumulate(_parts(word)))][:3]


def _parts(word: str) -> list[str]:
    return [part for part in re.split(r"[-_.\s]+", word.casefold()) if part]


def _similar(wrong: str, words: list[str], cutoff: float) -> list[str]:
    by_folded = {word.casefold(): word for word in words}
    near = difflib.get_close_matches(wrong.casefold(), list(by_folded), n=1, cutoff=cutoff)
    return [by_folded[word] for word in near]
