"""Figures as tables: on the screen, and in README and docs between their markers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

type Figures = Mapping[str, Any]
"""As in the JSON file: `sets`, `performance`, `machine`."""

_OURS, _THEIRS = "PromptGuard", "stock Presidio"
_HELD_OUT = " (held out)"


def summary(figures: Figures) -> str:
    """The table of README: one line a promise, both engines."""
    sets = figures["sets"]
    rows: list[tuple[str, str, str]] = []

    def add(what: str, name: str, *way: str, form: str = "{:.2f}", factor: float = 1.0) -> None:
        if name in sets:
            rows.append((what, *(_value(sets[name].get(engine), way, form, factor) for engine in (_OURS, _THEIRS))))

    for name, what in (
        ("prompts", "labelled prompts"),
        ("prompts" + _HELD_OUT, "held-out third of them"),
        ("system prompts", "persons in system prompts"),
        ("system prompts (held out)", "held-out half of them"),
        ("tables and dumps", "tables, forms and dumps"),
    ):
        add(f"{what}: core personal data, F2", name, "core", "f2")
        add(f"{what}: recall", name, "core", "recall")
        add(f"{what}: precision", name, "core", "precision")
        add(f"{what}: sensitive characters that would leave", name, "leaked", form="{:.0f} %", factor=100)
    add("secrets in conversation, files and logs: recall", "secrets", "recall")
    add("the same, held-out third", "secrets" + _HELD_OUT, "recall")
    add("the same, covered by findings of whatever type", "secrets", "recall_any_type")
    add(
        "texts that only look like holding a secret: alarmed",
        "look-alikes of secrets",
        "alarmed",
        form="{:.0f} %",
        factor=100,
    )
    add("values in disguise: recall over all disguises", "evasions", "all", "recall")
    add("clean prompts: personal-data alarms per 1,000", "clean prompts", "core_per_1000_texts", form="{:.0f}")
    add("the same, on public figures and places, per 1,000", "clean prompts", "public_per_1000_texts", form="{:.0f}")
    add("clean prompts: secret alarms per 1,000", "clean prompts", "secrets_per_1000_texts", form="{:.1f}")
    add("clean system prompts: alarms per 1,000 texts", "clean system prompts", "flagged_per_1000_texts", form="{:.0f}")
    add("clean machine output: alarms per 1,000 texts", "clean dumps", "flagged_per_1000_texts", form="{:.0f}")
    add("clean code: personal-data alarms per 100 KB", "clean code", "core_per_100_kb", form="{:.1f}")
    add("clean code: secret alarms per 100 KB", "clean code", "secrets_per_100_kb", form="{:.1f}")
    add(
        "speed on labelled prompts, all processes together, KB per CPU second",
        "prompts",
        "speed",
        "kilobytes_per_cpu_s",
        form="{:.0f}",
    )
    return _table(("what", _OURS, _THEIRS), rows)


def by_type(figures: Figures) -> str:
    """Precision and recall of both engines for each type, over the labelled prompts."""
    found = figures["sets"].get("prompts")
    if not found:
        return ""
    engines = [engine for engine in (_OURS, _THEIRS) if engine in found]
    types = [
        label for label, count in found[engines[0]]["types"].items() if count["gold"] and label not in {"ORGANIZATION"}
    ]
    rows = [
        (
            label,
            str(found[engines[0]]["types"][label]["gold"]),
            *(_precision_recall(found[engine], label) for engine in engines),
        )
        for label in types
    ]
    return _table(("type", "in the texts", *(f"{engine}, P / R" for engine in engines)), rows)


def by_language(figures: Figures) -> str:
    """Core figures by language."""
    rows = []
    for name, both in figures["sets"].items():
        if name.startswith("prompts ["):
            cells = (
                " / ".join(
                    (
                        _value(both.get(engine), ("core", "f2"), "{:.2f}", 1),
                        _value(both.get(engine), ("leaked",), "{:.0f} %", 100),
                    )
                )
                for engine in (_OURS, _THEIRS)
            )
            rows.append((name.removeprefix("prompts [").rstrip("]"), *cells))
    return _table(("language", f"{_OURS}, F2 / leaked", f"{_THEIRS}, F2 / leaked"), rows) if rows else ""


def by_disguise(figures: Figures) -> str:
    """Recall by disguise, and by kind of value within it."""
    both = figures["sets"].get("evasions")
    if not both:
        return ""
    ours, theirs = both[_OURS], both.get(_THEIRS, {})
    kinds = ["card", "email", "iban", "token", "password pair"]
    rows = []
    for disguise in ours:
        if " / " in disguise or disguise in {"all", "speed"}:
            continue
        cells = [_value(ours.get(f"{disguise} / {kind}"), ("recall",), "{:.2f}", 1) for kind in kinds]
        rows.append((disguise, *cells, _value(theirs.get(disguise), ("recall",), "{:.2f}", 1)))
    return _table(("disguise", "card", "e-mail", "IBAN", "token", "password", f"{_THEIRS}, all"), rows)


def performance(figures: Figures) -> str:
    """Speed and memory, and how many times stock Presidio's."""
    parts = figures.get("performance") or {}
    patterns, names, presidio = (parts.get(part) or {} for part in ("patterns", "names", "presidio"))
    rows: list[tuple[str, str, str, str]] = []
    slow = presidio.get("megabytes_per_cpu_s", {})
    for kind, by_size in patterns.get("megabytes_per_cpu_s", {}).items():
        for (size, speed), other in zip(by_size.items(), [*slow.get(kind, {}).values(), None, None], strict=False):
            ratio = f"{speed / other:,.0f} ×" if other else "–"
            rows.append(
                (
                    f"patterns on {kind}, {_size(int(size))}",
                    f"{speed:.1f} MB/s",
                    f"{other:.3f} MB/s" if other else "–",
                    ratio,
                )
            )
    prose = next(iter(slow.get("prose", {}).values()), None)
    if names:
        speed = names["kilobytes_per_cpu_s"]
        other = f"{prose * 1000:.0f} KB/s" if prose else "–"
        rows.append(
            (
                "all tiers with names, prose",
                f"{speed:.0f} KB/s",
                other,
                f"{speed / prose / 1000:.1f} ×" if prose else "–",
            )
        )
    heavy = presidio.get("resident_mb")
    memory = [
        (f"memory, patterns and {patterns.get('tenant_rows', 0):,} customers", patterns.get("resident_mb")),
        ("memory, each names worker", names.get("worker_resident_mb")),
    ]
    for what, megabytes in memory:
        if megabytes:
            ratio = f"{megabytes / heavy:.2f} ×" if heavy else "–"
            rows.append((what, f"{megabytes:.0f} MB", f"{heavy:.0f} MB" if heavy else "–", ratio))
    return _table(("by CPU time of one core", _OURS, _THEIRS, "ratio"), rows) if rows else ""


def page(figures: Figures) -> str:
    """Everything, for the screen and docs."""
    return "\n".join(
        section
        for section in (
            summary(figures), by_type(figures), by_language(figures), by_disguise(figures), performance(figures)
        )
        if section
    )  # fmt: skip


def publish(path: Path, name: str, text: str) -> None:
    """Put a text between the markers `<!-- begin NAME -->` and `<!-- end NAME -->` of a page.

    Raises:
        ValueError: the page has no such markers.
    """
    content = path.read_text(encoding="utf-8")
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, found_begin, rest = content.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise ValueError(f"{path} lacks the markers {begin.strip()} and {end}")
    path.write_text(f"{before}{begin}\n{text.strip()}\n\n{end}{after}", encoding="utf-8")


def _precision_recall(scores: Mapping[str, Any], label: str) -> str:
    count = scores["types"].get(label)
    return f"{count['precision']:.2f} / {count['recall']:.2f}" if count else "– / 0.00"


def _value(scores: Mapping[str, Any] | None, way: Iterable[str], form: str, factor: float) -> str:
    value: Any = scores
    for step in way:
        value = None if value is None else value.get(step)
    return "–" if value is None else form.format(value * factor)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"| --- |{' --: |' * (len(head) - 1)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _size(characters: int) -> str:
    return f"{characters / 1e6:g} MB" if characters >= 1_000_000 else f"{characters / 1e3:g} KB"
