"""How well each AI service is understood, from the record and from what was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from promptguard.audit.export import export
from promptguard.audit.usage import Usage, usage_of
from promptguard.configuration.bundle import load_bundle
from promptguard.destinations.registry import Registry
from promptguard.destinations.sightings import Sighting, SightingStore, Sign
from promptguard.keys import Keys
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.record import open_to_read, opened_store
from promptguard.storage.interface import Backend

_OF_SERVICES = frozenset({Sign.SPEECH, Sign.UNCLAIMED, Sign.EMPTY, Sign.UNRESTORED})


@dataclass(frozen=True, slots=True)
class Coverage:
    """How one service was understood."""

    destination: str
    usage: Usage
    signs: Counter[Sign] = field(default_factory=Counter)
    """Requests and answers that were not understood."""

    @property
    def alarm(self) -> bool:
        """Whether somebody should look: it has moved, or speaks what no format describes."""
        return bool(self.usage.silent_since or self.usage.not_inspected or self.signs)


class Shape(NamedTuple):
    """The outline of requests that no format describes."""

    id: str
    sign: Sign
    host: str
    destination: str
    first_day: str
    last_day: str
    times: int
    outline: str
    """JSON, see `destinations.outline`."""


class Unlisted(NamedTuple):
    """A host that looks like an AI service and is in no list."""

    host: str
    times: int
    first_day: str
    last_day: str


def coverage_of(config: Path, data: Path, days: int) -> list[Coverage]:
    """The coverage of all services that were used in the last days, those with an alarm first.

    Raises:
        PromptGuardError: there is no record, or it cannot be read.
    """
    since = datetime.now(UTC) - timedelta(days=days)
    with _open(config, data) as backend:
        store = opened_store(backend, partial(Keys.load, DataFolder(data).keys))
        usage = usage_of(export(store, since=since))
        seen = backend.sightings().since(since.date().isoformat())
    found = {destination: Coverage(destination, used) for destination, used in usage.items()}
    for each in seen:
        if each.sign in _OF_SERVICES:
            found.setdefault(each.destination, Coverage(each.destination, Usage())).signs[each.sign] += each.times
    return sorted(found.values(), key=lambda each: (not each.alarm, -each.usage.prompts, each.destination))


def shapes_of(config: Path, data: Path, days: int) -> list[Shape]:
    """Outlines that were kept in the last days, the most frequent first.

    Raises:
        PromptGuardError: see `coverage_of`.
    """
    shapes: dict[tuple[str, Sign, str], list[Sighting]] = {}
    for each in seen_in(config, data, days):
        if each.outline:
            shapes.setdefault((each.shape_id, each.sign, each.host), []).append(each)
    found = [
        Shape(id, sign, host, seen[0].destination, seen[0].day, seen[-1].day, _sum(seen), seen[0].outline)
        for (id, sign, host), seen in shapes.items()
    ]
    return sorted(found, key=lambda shape: (-shape.times, shape.id))


def unlisted_in(config: Path, data: Path, days: int) -> list[Unlisted]:
    """Hosts that look like AI services and are not listed by now, the most frequent first.

    Raises:
        PromptGuardError: see `coverage_of`.
    """
    return unlisted(load_bundle(config).registry, seen_in(config, data, days))


def unlisted(registry: Registry, seen: Iterable[Sighting]) -> list[Unlisted]:
    """Of what was seen, in the order of days, the hosts that are not in a registry, the most frequent first."""
    hosts: dict[str, list[Sighting]] = {}
    for each in seen:
        if each.sign is Sign.NAME and registry.find_host(each.host) is None and not registry.leaves_alone(each.host):
            hosts.setdefault(each.host, []).append(each)
    found = [Unlisted(host, _sum(days), days[0].day, days[-1].day) for host, days in hosts.items()]
    return sorted(found, key=lambda each: (-each.times, each.host))


def seen_in(config: Path, data: Path, days: int) -> Sequence[Sighting]:
    """All sightings of the last days.

    Raises:
        PromptGuardError: see `coverage_of`.
    """
    with _open(config, data) as backend:
        store: SightingStore = backend.sightings()
        return store.since(first_day(days))


def first_day(days: int) -> str:
    """The first of the last days, as `Sighting.day`."""
    return (datetime.now(UTC) - timedelta(days=days)).date().isoformat()


def _sum(seen: Sequence[Sighting]) -> int:
    return sum(each.times for each in seen)


def _open(config: Path, data: Path) -> AbstractContextManager[Backend]:
    return open_to_read(load_bundle(config).settings, DataFolder(data))
