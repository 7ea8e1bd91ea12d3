"""What the real proxy took of what was sent to it, and as the page tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

RESULTS = Path(__file__).parents[1] / "results"
PROCESSES = RESULTS / "processes.json"
REPLAYED = RESULTS / "replayed.json"


@dataclass(frozen=True, slots=True)
class Shared:
    """What requests took that several processes have shared."""

    requests: int
    cpu_ms: float
    """Processor time of all of them, and of the one that starts them."""
    busiest_ms: float
    """That of the busiest of each round: when it is busy all the time, more requests wait."""
    seconds: float
    """By the clock."""
    load_ms: float
    """Processor time of who sent the requests and of the service, on the same machine."""

    @property
    def each_ms(self) -> float:
        """Processor time of a request."""
        return self.cpu_ms / self.requests

    def times(self, one: Shared) -> float:
        """How many times as many requests as one process they take, where each has a core of its own."""
        return (one.busiest_ms / one.requests) / (self.busiest_ms / self.requests)


@dataclass(frozen=True, slots=True)
class Processes:
    """The same requests to one process and to several."""

    shared: Mapping[int, Shared]
    """By how many processes shared them."""
    connections: int
    """At once, each of which the kernel gives to one of the processes."""
    busy: float | None
    """How many programs wanted to run on the machine before; None where that was not looked at."""

    @classmethod
    def load(cls, path: Path = PROCESSES) -> Self:
        """As they were written."""
        told = json.loads(path.read_text("utf-8"))
        return cls(**{**told, "shared": {int(count): Shared(**each) for count, each in told["shared"].items()}})

    def save(self, path: Path = PROCESSES) -> None:
        """For `load`."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")

    @property
    def table(self) -> str:
        """For the page."""
        one = self.shared[1]
        rows = [
            f"| {count} | {each.each_ms:.2f} ms | {each.busiest_ms / each.cpu_ms:.0%} | {each.times(one):.2f} |"
            f" {each.requests / each.seconds:,.0f} | {each.load_ms / each.requests:.2f} ms |"
            for count, each in sorted(self.shared.items())
        ]
        head = [
            "| processes | processor time of a request | of it in the busiest process | times as many requests as one,"
            " a core each | a second, by the clock | processor time of who sends and answers |",
            "| --: | --: | --: | --: | --: | --: |",
        ]
        return (
            "\n".join([*head, *rows])
            + f"\n\n{one.requests:,} prompts of 2 KB to each, {self.connections} connections at once."
            + f" {told(self.busy)}\n"
        )


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a piece of a simulated day that was sent to the real proxy."""

    people: int
    minutes: float
    requests: int
    refused: int
    proxy_ms: float
    """Processor time of the proxy, and what the costs of its requests come to."""
    proxy_expected_ms: float
    names_ms: float
    names_expected_ms: float
    p50_ms: float
    """By the clock, from when a request was due."""
    p99_ms: float
    busy: float | None
    """As `Processes.busy`."""

    @classmethod
    def load(cls, path: Path = REPLAYED) -> Self:
        """As it was written."""
        return cls(**json.loads(path.read_text("utf-8")))

    def save(self, path: Path = REPLAYED) -> None:
        """For `load`."""
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")

    @property
    def sentence(self) -> str:
        """For the page."""
        seconds = [
            f"{each / 1000:.1f}"
            for each in (self.proxy_ms, self.proxy_expected_ms, self.names_ms, self.names_expected_ms)
        ]
        return (
            f"Measured for {self.people:,} people over {self.minutes:g} minutes: {self.requests:,} requests,"
            f" {self.refused or 'none'} refused.\nThe proxy took {seconds[0]} s of processor time where the costs above"
            f" come to {seconds[1]}, its names workers {seconds[2]}\nwhere they come to {seconds[3]}. By the clock a"
            f" request took {self.p50_ms:.0f} ms at the median and {self.p99_ms:.0f} at p99. {told(self.busy)}\n"
        )


def told(busy: float | None) -> str:
    """How much else ran on the machine, in a sentence."""
    if busy is None:
        return "Other programs ran on the machine at the same time."
    if busy < 0.5:
        return "Nothing else ran on the machine."
    return f"Other programs ran on the machine: {busy:.1f} of them on average wanted a core before it began."
