"""A listener that answers a few small questions over plain HTTP, in threads of its own."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from promptguard.errors import PromptGuardError

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class SmallAnswer:
    """What is answered to GET and HEAD."""

    status: str
    """Such as `200 OK`."""
    content_type: str
    body: bytes
    headers: Sequence[tuple[str, str]] = (("cache-control", "no-store"),)


class _Quiet(WSGIRequestHandler):
    """Writes no line a request, and waits for nobody for long."""

    timeout = 10

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: whoever asks does so often."""


class _Threaded(socketserver.ThreadingMixIn, WSGIServer):
    """One that is slow to ask keeps nobody waiting."""

    daemon_threads = True
    block_on_close = False


class SmallServer:
    """Answers in threads of its own, so that a busy proxy is told from a dead one.

    Args:
        address: where it listens; port 0 takes a free one.
        answer: what is answered to a path; None is 404.
        setting: the key that names the address, for errors.

    Raises:
        PromptGuardError: nothing can listen there.
    """

    def __init__(self, address: tuple[str, int], answer: Callable[[str], SmallAnswer | None], setting: str) -> None:
        self._answer_to = answer
        try:
            self._server = make_server(*address, self._answer, _Threaded, _Quiet)
        except OSError as error:
            raise PromptGuardError(
                f"{setting}: nothing can listen on {address[0]}:{address[1]}: {error.strerror}. "
                "Choose another address in promptguard.yaml."
            ) from None
        self._thread = threading.Thread(target=self._server.serve_forever, name=setting, daemon=True)

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
            return _sent(start, SmallAnswer("405 Method Not Allowed", JSON, b"{}"))
        answer = self._answer_to(str(environ.get("PATH_INFO", "")))
        return _sent(start, answer or SmallAnswer("404 Not Found", JSON, b"{}"))


def _sent(start: StartResponse, answer: SmallAnswer) -> Iterable[bytes]:
    length = ("content-length", str(len(answer.body)))
    start(answer.status, [("content-type", answer.content_type), length, *answer.headers])
    return [answer.body]
