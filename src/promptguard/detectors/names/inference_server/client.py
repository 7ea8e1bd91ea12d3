"""A client of the Open Inference Protocol, version 2, over HTTP.

https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from time import monotonic
from typing import Any, Final
from urllib.parse import quote, urlsplit

import numpy as np
import orjson

from promptguard.detectors.names.inference_server.errors import Cause, ServerAway
from promptguard.detectors.names.inference_server.tensors import INPUT, JUDGED, OUTPUT, filled, judged
from promptguard.detectors.names.inference_server.timed_response import LEAST_SECONDS, responses_until
from promptguard.detectors.names.rampart_tokens import Judgements
from promptguard.detectors.names.spans import ModelUnusable

_NUMBER_BYTES: Final = 32
"""Of a number in JSON, with what separates it from the next, and room for spaces."""
_FRAME_BYTES: Final = 65_536
"""Of an answer beside its numbers."""


class InferenceClient:
    """Asks one model of one server. Each thread has a connection of its own, which stays open."""

    def __init__(self, url: str, model: str, timeout: float, ca_file: Path | None = None) -> None:
        """A client that is not connected yet.

        Args:
            url: where the server is: `https://HOST[:PORT][/PATH]`; `http` is for loopback.
            model: the model's name there.
            timeout: seconds for a whole request, connecting included.
            ca_file: certificates (PEM) to trust, in place of the system's.

        Raises:
            ModelUnusable: the file cannot be read, or holds no certificates.
        """
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port
        self._path = f"{parts.path.rstrip('/')}/v2/models/{quote(model, safe='')}"
        try:
            self._tls = ssl.create_default_context(cafile=ca_file) if parts.scheme == "https" else None
        except OSError:  # ssl.SSLError is one
            raise ModelUnusable(
                f"{ca_file} (names.server.ca_file) cannot be read, or holds no certificates. Name a file with "
                "certificates in PEM."
            ) from None
        self._timeout = timeout
        self._own = threading.local()

    def judge(self, windows: Sequence[Sequence[int]]) -> list[Judgements]:
        """What the model says of each window's tokens; see `RampartVocabulary.inputs`.

        Raises:
            ServerAway: it did not answer in time, or with something else.
        """
        ids = filled(windows)
        shape = [*ids.shape, JUDGED]
        question = {
            "inputs": [{"name": INPUT, "shape": ids.shape, "datatype": "INT64", "data": ids.ravel().tolist()}],
            "outputs": [{"name": OUTPUT}],
        }
        most = ids.size * JUDGED * _NUMBER_BYTES + _FRAME_BYTES
        answer = self._asked("POST", "/infer", orjson.dumps(question), most)
        try:
            (output,) = (each for each in answer["outputs"] if each["name"] == OUTPUT)
            if output["shape"] != shape:
                raise ValueError("another shape")
            return judged(np.array(output["data"], dtype=np.float32).reshape(shape), windows)
        except (KeyError, TypeError, ValueError):
            raise ServerAway(Cause.ANSWER, "these are no judgements") from None

    def ready(self) -> None:
        """Return if the server takes questions to the model.

        Raises:
            ServerAway: it does not.
        """
        self._exchange("GET", "/ready", b"", _FRAME_BYTES)

    def metadata(self) -> dict[str, Any]:
        """What the server says of the model: `inputs` and `outputs` with names, types and shapes.

        Raises:
            ServerAway: it says nothing of it.
        """
        return self._asked("GET", "", b"", _FRAME_BYTES)

    def close(self) -> None:
        """End this thread's connection."""
        connection = getattr(self._own, "connection", None)
        if connection is not None:
            connection.close()
            self._own.connection = None

    def _asked(self, method: str, path: str, content: bytes, most: int) -> dict[str, Any]:
        try:
            answer = orjson.loads(self._exchange(method, path, content, most))
        except orjson.JSONDecodeError:
            raise ServerAway(Cause.ANSWER, "this is no JSON") from None
        if not isinstance(answer, dict):
            raise ServerAway(Cause.ANSWER, "this is no JSON object")
        return answer

    def _exchange(self, method: str, path: str, content: bytes, most: int) -> bytes:
        """The body of the answer, of at most so many bytes."""
        until = monotonic() + self._timeout
        # A server may have closed a connection that was idle: that is no sign of anything, so there is one more try.
        kept = getattr(self._own, "connection", None) is not None
        try:
            return self._one_exchange(method, path, content, most, until)
        except ServerAway as error:
            if not kept or error.cause is not Cause.UNREACHABLE:
                raise
        return self._one_exchange(method, path, content, most, until)

    def _one_exchange(self, method: str, path: str, content: bytes, most: int, until: float) -> bytes:
        whole = False
        try:
            connection = self._connection(until)
            headers = {"Content-Type": "application/json", "Accept": "application/json"} if content else {}
            connection.response_class = responses_until(until)
            connection.request(method, self._path + path, content or None, headers)
            response = connection.getresponse()
            body = _body(response, most)
            whole = not response.will_close
        except TimeoutError:
            raise ServerAway(Cause.TIMEOUT, f"no answer within {self._timeout:g} s") from None
        except ssl.SSLCertVerificationError as error:
            raise ServerAway(Cause.CERTIFICATE, error.verify_message) from None
        except (OSError, HTTPException) as error:
            raise ServerAway(Cause.UNREACHABLE, getattr(error, "strerror", None) or type(error).__name__) from None
        finally:
            if not whole:
                self.close()
        if response.status != HTTPStatus.OK:
            raise ServerAway(Cause.REFUSED, f"status {response.status}")
        return body

    def _connection(self, until: float) -> HTTPConnection:
        """This thread's connection, with what is left of the time."""
        left = max(until - monotonic(), LEAST_SECONDS)
        connection: HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            if self._tls is not None:
                connection = HTTPSConnection(self._host, self._port, timeout=left, context=self._tls)
            else:
                connection = HTTPConnection(self._host, self._port, timeout=left)
            connection.connect()
            # Head and body are two writes: without this the second may wait for the other side's acknowledgement.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._own.connection = connection
        connection.sock.settimeout(max(until - monotonic(), LEAST_SECONDS))
        return connection


def _body(response: HTTPResponse, most: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(_FRAME_BYTES):
        size += len(piece)
        if size > most:
            raise ServerAway(Cause.ANSWER, f"longer than {most} bytes")
        pieces.append(piece)
    return b"".join(pieces)
