"""Each combination of criteria, against the same asked of every decision in Python."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations

import pytest
from tests.samples.reviewing import Installation

from promptguard.model import Action, Event
from promptguard.review import finding
from promptguard.review.criteria import Criterion, Listed, Named, NamedOneOf, Noteworthy, Place, Span
from promptguard.review.finding import newest_of, taken_up_since
from promptguard.review.tables import decision_class, decision_entity, decision_group

COUNT = 120

ASKED = {
    "action": (Named({"action": "block"}), lambda event: event.action == "block"),
    "service": (Named({"destination": "claude"}), lambda event: event.destination == "claude"),
    "rare rule": (Named({"rule": "rare"}), lambda event: event.rule == "rare"),
    "rule and action": (
        Named({"rule": "common", "action": "allow"}),
        lambda event: (event.rule, event.action) == ("common", "allow"),
    ),
    "entity": (Listed(decision_entity, "entity_type", "PERSON"), lambda event: "PERSON" in types(event)),
    "class": (
        Listed(decision_class, "data_class", "credentials"),
        lambda event: "GITHUB_TOKEN" in types(event),
    ),
    "group": (Listed(decision_group, "group_name", "sales"), lambda event: "sales" in event.groups),
    "noteworthy": (Noteworthy(), lambda event: bool(event.findings)),
    "words": (NamedOneOf(["claude"], ["rare"]), lambda event: event.destination == "claude" or event.rule == "rare"),
    "words of nothing": (NamedOneOf([], []), lambda event: False),
}


def types(event: Event) -> set[str]:
    return {finding["entity_type"] for finding in event.findings}


@pytest.fixture(scope="module")
def chance() -> random.Random:
    return random.Random(7)


@pytest.fixture
def events(installation: Installation, make_event, chance: random.Random) -> list[Event]:
    return installation.take_up(
        *(
            make_event(
                f"2026-03-{1 + number // 24:02}T{number % 24:02}:00:00.000Z",
                action=chance.choice([Action.ALLOW, Action.ALLOW, Action.BLOCK]),
                found=chance.choice([(), (), ("PERSON",), ("PERSON", "GITHUB_TOKEN")]),
                destination=chance.choice(["openai_api", "openai_api", "claude"]),
                rule="rare" if number % 40 == 7 else "common",
                groups=chance.choice([["staff"], ["staff", "sales"]]),
                incident=f"pg-{number // 3}" if number % 2 else "",
            )
            for number in range(COUNT)
        )
    )


@contextmanager
def few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """So that every list takes several goes."""
    with monkeypatch.context() as changed:
        changed.setattr(finding, "LOOKED_AT", 4)
        changed.setattr(finding, "MIN_CANDIDATES", 3)
        changed.setattr(finding, "MAX_CANDIDATES", 7)
        yield


def wanted(events: Sequence[Event], names: Sequence[str], span: Span, *, together: bool) -> list[str]:
    """Ids, the newest first; positions count from 1."""
    found: list[tuple[Place, Event]] = []
    seen: set[str] = set()
    for position, event in enumerate(events, 1):
        in_time = (not span.since or event.time >= span.since) and (not span.until or event.time < span.until)
        if not in_time or not all(ASKED[name][1](event) for name in names):
            continue
        first = not event.incident or event.incident not in seen
        seen.add(event.incident)
        place = (event.time, position)
        if (first or not together) and (span.before is None or place < span.before):
            found.append((place, event))
    return [event.id for _, event in reversed(found)]


SPANS = [Span(), Span(since="2026-03-02", until="2026-03-05"), Span(before=("2026-03-04T05:00:00.000Z", 78))]


def test_all_combinations_find_what_all_of_them_hold_for(installation, events, monkeypatch) -> None:
    names = [each for count in range(3) for each in combinations(ASKED, count)]
    assert any(wanted(events, each, SPANS[0], together=True) for each in names if len(each) == 2)
    with few_at_a_time(monkeypatch), installation.database.reading() as connection:
        for number, each in enumerate(names):
            span, together = SPANS[number % 3], number % 2 == 0
            criteria: list[Criterion] = [ASKED[name][0] for name in each]
            expected = wanted(events, each, span, together=together)
            size = (2, COUNT, 5)[number % 5 % 3]
            found = newest_of(connection, criteria, span, size, together=together)
            assert [row["id"] for row in found] == expected[:size], (each, span, together)


def test_what_is_new_is_found_among_what_is_new(installation, events, monkeypatch) -> None:
    with few_at_a_time(monkeypatch), installation.database.reading() as connection:
        for name, (criterion, holds) in ASKED.items():
            found = taken_up_since(connection, [criterion], Span(), COUNT - 30, COUNT, together=False)
            new = [event.id for event in reversed(events[COUNT - 30 :]) if holds(event)]
            assert [row["id"] for row in found] == new, name
        assert taken_up_since(connection, [], Span(), COUNT, COUNT, together=False) == []


def test_the_rarest_leads_and_one_of_nothing_ends_the_search(installation, events) -> None:
    common, rare, nothing = (ASKED[name][0] for name in ("service", "rare rule", "words of nothing"))
    with installation.database.reading() as connection:
        assert finding._rarest(connection, [common, rare], Span()) is rare
        assert finding._rarest(connection, [common, rare, nothing], Span()) is None
