from __future__ import annotations

import socket
from time import monotonic

import pytest

from promptguard.detectors.names.inference_server.timed_response import responses_until


def test_an_answer_is_read_whole_while_there_is_time() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx: y\r\n\r\nhello")
        response = responses_until(monotonic() + 60)(ours, method="GET")
        response.begin()
        assert (response.status, response.getheader("x"), response.read()) == (200, "y", b"hello")
        assert response.isclosed()


@pytest.mark.parametrize("there", [b"", b"HTTP/1.1 200 OK\r\n"])
def test_nothing_is_read_once_it_is_over(there: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(there)
        response = responses_until(monotonic() - 1)(ours, method="GET")
        with pytest.raises(TimeoutError):
            response.begin()
        response.close()
