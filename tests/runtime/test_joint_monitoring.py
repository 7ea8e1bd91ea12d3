from __future__ import annotations

from typing import Any

import orjson
import pytest

from promptguard.runtime.joint_monitoring import JointMonitoring
from promptguard.runtime.small_server import JSON, SmallAnswer

STARTING = (503, {"status": "starting"})
DRAINING = (503, {"status": "draining"})


class Process:
    """Answers as one of them would."""

    def __init__(self, status: int = 200, said: dict[str, Any] | None = None, counted: int | None = 0) -> None:
        self.status, self.said, self.counted = status, said or {"status": "ready", "problems": 0}, counted
        self.closed = False

    def ask(self, path: str) -> SmallAnswer | None:
        if path != "/metrics":
            return SmallAnswer(f"{self.status} Said", JSON, orjson.dumps(self.said))
        if self.counted is None:
            return None
        text = f"# TYPE promptguard_decisions_total counter\npromptguard_decisions_total {self.counted}.0\n"
        return SmallAnswer("200 OK", "text/plain", text.encode())

    def close(self) -> None:
        self.closed = True


def joint(*processes: Process) -> JointMonitoring:
    monitoring = JointMonitoring(max(len(processes), 1))
    for number, process in enumerate(processes):
        monitoring.begins(number, process)  # type: ignore[arg-type]
    return monitoring


def status(monitoring: JointMonitoring) -> tuple[int, Any]:
    answer = monitoring.found("/readyz")
    assert answer is not None
    return int(answer.status[:3]), orjson.loads(answer.body)


def counted(monitoring: JointMonitoring) -> list[str]:
    answer = monitoring.found("/metrics")
    assert answer is not None
    return [line for line in answer.body.decode().splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(
    ("processes", "said"),
    [
        ([], STARTING),
        ([Process(*STARTING), Process(*STARTING)], STARTING),
        ([Process(*STARTING), Process()], (200, {"status": "ready", "problems": 0, "processes": 1})),
        ([Process(*DRAINING), Process(*DRAINING)], DRAINING),
        (
            [Process(said={"problems": 1}), Process(said={"problems": 2, "spooling": True})],
            (200, {"status": "ready", "problems": 2, "processes": 2, "spooling": True}),
        ),
    ],
)
def test_how_they_are(processes: list[Process], said: tuple[int, Any]) -> None:
    assert status(joint(*processes)) == said


def test_what_was_counted_stays_counted() -> None:
    one, two = Process(counted=3), Process(counted=4)
    monitoring = joint(one, two)
    assert counted(monitoring) == ["promptguard_decisions_total 7.0", "promptguard_processes 2.0"]
    one.counted = None  # it is busy
    assert counted(monitoring) == ["promptguard_decisions_total 7.0", "promptguard_processes 1.0"]
    monitoring.ends(0)
    assert one.closed
    two.counted = 5
    assert counted(monitoring) == ["promptguard_decisions_total 8.0", "promptguard_processes 1.0"]
    monitoring.begins(0, Process(counted=1))  # type: ignore[arg-type]
    assert counted(monitoring) == ["promptguard_decisions_total 9.0", "promptguard_processes 2.0"]


def test_nothing_else_is_there() -> None:
    assert joint(Process()).found("/") is None
