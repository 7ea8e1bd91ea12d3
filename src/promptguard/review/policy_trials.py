"""A policy tried on what was recorded: what would change, by rule, tool and kind of data, and in which decisions.

Many decisions are alike: those of which all is the same that a policy looks at are replayed once.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile
from typing import Any, Final

from promptguard.audit.interface import Record
from promptguard.audit.record import parsed
from promptguard.model import Kind
from promptguard.policy.orders import ABOUT_PEOPLE
from promptguard.policy.policy import Policy
from promptguard.policy.replay import Unknown, WouldBe, likeness, would_be
from promptguard.policy.rule import Rule
from promptguard.review.groups import FEWEST

MAX_TRIED: Final = 20_000
"""Decisions that a policy is tried on at a time in the console."""

MAX_TRIAL_SECONDS: Final = 30.0
"""So long one takes there: a draft may have thousands of rules, and the console has other pages to make."""

MAX_EXAMPLES: Final = 5
"""Decisions named for each way in which something would change."""

MAX_ALIKE: Final = 100_000
"""Sorts of decisions that are remembered."""

_LOOK_EVERY: Final = 100
"""Decisions after which it is looked at the clock."""

type Way = tuple[str, str, str, str]
"""What was done and by which rule, and what would be and by which."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Decisions that would change in one way."""

    was: str
    was_rule: str
    now: str
    now_rule: str
    count: int | None
    """None where fewer than `groups.FEWEST` are concerned by a rule, or an order, about certain people or groups."""
    ids: Sequence[str] = field(repr=False)
    """All decisions, the newest first."""
    tools: Mapping[str, int] = field(hash=False)
    """How many there are of each tool."""
    classes: Mapping[str, int] = field(hash=False)
    """In how many of them each data class was found."""

    @property
    def examples(self) -> Sequence[str]:
        """The newest of them."""
        return self.ids[:MAX_EXAMPLES]


@dataclass(frozen=True, slots=True)
class PolicyTrial:
    """What a policy would have done with decisions of the past."""

    tried: int
    since: str
    """The time of the oldest one; empty for none."""
    until: str
    """From when on there was no time for more; empty where there was."""
    changed: int
    """Without those of which it is not told how many they are: they could be counted by it."""
    shifts: Sequence[Shift]
    unknown: Mapping[Unknown, int] = field(hash=False)
    """How often something could not be told from the record, and might matter."""


@dataclass(slots=True)
class _Found:
    ids: list[str] = field(default_factory=list)
    persons: set[str] = field(default_factory=set)
    """No more of them than have to be told apart from few."""
    tools: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)


def tried(
    policy: Policy,
    records: Iterable[Record],
    then: Callable[[Mapping[str, Any]], Policy | None],
    kinds: Mapping[str, Kind],
    *,
    seconds: float | None = None,
) -> PolicyTrial:
    """What a policy would have done.

    Args:
        records: opened, the oldest first.
        then: the policy that decided on an event, where it is known; asked once for each `policy_hash`.
        kinds: of the services in the registry, by id.
        seconds: for which it goes on; None for as long as it takes.
    """
    policies: dict[str, Policy | None] = {}
    alike: dict[tuple[Any, ...], WouldBe] = {}
    found: dict[Way, _Found] = {}
    unknown: Counter[Unknown] = Counter()
    count, since, until = 0, "", ""
    end = None if seconds is None else time.monotonic() + seconds
    for record in records:
        if end is not None and count % _LOOK_EVERY == 0 and time.monotonic() > end:
            until = record.time
            break
        count, since = count + 1, since if since and since <= record.time else record.time
        try:
            event = parsed(record.event)
            key = likeness(event)
            changed = alike.get(key)
            if changed is None:
                hash = str(event["policy_hash"])
                if hash not in policies:
                    policies[hash] = then(event)
                changed = would_be(event, policy, policies[hash], kinds)
                if len(alike) < MAX_ALIKE:
                    alike[key] = changed
        except (ValueError, KeyError, TypeError):
            unknown[Unknown.EVENT] += 1
            continue
        if changed.now.unknown:
            unknown.update(changed.now.unknown)
        if changed.is_one:
            way = (changed.was, changed.was_rule, str(changed.now.action), changed.now.rule)
            _note(found.setdefault(way, _Found()), record.event_id, event)
    known = [policy, *(each for each in policies.values() if each is not None)]
    personal = {rule.id for each in known for rule in _left_by_person(each)}
    shifts = sorted((_shift(way, each, personal) for way, each in found.items()), key=lambda shift: -(shift.count or 0))
    return PolicyTrial(count, since, until, sum(shift.count or 0 for shift in shifts), shifts, dict(unknown))


def _note(found: _Found, id: str, event: Mapping[str, Any]) -> None:
    found.ids.append(id)
    found.tools[str(event["destination"])] += 1
    found.classes.update({str(each["data_class"]) for each in event["findings"]})
    if len(found.persons) < FEWEST:
        found.persons.add(str(event["pseudonym"]))


def _left_by_person(policy: Policy) -> Iterable[Rule]:
    """The rules that ask who it was, and those behind them, which have whomever the others leave: it may be one."""
    return dropwhile(lambda rule: not rule.asks_for_persons, policy.rules)


def _shift(way: Way, found: _Found, personal: set[str]) -> Shift:
    of_people = bool(personal & {way[1], way[3]}) or way[1].startswith(ABOUT_PEOPLE)
    if len(found.persons) < FEWEST and of_people:
        return Shift(*way, None, (), {}, {})
    return Shift(*way, len(found.ids), tuple(reversed(found.ids)), dict(found.tools), dict(found.classes))
