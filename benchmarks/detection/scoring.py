"""How findings are judged.

A gold span is found when findings of the same type cover at least half of its characters; a finding is right when at
least half of it lies on gold of the same type. F2 weighs recall four times precision. Leaked is the share of sensitive
characters that no finding of any type covers: what would still leave the company. For secrets the type does not matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.detection.sample import CORE, SECRET, Gold, Sample, Span

UNDISGUISED = "none"
"""The group of values as they are, which disguised ones are compared with."""

type Findings = Sequence[Gold]
"""What an engine says of one text, in the corpus's labels."""


@dataclass(slots=True)
class Count:
    """Gold spans and findings of one type."""

    gold: int = 0
    found: int = 0
    predicted: int = 0
    right: int = 0

    def __iadd__(self, other: Count) -> Count:
        self.gold += other.gold
        self.found += other.found
        self.predicted += other.predicted
        self.right += other.right
        return self

    @property
    def recall(self) -> float:
        """Share of gold that is found; 0 where there is none."""
        return self.found / self.gold if self.gold else 0.0

    @property
    def precision(self) -> float:
        """Share of findings that are right; 0 where there is none."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def f2(self) -> float:
        """Both in one, recall weighing four times as much."""
        precision, recall = self.precision, self.recall
        return 5 * precision * recall / (4 * precision + recall) if precision + recall else 0.0

    def figures(self) -> dict[str, float]:
        """For the JSON file."""
        return {
            "gold": self.gold,
            "findings": self.predicted,
            "precision": self.precision,
            "recall": self.recall,
            "f2": self.f2,
        }


@dataclass(slots=True)
class Labelled:
    """The figures of a labelled set."""

    types: dict[str, Count] = field(default_factory=dict)
    sensitive: int = 0
    """Characters of core types."""
    covered: int = 0
    """Those that some finding covers."""

    @property
    def core(self) -> Count:
        """All core types together."""
        total = Count()
        for label, count in self.types.items():
            if label in CORE:
                total += count
        return total

    @property
    def leaked(self) -> float:
        """Share of sensitive characters that would leave."""
        return 1 - self.covered / self.sensitive if self.sensitive else 0.0

    def figures(self) -> dict[str, object]:
        """For the JSON file."""
        return {
            "core": self.core.figures(),
            "leaked": self.leaked,
            "types": {label: count.figures() for label, count in sorted(self.types.items())},
        }


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap or touch made one."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def overlap(span: Span, others: Iterable[Span]) -> int:
    """Characters of a span that lie on others, which do not overlap each other."""
    return sum(max(0, min(span[1], end) - max(span[0], start)) for start, end in others)


def half_covered(span: Span, others: Iterable[Span]) -> bool:
    """Whether at least half of a span lies on others."""
    return overlap(span, others) * 2 >= span[1] - span[0]


def score_labelled(samples: Sequence[Sample], findings: Sequence[Findings]) -> Labelled:
    """Precision and recall by type, and what leaks."""
    figures = Labelled()
    counts: dict[str, Count] = defaultdict(Count)
    kinds = {gold.label for sample in samples for gold in sample.gold} | set(CORE)
    for sample, found in zip(samples, findings, strict=True):
        gold_by, found_by = by_label(sample.gold), by_label(found)
        for kind in kinds:
            gold_spans, found_spans = gold_by.get(kind, []), found_by.get(kind, [])
            count = counts[kind]
            count.gold += len(gold_spans)
            count.found += sum(half_covered(span, found_spans) for span in gold_spans)
            count.predicted += len(found_spans)
            count.right += sum(half_covered(span, gold_spans) for span in found_spans)
        sensitive = merged(span for kind in CORE for span in gold_by.get(kind, []))
        every = merged(span for spans in found_by.values() for span in spans)
        figures.sensitive += sum(end - start for start, end in sensitive)
        figures.covered += sum(overlap(span, every) for span in sensitive)
    figures.types = {kind: count for kind, count in counts.items() if count.gold or count.predicted}
    return figures


def score_secrets(samples: Sequence[Sample], findings: Sequence[Findings]) -> dict[str, float]:
    """Recall: by findings of secrets, and by findings of whatever type."""
    gold = as_secret = anyhow = 0
    for sample, found in zip(samples, findings, strict=True):
        secrets = merged(finding.span for finding in found if finding.label == SECRET)
        every = merged(finding.span for finding in found)
        spans = [span.span for span in sample.gold if span.label == SECRET]
        gold += len(spans)
        as_secret += sum(half_covered(span, secrets) for span in spans)
        anyhow += sum(half_covered(span, every) for span in spans)
    return {"spans": gold, "recall": as_secret / max(1, gold), "recall_any_type": anyhow / max(1, gold)}


def score_lookalikes(samples: Sequence[Sample], findings: Sequence[Findings]) -> dict[str, float]:
    """Share of texts in which a secret is seen."""
    alarmed = sum(any(finding.label == SECRET for finding in found) for found in findings)
    return {"texts": len(samples), "alarmed": alarmed / max(1, len(samples))}


def score_evasions(samples: Sequence[Sample], findings: Sequence[Findings]) -> dict[str, dict[str, float]]:
    """Recall by disguise, by disguise and kind of value (`hex / card`), and of `all` that is in disguise at all."""
    hits: dict[str, list[bool]] = defaultdict(list)
    for sample, found in zip(samples, findings, strict=True):
        found_by = by_label(found)
        for gold in sample.gold:
            hit = half_covered(gold.span, found_by.get(gold.label, []))
            hits[sample.group].append(hit)
            hits[f"{sample.group} / {sample.id.split('/')[1]}"].append(hit)
            if sample.group != UNDISGUISED:
                hits["all"].append(hit)
    return {name: {"values": len(all_), "recall": sum(all_) / len(all_)} for name, all_ in hits.items()}


def score_clean(samples: Sequence[Sample], findings: Sequence[Findings]) -> dict[str, object]:
    """Alarms of core types and of secrets, those on public figures and places apart."""
    characters = sum(len(sample.text) for sample in samples)
    personal = public = secrets = flagged = 0
    types: Counter[str] = Counter()
    for sample, found in zip(samples, findings, strict=True):
        known = merged(span.span for span in sample.public)
        alarms = 0
        for finding in found:
            types[finding.label] += 1
            if finding.label == SECRET:
                secrets += 1
                alarms += 1
            elif finding.label in CORE:
                if overlap(finding.span, known):
                    public += 1
                else:
                    personal += 1
                    alarms += 1
        flagged += bool(alarms)
    texts = max(1, len(samples))
    return {
        "texts": len(samples),
        "characters": characters,
        "core_per_1000_texts": 1000 * personal / texts,
        "public_per_1000_texts": 1000 * public / texts,
        "secrets_per_1000_texts": 1000 * secrets / texts,
        "flagged_per_1000_texts": 1000 * flagged / texts,
        "core_per_100_kb": 1e5 * personal / max(1, characters),
        "secrets_per_100_kb": 1e5 * secrets / max(1, characters),
        "types": dict(types.most_common()),
    }


def by_label(spans: Iterable[Gold]) -> Mapping[str, list[Span]]:
    """Merged spans of each label."""
    grouped: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        grouped[span.label].append(span.span)
    return {label: merged(spans) for label, spans in grouped.items()}


def errors(sample: Sample, found: Findings) -> Iterator[tuple[str, Gold]]:
    """What is wrong with the findings in one text: `missed`, `mistyped` (covered by another type) or `alarm`."""
    gold_by, found_by = by_label(sample.gold), by_label(found)
    every = merged(finding.span for finding in found)
    known = merged(span.span for span in (*sample.gold, *sample.public))
    for gold in sample.gold:
        if not half_covered(gold.span, every):
            yield "missed", gold
        elif not half_covered(gold.span, found_by.get(gold.label, [])):
            yield "mistyped", gold
    for finding in found:
        if not half_covered(finding.span, gold_by.get(finding.label, [])) and not overlap(finding.span, known):
            yield "alarm", finding
