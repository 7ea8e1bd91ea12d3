"""What reviewers write, searched before it is kept: what is found in it is masked."""

from __future__ import annotations

from promptguard.console.masking import WITHHELD, NotSearched
from promptguard.console.ways import Visit
from promptguard.review.incidents.change import MAX_WORDS


def words_of(visit: Visit, name: str) -> str:
    """A field of the form with what is found in it masked. It takes seconds where there are words, and no time else.

    Raises:
        NotSearched: it could not be searched, and must not be kept.
    """
    return visit.console.staff.masked(visit.field(name)[:MAX_WORDS]).strip()


def urgent_words_of(visit: Visit, name: str) -> str:
    """The same for what may not fail for its words: where they cannot be searched, they are left out."""
    try:
        return words_of(visit, name)
    except NotSearched:
        return WITHHELD
