"""A listener for monitoring: `/metrics` for Prometheus, `/healthz` and `/readyz` for service managers and balancers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import orjson
from prometheus_client import CONTENT_TYPE_LATEST

from promptguard.errors import PromptGuardError

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

JSON = "application/json"


class _Quiet(WSGIRequestHandler):
    """Writes no line a request."""

    timeout = 10

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: whoever monitors asks every few seconds."""


class Monitoring:
    """Answers in a thread of its own, so that a busy proxy is told from a dead one.

    Args:
        address: where it listens; port 0 takes a free one.
        exposition: all metrics, in Prometheus' text format.
        problems: what is wrong; empty while requests are served as configured. `None` while still starting.
        stopped: why all requests are refused; empty while they are not.
        spooling: what is kept on this machine because the database is away; empty while nothing is.
    """

    def __init__(
        self,
        address: tuple[str, int],
        exposition: Callable[[], bytes],
        problems: Callable[[], Sequence[str] | None],
        stopped: Callable[[], str] = str,
        spooling: Callable[[], str] = str,
    ) -> None:
        self._exposition = exposition
        self._problems = problems
        self._stopped = stopped
        self._spooling = spooling
        try:
            self._server = make_server(*address, self._answer, WSGIServer, _Quiet)
        except OSError as error:
            raise PromptGuardError(
                f"monitoring.listen: nothing can listen on {address[0]}:{address[1]}: {error.strerror}. "
                "Choose another address in promptguard.yaml."
            ) from None
        self._thread = threading.Thread(target=self._server.serve_forever, name="monitoring", daemon=True)

    @property
    def port(self) -> int:
        """Where it really listens."""
        return self._server.server_port

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Let go of the port."""
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _sent(start, "405 Method Not Allowed", JSON, b"{}")
        match environ.get("PATH_INFO"):
            case "/metrics":
                return _sent(start, "200 OK", CONTENT_TYPE_LATEST, self._exposition())
            case "/healthz":
                return self._status(start)
            case "/readyz":
                return self._status(start, refusing=bool(self._stopped()))
        return _sent(start, "404 Not Found", JSON, b"{}")

    def _status(self, start: StartResponse, *, refusing: bool = False) -> Iterable[bytes]:
        problems = self._problems()
        if problems is None or refusing:
            status = {"status": "starting" if problems is None else "refusing"}
            return _sent(start, "503 Service Unavailable", JSON, orjson.dumps(status))
        # A mistake in a changed file is for whoever changed it: the last good version is in force.
        ready: dict[str, object] = {"status": "ready", "problems": len(problems)}
        if self._spooling():
            ready["spooling"] = True
        return _sent(start, "200 OK", JSON, orjson.dumps(ready))


def _sent(start: StartResponse, status: str, content_type: str, body: bytes) -> Iterable[bytes]:
    start(status, [("content-type", content_type), ("content-length", str(len(body))), ("cache-control", "no-store")])
    return [body]
