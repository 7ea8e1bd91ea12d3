"""What every judge of words says: how sure it is of each word of a text that it belongs to a name or an address."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Word(NamedTuple):
    """One word or punctuation mark, and how sure a model is that it belongs to a name or an address."""

    start: int
    end: int
    person: float
    """Probability of being part of a person's name, 0 to 1."""
    location: float
    """Probability of being part of an address, 0 to 1."""
    label: str
    """The likeliest kind in the model's own words (`SURNAME`, `CITY`, …), `O` for none."""


class WordJudge(Protocol):
    """A model that judges words."""

    def words(self, text: str) -> list[Word]:
        """The words of `text`, in order, judged. Linear in its length.

        `text` must not hold surrogates.
        """
        ...
