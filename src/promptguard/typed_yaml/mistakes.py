"""How a configuration model says that its parts do not fit together, and at which place in the file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from pydantic_core import PydanticCustomError

MISTAKE = "promptguard_mistake"
"""The pydantic error type of mistakes made by `mistake`."""


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
    near = difflib.get_close_matches(wrong.lower(), words, n=1, cutoff=0.6)
    listing = f"The {noun} are: {', '.join(words)}." if len(words) <= 30 else ""
    if near:
        return f"Did you mean ‘{near[0]}’? {listing}".rstrip()
    return listing or f"None of the {len(words)} {noun} is similar."
