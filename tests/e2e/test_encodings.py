"""Compressed request bodies are read; what cannot be read does not leave."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from support.expected import DECISION_ID, EMAIL_PLACEHOLDER
from support.values import aws_key, email
from support.watch import Watch
from support.wire import Answered, request_bytes

BLANKS = b" " * 50_000_000
"""More than a body may have, and little when it is compressed."""
BOMB = gzip.compress(BLANKS, compresslevel=1)

type Post = Callable[..., Answered]

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data, mtime=0)),
}


def chat(text: str) -> bytes:
    return json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": text}]}).encode()


def encoded(encoding: str, text: str) -> bytes:
    return request_bytes_with(encoding, ENCODERS[encoding](chat(text)))


def request_bytes_with(encoding: str, body: bytes) -> bytes:
    return request_bytes(body, headers={"content-encoding": encoding})


@pytest.mark.parametrize("encoding", ENCODERS)
def test_clean_body_passes_as_it_was_sent(post: Post, watch: Watch, encoding: str) -> None:
    answer = post(encoded(encoding, "What is a mutex?"))
    assert answer.status == 200
    assert watch.one.body == ENCODERS[encoding](chat("What is a mutex?"))
    assert watch.one.header("content-encoding") == encoding


@pytest.mark.parametrize("encoding", ENCODERS)
def test_personal_data_is_redacted(post: Post, watch: Watch, encoding: str) -> None:
    value = email(81)
    answer = post(encoded(encoding, f"mail {value}"))
    assert answer.status == 200
    assert watch.one.header("content-encoding") in ("", "identity")
    assert EMAIL_PLACEHOLDER.sub("{}", watch.one.json()["messages"][0]["content"]) == "mail {}"
    assert json.loads(answer.body)["choices"][0]["message"]["content"] == f"You wrote: mail {value}"


@pytest.mark.parametrize("encoding", ENCODERS)
def test_credential_is_blocked(post: Post, watch: Watch, encoding: str) -> None:
    answer = post(encoded(encoding, f"aws_access_key_id = {aws_key(random.Random(82))}"))
    assert answer.status == 400
    assert watch.requests == []


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("snappy", chat("What is a mutex?")),
        ("gzip", b"this is no gzip"),
        ("gzip", gzip.compress(chat("What is a mutex?"))[:-9]),
        ("br", b"\xff\xff\xff\xff"),
        ("zstd", b"this is no zstd"),
        ("deflate", b"this is no deflate"),
        ("gzip, snappy", gzip.compress(chat("What is a mutex?"))),
        ("gzip", BOMB),
        ("gzip, gzip", gzip.compress(BOMB)),
        ("br", brotli.compress(BLANKS, quality=1)),
        ("zstd", zstandard.compress(BLANKS)),
    ],
    ids=[
        "unknown encoding",
        "no gzip",
        "truncated gzip",
        "no brotli",
        "no zstd",
        "no deflate",
        "one of two unknown",
        "gzip bomb",
        "gzip bomb in gzip",
        "brotli bomb",
        "zstd bomb",
    ],
)
def test_unreadable_body_is_refused(post: Post, watch: Watch, encoding: str, body: bytes) -> None:
    answer = post(request_bytes_with(encoding, body))
    assert answer.status == 400
    assert watch.requests == []
    message = json.loads(answer.body)["error"]["message"]
    assert "othing was sent" in message
    assert DECISION_ID.search(message)


def test_body_over_the_limit_is_refused(post: Post, watch: Watch) -> None:
    answer = post(request_bytes(chat("a " * 6_000_000)))
    assert answer.status == 400
    assert watch.requests == []
    assert "10 MB" in json.loads(answer.body)["error"]["message"]


def test_body_under_the_limit_passes(post: Post, watch: Watch) -> None:
    body = chat("a plain word " * 300_000)
    assert post(request_bytes(body)).status == 200
    assert watch.one.body == body
