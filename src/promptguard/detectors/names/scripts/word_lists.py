"""Words of `words.txt` beside this module, where each line is the name of a list and some of its words.

They are surnames, forms of address and what introduces a person, of languages that put no spaces between words.
A `_` in a word is a space, and a `?` makes the character before it optional.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files


def words(name: str) -> tuple[str, ...]:
    """The words of one list.

    Raises:
        KeyError: there is no list of this name.
    """
    return _lists()[name]


def any_of(name: str) -> str:
    """A regex for any word of a list, the longest first."""
    return "|".join(sorted((word.replace("_", " ") for word in words(name)), key=len, reverse=True))


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in files(__package__).joinpath("words.txt").read_text("utf-8").splitlines():
        name, *listed = line.split()
        found[name] += listed
    return {name: tuple(listed) for name, listed in found.items()}
