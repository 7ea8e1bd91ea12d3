"""Made-up decisions: 60 services, 15 rules, half a year up to now; one in ten has a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy
from numpy.typing import NDArray

DAYS = 180
BATCH = 100_000

ACTIONS = {"allow": 0.9, "redact": 0.08, "block": 0.02}
INSPECTIONS = {"inspected": 0.99, "not_inspected": 0.01}
GROUPS = {"staff": 0.7999, "sales": 0.2, "board": 0.0001}
ENTITIES = {"EMAIL_ADDRESS": 0.3995, "PERSON": 0.4, "PASSWORD": 0.2, "RARE": 0.0005}
DATA_CLASSES = {"PASSWORD": "credentials"}
"""By entity type; the others are personal data."""
SERVICES = [f"service_{number}" for number in range(60)]
RULES = [f"rule-{number}" for number in range(15)]
RARE_SERVICE, RARE_RULE = "service_rare", "rule-rare"
RARE_ONE_IN = 100_000
"""One decision in so many is of the rare service, one of the rare rule."""
IDLE_SERVICE = "service_7"
"""Nothing is ever blocked there: a filter for that has to go through all of its decisions."""

_GOLDEN = 0x9E3779B97F4A7C15
"""Odd, so that the products with it are different numbers of 64 bits (Knuth, The Art of Computer Programming, 6.4)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some decisions, a list a column, as `review.tables.decision` has them; and what stands in other tables."""

    positions: list[int]
    ids: list[str]
    times: list[str]
    actions: list[str]
    inspections: list[str]
    destinations: list[str]
    rules: list[str]
    incidents: list[str]
    entities: list[str]
    """Empty where nothing was found."""
    groups: list[str]

    def data_class(self, row: int) -> str:
        """The class of what was found."""
        return DATA_CLASSES.get(self.entities[row], "personal_data")


def batches(count: int, now: datetime) -> Iterator[Batch]:
    """So many decisions, evenly over the time, the oldest first; the same each time but for the time."""
    random = numpy.random.default_rng(1)
    start = now - timedelta(days=DAYS)
    prompt = ""
    for first in range(1, count + 1, BATCH):
        batch = _batch(random, range(first, min(first + BATCH, count + 1)), count, start)
        prompt = _put_together(random, batch, prompt)
        yield batch


def _batch(random: numpy.random.Generator, positions: range, count: int, start: datetime) -> Batch:
    size = len(positions)
    step = timedelta(days=DAYS) / count
    moments = numpy.datetime64(start.astimezone(UTC).replace(tzinfo=None), "us") + numpy.arange(
        positions.start, positions.stop
    ) * numpy.timedelta64(int(step.total_seconds() * 1e6), "us")
    times = numpy.datetime_as_string(moments, "ms").tolist()
    actions = _chosen(random, ACTIONS, size)
    destinations = _rarely(random, numpy.array(SERVICES)[random.integers(len(SERVICES), size=size)], RARE_SERVICE)
    actions[(actions == "block") & (destinations == IDLE_SERVICE)] = "redact"
    entities = _chosen(random, ENTITIES, size)
    entities[actions == "allow"] = ""
    return Batch(
        list(positions),
        [event_id(position) for position in positions],
        [f"{time}Z" for time in times],
        actions.tolist(),
        _chosen(random, INSPECTIONS, size).tolist(),
        destinations.tolist(),
        _rarely(random, numpy.array(RULES)[random.integers(len(RULES), size=size)], RARE_RULE).tolist(),
        [""] * size,
        entities.tolist(),
        _chosen(random, GROUPS, size).tolist(),
    )


def event_id(position: int) -> str:
    """The id of a decision, as long as real ones (`audit.events.new_event_id`), and in no order."""
    letters = f"{position * _GOLDEN % 2**64:016X}"
    return f"pg-{letters[:4]}-{letters[4:8]}-{letters[8:12]}-{letters[12:]}"


def _chosen(random: numpy.random.Generator, shares: dict[str, float], size: int) -> NDArray[Any]:
    return numpy.array(list(shares))[random.choice(len(shares), size=size, p=list(shares.values()))]


def _rarely(random: numpy.random.Generator, values: NDArray[Any], name: str) -> NDArray[Any]:
    return numpy.where(random.integers(RARE_ONE_IN, size=len(values)) == 0, name, values)


def _put_together(random: numpy.random.Generator, batch: Batch, prompt: str) -> str:
    """An agent's prompt has some requests, each with the same in it; the id of the last prompt."""
    goes_on = (random.random(len(batch.ids)) < 0.6).tolist()
    for row, entity in enumerate(batch.entities):
        if entity:
            prompt = prompt if prompt and goes_on[row] else batch.ids[row]
            batch.incidents[row] = prompt
    return prompt
