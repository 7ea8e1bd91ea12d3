"""What monitoring is told: `/metrics` for Prometheus, `/healthz` and `/readyz` for service managers and balancers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson
from prometheus_client import CONTENT_TYPE_LATEST

from promptguard.runtime.small_server import JSON, SmallAnswer


class Monitoring:
    """Answers to paths.

    Args:
        exposition: all metrics, in Prometheus' text format.
        problems: what is wrong; empty while requests are served as configured. `None` while still starting.
        stopped: why all requests are refused; empty while they are not.
        spooling: what is kept on this machine because the database is away; empty while nothing is.
        draining: whether it is about to end, and takes new connections only until nobody sends any more.
    """

    def __init__(
        self,
        exposition: Callable[[], bytes],
        problems: Callable[[], Sequence[str] | None],
        stopped: Callable[[], str] = str,
        spooling: Callable[[], str] = str,
        draining: Callable[[], bool] = bool,
    ) -> None:
        self._exposition = exposition
        self._problems = problems
        self._stopped = stopped
        self._spooling = spooling
        self._draining = draining

    def found(self, path: str) -> SmallAnswer | None:
        """What is answered; None where there is nothing."""
        match path:
            case "/metrics":
                return SmallAnswer("200 OK", CONTENT_TYPE_LATEST, self._exposition())
            case "/healthz":
                return self._status()
            case "/readyz":
                return self._status(unready="draining" if self._draining() else "refusing" if self._stopped() else "")
        return None

    def _status(self, *, unready: str = "") -> SmallAnswer:
        problems = self._problems()
        if problems is None or unready:
            status = {"status": "starting" if problems is None else unready}
            return SmallAnswer("503 Service Unavailable", JSON, orjson.dumps(status))
        # A mistake in a changed file is for whoever changed it: the last good version is in force.
        ready: dict[str, object] = {"status": "ready", "problems": len(problems)}
        if self._spooling():
            ready["spooling"] = True
        return SmallAnswer("200 OK", JSON, orjson.dumps(ready))
