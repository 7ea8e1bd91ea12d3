"""How findings in the set are judged, by the rule of `benchmarks.detection.scoring`: half of the characters decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.detection.sample import Gold
from benchmarks.detection.scoring import Count, half_covered, merged, overlap
from benchmarks.heldout.texts import Item, Label


@dataclass(slots=True)
class Figures:
    """What was found in some texts."""

    texts: int = 0
    nameless: int = 0
    """Texts without any person, public figures included."""
    nameless_alarmed: int = 0
    """Those in which a person was found all the same."""
    persons: Count = field(default_factory=Count)
    addresses: Count = field(default_factory=Count)
    public: Count = field(default_factory=Count)
    """Public figures; only `gold` and `found` are counted."""
    lookalikes: Count = field(default_factory=Count)
    """What is no person though it looks like one; `found` are the false alarms."""

    def __iadd__(self, other: Figures) -> Figures:
        self.texts += other.texts
        self.nameless += other.nameless
        self.nameless_alarmed += other.nameless_alarmed
        self.persons += other.persons
        self.addresses += other.addresses
        self.public += other.public
        self.lookalikes += other.lookalikes
        return self

    def as_json(self) -> dict[str, object]:
        """For the JSON file."""
        return {
            "texts": self.texts,
            "nameless": {"texts": self.nameless, "alarmed": self.nameless_alarmed},
            "persons": self.persons.figures(),
            "addresses": self.addresses.figures(),
            "public": {"gold": self.public.gold, "found": self.public.found},
            "lookalikes": {"gold": self.lookalikes.gold, "found": self.lookalikes.found},
        }


def judge(texts: Sequence[Item], findings: Sequence[Sequence[Gold]]) -> Figures:
    """Persons and addresses that were found, and what was found in vain."""
    total = Figures()
    for item, found in zip(texts, findings, strict=True):
        persons = _spans(found, "PERSON")
        total.texts += 1
        if not item.labelled(Label.PERSON) and not item.labelled(Label.PUBLIC_PERSON):
            total.nameless += 1
            total.nameless_alarmed += bool(persons)
        total.persons += _count(item, found, Label.PERSON, aside=Label.PUBLIC_PERSON)
        total.addresses += _count(item, found, Label.LOCATION, aside=Label.TOWN)
        for label, count in ((Label.PUBLIC_PERSON, total.public), (Label.NO_PERSON, total.lookalikes)):
            spans = item.labelled(label)
            count.gold += len(spans)
            count.found += sum(half_covered(span.span, persons) for span in spans)
    return total


def errors(item: Item, found: Sequence[Gold]) -> Iterator[tuple[str, Gold]]:
    """Persons that were `missed`, and findings of persons that are an `alarm`."""
    persons = _spans(found, "PERSON")
    for gold in item.labelled(Label.PERSON):
        if not half_covered(gold.span, persons):
            yield "missed", gold
    right, aside = _spans(item.spans, Label.PERSON), _spans(item.spans, Label.PUBLIC_PERSON)
    for start, end in persons:
        if not half_covered((start, end), right) and not overlap((start, end), aside):
            yield "alarm", Gold(start, end, "PERSON")


def _count(item: Item, found: Sequence[Gold], label: Label, *, aside: Label) -> Count:
    gold, neutral, predicted = _spans(item.spans, label), _spans(item.spans, aside), _spans(found, label)
    count = Count(gold=len(gold), found=sum(half_covered(span, predicted) for span in gold))
    for span in predicted:
        right = half_covered(span, gold)
        if right or not overlap(span, neutral):
            count.predicted += 1
            count.right += right
    return count


def _spans(spans: Iterable[Gold], label: str) -> list[tuple[int, int]]:
    return merged(span.span for span in spans if span.label == label)
