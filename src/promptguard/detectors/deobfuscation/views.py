"""All other readings of a text: a few views, whatever is hidden in it and however often."""

from __future__ import annotations

import functools
import heapq
from collections.abc import Iterator, Mapping, Sequence

from promptguard.detectors.deobfuscation.interface import Confidence, ExpansionBudget, Replacement
from promptguard.detectors.deobfuscation.prefilters import PrefilterDatabase
from promptguard.detectors.deobfuscation.registry import obfuscations, stages
from promptguard.detectors.deobfuscation.tables import read_tables, tables
from promptguard.detectors.deobfuscation.tables_markup import marked_up_tables
from promptguard.detectors.deobfuscation.view import View, rewrite
from promptguard.detectors.labels.reading import read_labels
from promptguard.detectors.labels.records import read_records
from promptguard.errors import ScanFailed
from promptguard.reasons import Code

MAX_DEPTH = 3
"""Obfuscations within each other that are taken off: URL-encoded base64 of compressed data."""

BUDGET_FACTOR = 4
BUDGET = 1_000_000
"""At most this many characters, and `BUDGET_FACTOR` times its length more, are made out of one text."""


@functools.cache
def prefilters() -> PrefilterDatabase:
    """The compiled prefilters: made once, in a tenth of a second."""
    return PrefilterDatabase(obfuscations())


def views(text: str) -> list[View]:
    """What else `text` says. Most texts say nothing else, and cost a few microseconds for 10,000 characters.

    Linear in the length of the text: at most `BUDGET_FACTOR` times its length and `BUDGET` characters are made, in at
    most `MAX_DEPTH` steps.

    Raises:
        ScanFailed: there is more hidden in it than that, a decompression bomb for instance.
    """
    found = _hidden(text)
    certain = [view for view in found if view.confidence is not Confidence.GUESSED]
    tabular = [_tables(view.text, view) for view in certain]
    labelled = [read(view.text, view) for view in certain for read in (read_labels, read_records)]
    more = (_tables(text, None), *tabular, read_labels(text), read_records(text), *labelled)
    return found + [view for view in more if view is not None]


def _tables(text: str, parent: View | None) -> View | None:
    found = [*tables(text), *marked_up_tables(text)]
    return read_tables(text, found, parent) if found else None


def _hidden(text: str) -> list[View]:
    hits = prefilters()(text)
    if not hits:
        return []
    budget = ExpansionBudget(BUDGET_FACTOR * len(text) + BUDGET)
    found = _read(text, hits, None, budget)
    level = found
    for _ in range(MAX_DEPTH - 1):
        # Guesses are not built upon.
        level = [
            inner
            for view in level
            if view.confidence is not Confidence.GUESSED and budget.left
            for inner in _read(view.text, prefilters()(view.text), view, budget)
        ]
        found = found + level
    if budget.exceeded:
        raise ScanFailed(Code.SCAN_TOO_MUCH_HIDDEN)
    return found


def _read(text: str, hits: Mapping[str, Sequence[int]], parent: View | None, budget: ExpansionBudget) -> list[View]:
    found = []
    for stage, group in stages():
        present = [obfuscation for obfuscation in group if obfuscation.name in hits]
        if not present:
            continue
        replacements = heapq.merge(
            *(_within(parent, obfuscation.find(text, hits[obfuscation.name], budget)) for obfuscation in present),
            key=lambda replacement: (replacement.start, -replacement.end),
        )
        view = rewrite(text, replacements, stage.confidence, parent)
        if view is not None:
            found.append(view)
    return found


def _within(parent: View | None, replacements: Iterator[Replacement]) -> Iterator[Replacement]:
    """Those that an earlier step brought to light; the others were made in that step already."""
    return (
        replacement
        for replacement in replacements
        if parent is None or parent.touches(replacement.start, replacement.end)
    )
