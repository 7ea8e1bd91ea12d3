"""A listener that answers a few small questions over HTTP, in threads of its own."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from promptguard.errors import PromptGuardError

if TYPE_CHECKING:
    from ssl import SSLContext
    from wsgiref.types import StartResponse, WSGIEnvironment

JSON = "application/json"

_NAME: Final = "PromptGuard"
MAX_AT_ONCE: Final = 64
"""Who is answered at a time: each has a thread."""
MAX_SECONDS: Final = 20.0
"""For how long: whoever asks letter by letter would keep others out for ever else."""


@dataclass(frozen=True, slots=True)
class SmallAnswer:
    """What is answered."""

    status: str
    """Such as `200 OK`."""
    content_type: str
    body: bytes
    headers: Sequence[tuple[str, str]] = (("cache-control", "no-store"),)


class _Quiet(WSGIRequestHandler):
    """Writes no line a request, and waits for nobody for long."""

    timeout = 10
    # Not the versions of Python and its library, to a whole network.
    server_version = _NAME
    sys_version = ""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: whoever asks does so often."""


class _Threaded(socketserver.ThreadingMixIn, WSGIServer):
    """One that is slow to ask keeps nobody waiting; where too many ask at once, those beyond are turned away."""

    request_queue_size = 128  # of connections that nobody has taken yet: at five, many at once wait for seconds
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, address: tuple[str, int], handler: type[WSGIRequestHandler], tls: Callable[[], SSLContext] | None
    ) -> None:
        self._tls = tls
        self._answered: dict[int, tuple[float, socket.socket]] = {}
        """Since when who is answered, by thread."""
        self._free = threading.BoundedSemaphore(MAX_AT_ONCE)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, handler)

    def server_bind(self) -> None:
        # `HTTPServer` would ask the DNS for the machine's own name, and start only once that has an answer.
        socketserver.TCPServer.server_bind(self)
        host, self.server_port = self.server_address[:2]
        self.server_name = str(host)
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self._answered[threading.get_ident()] = time.monotonic(), request
        try:
            super().process_request_thread(request, client_address)
        finally:
            del self._answered[threading.get_ident()]
            self._free.release()

    def service_actions(self) -> None:
        """Twice a second: cut off who takes too long."""
        begin = time.monotonic() - MAX_SECONDS
        for since, connection in list(self._answered.values()):
            if since < begin:
                with suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self._tls is None:
            super().finish_request(request, client_address)
            return
        request.settimeout(_Quiet.timeout)  # in its own thread: a client that shakes no hands keeps nobody waiting
        with self._tls().wrap_socket(request, server_side=True, do_handshake_on_connect=False) as secured:
            self._answered[threading.get_ident()] = self._answered[threading.get_ident()][0], secured
            secured.do_handshake()
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing is told of who went away before an answer, or asked for too long: it would quote the address."""


class SmallServer:
    """Answers in threads of its own, so that a busy proxy is told from a dead one.

    Args:
        address: where it listens; port 0 takes a free one.
        answer: what is answered to a path; None is 404.
        setting: the key that names the address, for errors.
        tls: gives what a connection is encrypted with; None serves plain HTTP.

    Raises:
        PromptGuardError: nothing can listen there.
    """

    def __init__(
        self,
        address: tuple[str, int],
        answer: Callable[[str], SmallAnswer | None],
        setting: str,
        tls: Callable[[], SSLContext] | None = None,
    ) -> None:
        self._answer_to = answer
        try:
            self._server = _Threaded(address, _Quiet, tls)
        except OSError as error:
            raise PromptGuardError(
                f"{setting}: nothing can listen on {address[0]}:{address[1]}: {error.strerror}. "
                "Choose another address in promptguard.yaml."
            ) from None
        self._server.set_app(self.application)
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

    def respond(self, environ: WSGIEnvironment) -> SmallAnswer:
        """What is answered to a request (PEP 3333)."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return SmallAnswer("405 Method Not Allowed", JSON, b"{}")
        return self._answer_to(str(environ.get("PATH_INFO", ""))) or SmallAnswer("404 Not Found", JSON, b"{}")

    def application(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """What answers, for any server of such applications (PEP 3333)."""
        answer = self.respond(environ)
        length = ("content-length", str(len(answer.body)))
        start(answer.status, [("server", _NAME), ("content-type", answer.content_type), length, *answer.headers])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]
