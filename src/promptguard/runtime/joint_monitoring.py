"""What monitoring is told of several processes on one port, as if they were one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import orjson
from prometheus_client import CONTENT_TYPE_LATEST

from promptguard.runtime.control import Asking
from promptguard.runtime.small_server import JSON, SmallAnswer
from promptguard.runtime.summed_metrics import summed

_PROCESSES: Final = """\
# HELP promptguard_processes Processes of this proxy that give an answer.
# TYPE promptguard_processes gauge
promptguard_processes {}.0
"""


class JointMonitoring:
    """Asks them all, at the same time.

    What a process has counted when it was last asked stays counted when it is gone: for Prometheus, counters that fall
    have begun anew.
    """

    def __init__(self, count: int) -> None:
        self._asking: dict[int, Asking] = {}
        self._last: dict[int, str] = {}
        self._gone = ""
        self._pool = ThreadPoolExecutor(count, "monitoring")

    def begins(self, number: int, asking: Asking) -> None:
        """A process is there."""
        self._asking[number] = asking

    def ends(self, number: int) -> None:
        """A process is gone."""
        self._asking.pop(number).close()
        if last := self._last.pop(number, ""):
            self._gone = summed([self._gone, last], counted_only=True)

    def found(self, path: str) -> SmallAnswer | None:
        """What is answered; None where there is nothing."""
        match path:
            case "/metrics":
                return SmallAnswer("200 OK", CONTENT_TYPE_LATEST, self._exposition().encode())
            case "/healthz" | "/readyz":
                return self._status(path)
        return None

    def _answers(self, path: str) -> dict[int, SmallAnswer]:
        asked = list(self._asking.items())
        answers = self._pool.map(lambda each: each[1].ask(path), asked)
        return {number: answer for (number, _), answer in zip(asked, answers, strict=True) if answer is not None}

    def _exposition(self) -> str:
        now = {
            number: answer.body.decode()
            for number, answer in self._answers("/metrics").items()
            if answer.status.startswith("200")
        }
        silent = [last for number, last in self._last.items() if number not in now]
        self._last.update((number, text) for number, text in now.items() if number in self._asking)
        counted = summed([self._gone, *silent], counted_only=True)
        return summed([counted, *now.values()]) + _PROCESSES.format(len(now))

    def _status(self, path: str) -> SmallAnswer:
        """That of a proxy where at least one serves: the others take what is left."""
        answers = list(self._answers(path).values())
        ready = [orjson.loads(answer.body) for answer in answers if answer.status.startswith("200")]
        if not ready:
            return answers[0] if answers else SmallAnswer("503 Service Unavailable", JSON, b'{"status":"starting"}')
        status: dict[str, object] = {
            "status": "ready",
            "problems": max(each["problems"] for each in ready),
            "processes": len(ready),
        }
        if any(each.get("spooling") for each in ready):
            status["spooling"] = True
        return SmallAnswer("200 OK", JSON, orjson.dumps(status))
