"""Hostile and broken requests: a clear notice or an untouched passage; never a crash, a hang or an uninspected prompt.

Each request carries a credential, which no destination may see: whatever else happens, it must not arrive.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable

import pytest
from support.expected import DECISION_ID
from support.values import aws_key
from support.watch import Watch
from support.wire import Answered, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess

type Post = Callable[..., Answered]

SECRET = aws_key(random.Random(91))
TEXT = f"aws_access_key_id = {SECRET}"
CHAT = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": TEXT}]}).encode()
BOUNDARY = "----boundary7qZ"


def deep(depth: int) -> bytes:
    return b'{"messages":' + b"[" * depth + json.dumps(TEXT).encode() + b"]" * depth + b"}"


def typed(content_type: str, body: bytes = CHAT) -> bytes:
    return request_bytes(body, headers={"content-type": content_type})


def multipart(body: str) -> bytes:
    return typed(f"multipart/form-data; boundary={BOUNDARY}", body.replace("\n", "\r\n").encode())


REFUSED = {
    "as it should be": request_bytes(CHAT),
    "truncated JSON": request_bytes(CHAT[:-3]),
    "two JSON values": request_bytes(CHAT + CHAT),
    "JSON after a byte order mark": request_bytes(b"\xef\xbb\xbf" + CHAT),
    "UTF-16": request_bytes(CHAT.decode().encode("utf-16")),
    "UTF-32": request_bytes(CHAT.decode().encode("utf-32")),
    "invalid UTF-8": request_bytes(CHAT.replace(b"user", b"us\xff\xfe")),
    "overlong UTF-8": request_bytes(CHAT.replace(b"user", b"\xc1\xb5ser")),
    "NUL bytes": request_bytes(CHAT.replace(b"user", b"us\0er")),
    "JSON 10,000 deep": request_bytes(deep(10_000)),
    "JSON 1,000,000 deep": request_bytes(deep(1_000_000)),
    "duplicate keys": request_bytes(
        b'{"messages":[{"role":"user","content":%s,"content":"harmless"}]}' % json.dumps(TEXT).encode()
    ),
    "a key of 1 MB": request_bytes(json.dumps({"k" * 1_000_000: TEXT}).encode()),
    "the secret in a key": request_bytes(json.dumps({TEXT: 1}).encode()),
    "lone surrogates": request_bytes(CHAT.replace(b"aws_", rb"\ud83d \udc00 aws_")),
    "escaped letters": request_bytes(CHAT.replace(b"AKIA", rb"\u0041\u004b\u0049A")),
    "a number of 100,000 digits": request_bytes(CHAT[:-1] + b',"seed":' + b"7" * 100_000 + b"}"),
    "NaN": request_bytes(CHAT[:-1] + b',"temperature":NaN}'),
    "no content type": typed("", CHAT),
    "plain text": typed("text/plain", TEXT.encode()),
    "JSON as plain text": typed("text/plain"),
    "JSON as a form": typed("application/x-www-form-urlencoded"),
    "JSON as an image": typed("image/png"),
    "JSON as unknown": typed("application/x-unknown; charset=klingon"),
    "form as JSON": typed("application/json", b"note=" + TEXT.replace(" ", "+").encode()),
    "form": typed("application/x-www-form-urlencoded", b"a=1&note=" + TEXT.replace(" ", "+").encode() + b"&b=%zz"),
    "multipart": multipart(f'--{BOUNDARY}\ncontent-disposition: form-data; name="note"\n\n{TEXT}\n--{BOUNDARY}--\n'),
    "multipart without an end": multipart(f'--{BOUNDARY}\ncontent-disposition: form-data; name="note"\n\n{TEXT}'),
    "multipart without its boundary": multipart(f"--another\n\n{TEXT}\n--another--\n"),
    "multipart as JSON": typed("multipart/form-data; boundary=nowhere"),
    "ten thousand parts": multipart(
        f'--{BOUNDARY}\ncontent-disposition: form-data; name="note"\n\n{TEXT}\n' * 10_000 + f"--{BOUNDARY}--\n"
    ),
    "gzip without saying so": request_bytes(gzip.compress(CHAT)),
    "content encoding twice": request_bytes(CHAT, headers={"content-encoding": "identity, identity"}),
    "chunked": request_bytes(b"", headers={"transfer-encoding": "chunked", "x": "y"}).replace(
        b"content-length: 0\r\n", b""
    )
    + b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (CHAT[:7], CHAT[7:]))
    + b"0\r\n\r\n",
    "a body with GET": request_bytes(CHAT, method="GET"),
    "an unknown method": request_bytes(CHAT, method="BREW"),
    "an unknown path": request_bytes(CHAT, path="/v9/unknown/%2e%2e/x"),
    "the secret in the query": request_bytes(b"{}", path=f"/v1/models?q=aws_access_key_id%20%3D%20{SECRET}"),
    "the secret in the path": request_bytes(b"{}", path=f"/v1/files/aws_access_key_id%20%3D%20{SECRET}"),
    "a host header that lies": request_bytes(CHAT, headers={"host": "intranet.fabrikam.com"}),
    "100 headers of 500 bytes": request_bytes(CHAT, headers={f"x-{n}": "v" * 500 for n in range(100)}),
}
"""What the proxy understands well enough to say a sentence about."""

CLOSED = {
    "two lengths": request_bytes(CHAT, headers={"content-length": f"{len(CHAT)}\r\ncontent-length: 2"}),
    "a negative length": request_bytes(CHAT, headers={"content-length": "-1"}),
    "length and chunks": request_bytes(CHAT, headers={"transfer-encoding": "chunked"}),
    "a chunk size that is none": request_bytes(b"", headers={"transfer-encoding": "chunked"}).replace(
        b"content-length: 0\r\n", b""
    )
    + b"zz\r\n"
    + CHAT,
    "a header without a colon": request_bytes(CHAT, headers={"x": "y\r\nnot a header"}),
    "a NUL in a header": request_bytes(CHAT, headers={"x": "y\0z"}),
    "no request line": b"nothing of HTTP\r\n\r\n" + CHAT,
    "100,000 headers": request_bytes(CHAT, headers={f"x-{number}": "v" for number in range(100_000)}),
    "a header of 1 MB": request_bytes(CHAT, headers={"x": "v" * 1_000_000}),
}
"""What breaks HTTP itself: the connection may end without a notice."""


@pytest.fixture(autouse=True)
def works_afterwards(post: Post, quick_proxy: PromptGuardProcess, watch: Watch) -> object:
    """After every test the proxy lives, has let no secret out, and serves the next client."""
    yield
    assert quick_proxy.running
    for request in watch.requests:
        shown = f"{request.path}?{request.query} {request.headers}".encode() + request.body
        assert SECRET.encode() not in shown
        assert SECRET.encode("utf-16-le") not in shown
        assert not shown.startswith(b"\x1f\x8b")
    clean = json.dumps({"messages": [{"role": "user", "content": "What is a mutex?"}]}).encode()
    assert post(request_bytes(clean)).status == 200
    assert watch.requests[-1].body == clean


@pytest.mark.parametrize("name", REFUSED)
def test_request_is_refused_with_a_notice(post: Post, watch: Watch, name: str) -> None:
    answer = post(REFUSED[name])
    assert answer.status == 400, answer
    assert watch.requests == []
    message = json.loads(answer.body)["error"]["message"]
    assert "othing was sent" in message
    assert DECISION_ID.search(message)
    assert SECRET not in answer.text


@pytest.mark.parametrize("name", CLOSED)
def test_broken_http_never_reaches_the_service(post: Post, watch: Watch, name: str) -> None:
    answer = post(CLOSED[name])
    assert answer.status == 0 or 400 <= answer.status < 600
    assert watch.requests == []
    assert SECRET not in answer.text


@pytest.mark.parametrize("missing", [1, 50, len(CHAT)])
def test_client_that_dies_in_the_middle_sends_nothing(post: Post, watch: Watch, missing: int) -> None:
    post(request_bytes(CHAT)[:-missing], end=True)
    assert watch.requests == []


def test_length_that_is_too_short_is_no_second_request(post: Post, watch: Watch) -> None:
    """What follows a body is a request of its own (request smuggling), and inspected like one."""
    hidden = request_bytes(CHAT)
    answer = post(request_bytes(b"{}" + hidden, headers={"content-length": "2"}))
    assert answer.status == 200
    assert [request.body for request in watch.requests] == [b"{}"]
