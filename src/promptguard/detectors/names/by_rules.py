"""Names that rules and lists find without a model, in the whole text of a segment."""

from __future__ import annotations

from promptguard.detectors.names.addressed import find_addressed
from promptguard.detectors.names.file_names import find_in_file_names
from promptguard.detectors.names.labelled import find_labelled
from promptguard.detectors.names.mailboxes import find_beside_mail
from promptguard.detectors.names.name_lines import find_on_lines
from promptguard.detectors.names.rosters import find_in_rosters
from promptguard.detectors.names.scripts.finder import find_beyond_latin
from promptguard.detectors.names.spans import Span, merge
from promptguard.detectors.names.spelled_names import find_spelled


def find_by_rules(text: str) -> list[Span]:
    """Names in scripts that the model does not know, under labels, in lists, spelled, after words said to people,
    before mail addresses, and in names of files, and on lines below each other.

    In order and without overlaps. Linear in the text.
    """
    return merge(
        [
            *find_beyond_latin(text),
            *find_labelled(text),
            *find_addressed(text),
            *find_in_rosters(text),
            *find_spelled(text),
            *find_beside_mail(text),
            *find_in_file_names(text),
            *find_on_lines(text),
        ]
    )
