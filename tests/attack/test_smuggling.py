"""Requests that two readers take apart differently: the service must not find in them what the proxy did not."""

from __future__ import annotations

import pytest
from harness.attack import Attack, Write
from harness.client import UNFINISHED_SECONDS
from harness.planted import zipped_gzip
from harness.requests import CHAT_PATH, chat, chunked, raw, request

HEAD = f"POST {CHAT_PATH} HTTP/1.1\nhost: api.openai.com\ncontent-type: application/json\n"
CLEAN = chat("hello")


def hidden(value: str) -> bytes:
    """A request that stands in another's body."""
    return request(chat(f"aws_access_key_id = {value}"))


def both(head: str, body: bytes) -> bytes:
    return raw(HEAD + head, body)


def with_length(head: str, body: bytes, size: int | None = None) -> bytes:
    return raw(f"{HEAD}content-length: {len(body) if size is None else size}\n{head}", body)


SMUGGLED: dict[str, Write] = {
    "length before chunks": lambda v: with_length("transfer-encoding: chunked", b"0\r\n\r\n" + hidden(v)),
    "chunks before length": lambda v: both("transfer-encoding: chunked\ncontent-length: 4", chunked(CLEAN) + hidden(v)),
    "length that ends early": lambda v: with_length("", CLEAN + hidden(v), len(CLEAN)),
    "length of zero": lambda v: with_length("", hidden(v), 0),
    "two lengths, short first": lambda v: raw(
        f"{HEAD}content-length: {len(CLEAN)}\ncontent-length: {len(CLEAN + hidden(v))}", CLEAN + hidden(v)
    ),
    "two lengths, long first": lambda v: raw(
        f"{HEAD}content-length: {len(CLEAN + hidden(v))}\ncontent-length: {len(CLEAN)}", CLEAN + hidden(v)
    ),
    "lengths in one line": lambda v: raw(f"{HEAD}content-length: {len(CLEAN)}, 9999", CLEAN + hidden(v)),
    "length with a sign": lambda v: raw(f"{HEAD}content-length: +{len(CLEAN)}", CLEAN + hidden(v)),
    "length in hexadecimal": lambda v: raw(f"{HEAD}content-length: 0x{len(CLEAN):x}", CLEAN + hidden(v)),
    "length below zero": lambda v: raw(f"{HEAD}content-length: -1", CLEAN + hidden(v)),
    "length with a space inside": lambda v: raw(f"{HEAD}content-length: {len(CLEAN)} 0", CLEAN + hidden(v)),
    "length with underscore digits": lambda v: raw(f"{HEAD}content-length: 1_0", CLEAN + hidden(v)),
    "length in Arabic digits": lambda v: (
        HEAD.replace("\n", "\r\n").encode() + "content-length: ٣٢\r\n\r\n".encode() + CLEAN + hidden(v)
    ),
    "space before the colon": lambda v: raw(f"{HEAD}content-length : {len(CLEAN)}", CLEAN + hidden(v)),
    "tab before the colon": lambda v: raw(f"{HEAD}transfer-encoding\t: chunked", chunked(CLEAN) + hidden(v)),
    "encoding after a tab": lambda v: both("transfer-encoding:\tchunked", b"0\r\n\r\n" + hidden(v)),
    "encoding in capitals": lambda v: both("Transfer-Encoding: CHUNKED", b"0\r\n\r\n" + hidden(v)),
    "encoding with a vertical tab": lambda v: with_length("transfer-encoding: \x0bchunked", b"0\r\n\r\n" + hidden(v)),
    "encoding misspelled": lambda v: with_length("transfer-encoding: xchunked", b"0\r\n\r\n" + hidden(v)),
    "encoding in quotes": lambda v: with_length('transfer-encoding: "chunked"', b"0\r\n\r\n" + hidden(v)),
    "encoding with an underscore": lambda v: with_length("transfer_encoding: chunked", b"0\r\n\r\n" + hidden(v), 5),
    "identity and chunked": lambda v: with_length("transfer-encoding: identity, chunked", b"0\r\n\r\n" + hidden(v)),
    "chunked and identity": lambda v: with_length("transfer-encoding: chunked, identity", b"0\r\n\r\n" + hidden(v)),
    "chunked twice": lambda v: both("transfer-encoding: chunked, chunked", chunked(chunked(CLEAN)) + hidden(v)),
    "two encodings": lambda v: both(
        "transfer-encoding: chunked\ntransfer-encoding: identity", b"0\r\n\r\n" + hidden(v)
    ),
    "gzip in chunks": lambda v: both(
        "transfer-encoding: gzip, chunked", chunked(zipped_gzip(chat(f"aws_access_key_id = {v}")))
    ),
    "folded encoding": lambda v: with_length("transfer-encoding:\n chunked", b"0\r\n\r\n" + hidden(v)),
    "folded length": lambda v: raw(f"{HEAD}content-length:\n {len(CLEAN)}", CLEAN + hidden(v)),
    "folded value": lambda v: with_length(f"x-note: aws_access_key_id =\n {v}", CLEAN),
    "value folded inside": lambda v: with_length(f"x-note: {v[:9]}\n {v[9:]}", CLEAN),
    "header begins with a space": lambda v: raw(
        f"POST {CHAT_PATH} HTTP/1.1\n x-note: {v}\nhost: api.openai.com\ncontent-length: {len(CLEAN)}", CLEAN
    ),
    "line feeds alone": lambda v: hidden(v).replace(b"\r\n", b"\n"),
    "carriage returns alone": lambda v: hidden(v).replace(b"\r\n", b"\r"),
    "bare line feed hides a length": lambda v: with_length("x-a: b\x0acontent-length: 0", hidden(v)),
    "bare carriage return hides an encoding": lambda v: with_length("x-a: b\rtransfer-encoding: chunked", hidden(v)),
    "carriage return ends the chunk's size": lambda v: both(
        "transfer-encoding: chunked", chunked(CLEAN).replace(b"\r\n{", b"\r{") + hidden(v)
    ),
    "NUL in a header": lambda v: with_length("x-a: b\0transfer-encoding: chunked", hidden(v)),
    "chunk extension": lambda v: both("transfer-encoding: chunked", chunked(CLEAN, extension=f";note={v}")),
    "chunk extension in quotes": lambda v: both(
        "transfer-encoding: chunked", chunked(CLEAN, extension=f';a="aws_access_key_id = {v}"')
    ),
    "extension of the last chunk": lambda v: both(
        "transfer-encoding: chunked", chunked(CLEAN).replace(b"0\r\n\r\n", f"0;{v}\r\n\r\n".encode())
    ),
    "line feed in an extension": lambda v: both(
        "transfer-encoding: chunked", chunked(CLEAN, extension=";a\n") + hidden(v)
    ),
    "trailer": lambda v: both(
        "transfer-encoding: chunked\ntrailer: x-note", chunked(CLEAN, trailers=f"x-note: {v}\r\n")
    ),
    "trailer that nothing announces": lambda v: both(
        "transfer-encoding: chunked", chunked(CLEAN, trailers=f"x-note: aws_access_key_id = {v}\r\n")
    ),
    "name of a trailer": lambda v: both("transfer-encoding: chunked", chunked(CLEAN, trailers=f"{v}: 1\r\n")),
    "length in a trailer": lambda v: both(
        "transfer-encoding: chunked", chunked(CLEAN, trailers="content-length: 0\r\n") + hidden(v)
    ),
    "chunk size with a sign": lambda v: both("transfer-encoding: chunked", b"+0\r\n\r\n" + hidden(v)),
    "chunk size with 0x": lambda v: both("transfer-encoding: chunked", b"0x0\r\n\r\n" + hidden(v)),
    "chunk size with spaces": lambda v: both("transfer-encoding: chunked", b" 0 \r\n\r\n" + hidden(v)),
    "chunk size with an underscore": lambda v: both("transfer-encoding: chunked", b"0_0\r\n\r\n" + hidden(v)),
    "chunk size of seventeen digits": lambda v: both(
        "transfer-encoding: chunked", b"1" + b"0" * 16 + b"\r\n" + hidden(v)
    ),
    "value split over chunks": lambda v: both(
        "transfer-encoding: chunked", chunked(*(bytes([byte]) for byte in chat(f"aws_access_key_id = {v}")))
    ),
    "chunked for HTTP/1.0": lambda v: hidden(v).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
    "HTTP/1.0 without a length": lambda v: raw(
        f"POST {CHAT_PATH} HTTP/1.0\nhost: api.openai.com", chat(f"aws_access_key_id = {v}")
    ),
    "HTTP/0.9": lambda v: f"GET /v1/threads?q={v}\r\n\r\n".encode(),
    "HTTP/2.0 in the line": lambda v: hidden(v).replace(b"HTTP/1.1", b"HTTP/2.0", 1),
    "HTTP/1.1 in lower case": lambda v: hidden(v).replace(b"HTTP/1.1", b"http/1.1", 1),
    "spaces in the request line": lambda v: hidden(v).replace(b"POST ", b"POST   ", 1),
    "tab in the request line": lambda v: hidden(v).replace(b"POST ", b"POST\t", 1),
    "empty lines first": lambda v: b"\r\n\r\n\r\n" + hidden(v),
    "GET with a body": lambda v: hidden(v).replace(b"POST ", b"GET ", 1),
    "HEAD with a body": lambda v: hidden(v).replace(b"POST ", b"HEAD ", 1),
    "TRACE with a body": lambda v: hidden(v).replace(b"POST ", b"TRACE ", 1),
    "OPTIONS with a body": lambda v: hidden(v).replace(b"POST ", b"OPTIONS ", 1),
    "GET whose body is a request": lambda v: raw(
        f"GET /v1/threads HTTP/1.1\nhost: api.openai.com\ncontent-length: {len(hidden(v))}", hidden(v)
    ),
    "expect": lambda v: request(chat(f"aws_access_key_id = {v}"), headers={"expect": "100-continue"}),
    "expect that is unknown": lambda v: request(chat(f"aws_access_key_id = {v}"), headers={"expect": f"{v}"}),
    "upgrade to h2c": lambda v: request(
        chat(f"aws_access_key_id = {v}"),
        headers={
            "connection": "Upgrade, HTTP2-Settings",
            "upgrade": "h2c",
            "http2-settings": "AAMAAABkAARAAAAAAAIAAAAA",
        },
    ),
    "upgrade that is unknown": lambda v: [
        raw(f"GET /v1/x HTTP/1.1\nhost: api.openai.com\nconnection: upgrade\nupgrade: {'tcp'}"),
        hidden(v),
    ],
    "settings of h2c": lambda v: request(CLEAN, headers={"connection": "HTTP2-Settings", "http2-settings": v}),
    "preface of HTTP/2": lambda v: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + hidden(v),
    "CONNECT in the tunnel": lambda v: [
        b"CONNECT api.openai.com:443 HTTP/1.1\r\nhost: api.openai.com:443\r\n\r\n",
        hidden(v),
    ],
    "hop-by-hop length": lambda v: with_length("connection: content-length", hidden(v)),
    "hop-by-hop content type": lambda v: with_length("connection: content-type", chat(f"aws_access_key_id = {v}")),
}
"""Each carries a credential in a place that a reader might not look at."""

PIPELINED: dict[str, Write] = {
    "two in one": lambda v: request(CLEAN) + hidden(v),
    "after a GET": lambda v: request(method="GET", path="/v1/models", kind="") + hidden(v),
    "after a HEAD": lambda v: request(method="HEAD", path="/v1/models", kind="", length=False) + hidden(v),
    "nine and one": lambda v: request(CLEAN) * 9 + hidden(v),
    "after chunks": lambda v: both("transfer-encoding: chunked", chunked(CLEAN)) + hidden(v),
    "in two pieces": lambda v: [request(CLEAN) + hidden(v)[:150], hidden(v)[150:]],
    "byte by byte at the border": lambda v: [hidden(v)[:-3], *(hidden(v)[-3:][at : at + 1] for at in range(3))],
    "after close": lambda v: request(CLEAN, headers={"connection": "close"}) + hidden(v),
    "empty lines between": lambda v: request(CLEAN) + b"\r\n\r\n" + hidden(v),
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_smuggled(name: str, attack: Attack) -> None:
    attack.leaves_not("key", SMUGGLED[name], answers=2, seconds=UNFINISHED_SECONDS)


@pytest.mark.parametrize("name", PIPELINED)
def test_pipelined(name: str, attack: Attack) -> None:
    attack.leaves_not("key", PIPELINED[name], answers=2, seconds=UNFINISHED_SECONDS)


CONTROLS = {
    "length": request(CLEAN),
    "chunks": both("transfer-encoding: chunked", chunked(CLEAN)),
    "GET": request(method="GET", path="/v1/models?limit=20", kind=""),
    "GET with empty values": request(method="GET", path="/v1/models?a=&b&c==", kind=""),
    "odd names": request(CLEAN, headers={"X-Odd_Name.1": "a;b,c=d", "x-empty": ""}),
    "spaces in JSON": request(b'{ "model" :"gpt-5",\n\t"messages":[ {"role":"user","content":"hello"} ] }'),
    "odd numbers": request(CLEAN[:-1] + b',"seed":1.0e2,"temperature":-0.0,"x":12345678901234567890.10}'),
    "escapes": request(CLEAN.replace(b"hello", rb"h\u00e9llo \/ \ud83d\ude00 \u0000")),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_clean_arrives_whole(name: str, attack: Attack) -> None:
    if name == "chunks":
        attack.client.exchange(CONTROLS[name])
        assert CLEAN in attack.upstream.everything()
        return
    attack.arrives_whole(CONTROLS[name])
