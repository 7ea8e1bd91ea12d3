"""Figures of the set as a table: totals by language, never a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from benchmarks.heldout.judging import Figures

_HEAD = (
    "language", "texts", "persons", "recall", "precision", "public figures found", "look-alikes alarmed",
    "texts without a person alarmed", "addresses", "recall of addresses",
)  # fmt: skip


def table(by_language: Mapping[str, Figures]) -> str:
    """Totals by language and over all; never a text."""
    total = Figures()
    for each in by_language.values():
        total += each
    rows = [_row(name, each) for name, each in by_language.items()] + [_row("all", total)]
    lines = [_line(_HEAD), f"| --- |{' --: |' * (len(_HEAD) - 1)}", *map(_line, rows)]
    return "\n".join(lines) + "\n"


def _row(name: str, figures: Figures) -> tuple[str, ...]:
    persons, addresses = figures.persons, figures.addresses
    return (
        name,
        str(figures.texts),
        str(persons.gold),
        f"{persons.recall:.3f}" if persons.gold else "–",
        f"{persons.precision:.3f}" if persons.predicted else "–",
        f"{figures.public.found} of {figures.public.gold}",
        f"{figures.lookalikes.found} of {figures.lookalikes.gold}",
        f"{figures.nameless_alarmed} of {figures.nameless}",
        str(addresses.gold),
        f"{addresses.recall:.3f}" if addresses.gold else "–",
    )


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
