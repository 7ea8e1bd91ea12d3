"""Names that rules and lists find without a model, in the whole text of a segment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from promptguard.detectors.names.addressed import find_addressed
from promptguard.detectors.names.file_names import find_in_file_names
from promptguard.detectors.names.labelled import find_labelled
from promptguard.detectors.names.mailboxes import find_beside_mail
from promptguard.detectors.names.name_lines import find_on_lines
from promptguard.detectors.names.precedence import at_once
from promptguard.detectors.names.rosters import find_in_rosters
from promptguard.detectors.names.scripts.finder import find_beyond_latin
from promptguard.detectors.names.spans import Span, merge
from promptguard.detectors.names.spelled_names import find_spelled

_RULES: Final[Sequence[Callable[[str], Iterable[Span]]]] = (
    find_beyond_latin,
    find_labelled,
    find_addressed,
    find_in_rosters,
    find_spelled,
    find_beside_mail,
    find_in_file_names,
    find_on_lines,
)


def find_by_rules(text: str, turn: Callable[[], None] = at_once) -> list[Span]:
    """Names in scripts that the model does not know, under labels, in lists, spelled, after words said to people,
    before mail addresses, and in names of files, and on lines below each other.

    In order and without overlaps. Linear in the text. `turn` is called before each rule looks.
    """
    found: list[Span] = []
    for rule in _RULES:
        turn()
        found += rule(text)
    return merge(found)
