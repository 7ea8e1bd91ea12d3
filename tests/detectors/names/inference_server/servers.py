"""A small server of the Open Inference Protocol, for tests of what asks one."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from promptguard.detectors.names.inference_server.tensors import INPUT, JUDGED, MODEL, OUTPUT

type Network = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]]


def nothing_found(ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    return np.zeros((*ids.shape, JUDGED), dtype=np.float32)


@dataclass
class Answering:
    """A server that runs, and how it answers."""

    url: str = ""
    network: Network = nothing_found
    status: int = 200
    spoil: Callable[[dict[str, Any]], Any] = lambda answer: answer
    """What becomes of an answer before it is sent."""
    hold: threading.Event = field(default_factory=threading.Event)
    """While it is clear, nothing is answered."""
    hang_up: int = 0
    """How many connections end without an answer from now on."""
    close_after: bool = False
    """Whether each connection ends after its answer, without a word about that."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)

    def metadata(self) -> dict[str, Any]:
        return {
            "name": MODEL,
            "versions": ["1"],
            "platform": "test",
            "inputs": [{"name": INPUT, "datatype": "INT64", "shape": [-1, -1]}],
            "outputs": [{"name": OUTPUT, "datatype": "FP32", "shape": [-1, -1, JUDGED]}],
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that go away."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Answering]:
    answering = Answering()
    answering.hold.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self._answer(answering.metadata() if self.path.endswith(MODEL) else None)

        def do_POST(self) -> None:
            question = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answering.asked.append(question)
            (given,) = question["inputs"]
            ids = np.array(given["data"], dtype=np.int64).reshape(given["shape"])
            judged = answering.network(ids)
            output = {"name": OUTPUT, "shape": judged.shape, "datatype": "FP32", "data": judged.ravel().tolist()}
            self._answer(answering.spoil({"model_name": MODEL, "outputs": [output]}))

        def _answer(self, value: Any) -> None:
            answering.connections.add(self.client_address)
            answering.heads.append(f"{self.command} {self.path}")
            answering.hold.wait(20)
            if answering.hang_up:
                answering.hang_up -= 1
                self.close_connection = True
                return
            content = value if isinstance(value, bytes) else b"" if value is None else orjson.dumps(value)
            self.send_response(answering.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = self.close_connection or answering.close_after

    server = _Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    answering.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield answering
    finally:
        answering.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()
