from __future__ import annotations

import time

import pytest

from promptguard.model import Nature, Role
from promptguard.wire.heads.fields import field_texts


def searched(*fields: tuple[str, str], own_keys: tuple[str, ...] = ()) -> list[str]:
    found = field_texts(fields, own_keys)
    return [text.text for text in found if text.text and text.standing.nature is not Nature.SEALED]


@pytest.mark.parametrize(
    ("name", "value", "texts"),
    [
        ("Host", "api.example.org", []),
        ("Content-Length", "17", []),
        ("Authorization", "Bearer abc-def", []),
        ("X-Api-Key", "sk-abc", []),
        ("x-goog-api-key", "my key is abc", ["my key is abc"]),
        ("User-Agent", "curl/8 (jo@example.org)", ["curl/8 (jo@example.org)"]),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", []),
        ("x-datadog-trace-id", "5029552104821461", []),
        ("traceparent", "jo@example.org", ["jo@example.org"]),
        ("baggage", "sentry-release=1.2,user=jo%40example.org", ["user=jo@example.org"]),
        ("Referer", "https://example.org/c?q=my+key", ["example.org", "c", "q", "my key"]),
        ("x-conduit-token", "abc", []),
        ("x-conduit-token", "my key is abc", ["x-conduit-token", "my key is abc"]),
        ("If-None-Match", 'W/"abc"', ['W/"abc"']),
        ("openai-sentinel-proof-token", "gAAAA~S", []),
        ("X-Note", "my key is abc", ["X-Note", "my key is abc"]),
        ("X-Note", "jo%40example.org", ["X-Note", "jo@example.org"]),
        ("X-Meta", '{"_user":"jo@example.org","n":[7,true]}', ["X-Meta", "_user", "jo@example.org", "n", "7"]),
        ("X-Meta", "{broken", ["X-Meta", "{broken"]),
        ("X-Meta", "[]", ["X-Meta", "[]"]),
        ("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.sk-abc, v1", ["realtime", "v1"]),
        ("Sec-WebSocket-Protocol", "token, 0a1b2c", ["token"]),
        ("Sec-WebSocket-Protocol", "jo%40example.org", ["jo@example.org"]),
        ("Cookie", "_ga=GA1.1.1.2; note=abc", ["note", "abc"]),
    ],
)
def test_a_field_is_read_by_its_kind(name: str, value: str, texts: list[str]) -> None:
    assert searched((name, value)) == texts


def test_each_credential_counts_once() -> None:
    fields = (("Authorization", "Bearer abc"), ("authorization", "Bearer def"), ("X-Gateway-Key", "ghi"))
    assert searched(*fields) == ["Bearer def", "X-Gateway-Key", "ghi"]
    assert searched(*fields, own_keys=("x-gateway-key",)) == ["Bearer def"]
    assert searched(fields[2], fields[2], own_keys=("x-gateway-key",)) == ["X-Gateway-Key", "ghi"]


@pytest.mark.parametrize(
    ("fields", "joined"),
    [
        ([("X-Note", "abc"), ("x-note", "def")], "abcdef"),
        ([("X-Note", "abc"), ("Accept", "text/html"), ("X-NOTE", "def"), ("X-Note", "ghi")], "abcdefghi"),
        ([("Accept", "text/html"), ("Accept", "text/plain")], None),
        ([("Cookie", "a=b"), ("Cookie", "c=d")], None),
        ([("X-Note", "abc"), ("X-Other", "def")], None),
    ],
)
def test_a_field_that_comes_in_pieces_is_read_in_one(fields: list[tuple[str, str]], joined: str | None) -> None:
    pieces = [value for _, value in fields]
    whole = [
        text for text in searched(*fields) if text not in pieces and "".join(pieces[:1]) in text and "=" not in text
    ]
    assert whole == ([joined] if joined else [])


def test_names_are_keys_and_only_those_of_passwords_label() -> None:
    texts = list(field_texts([("X-Db-Password", "abc"), ("X-Build", "abc"), ("X-Note", "a b")]))
    assert [(text.role, text.label, text.standing.nature) for text in texts] == [
        (Role.KEY, "", Nature.PROTOCOL),
        (Role.HEADER, "x-db-password", Nature.TEXT),
        (Role.KEY, "", Nature.PROTOCOL),
        (Role.HEADER, "", Nature.PROTOCOL),
        (Role.KEY, "", Nature.PROTOCOL),
        (Role.HEADER, "x-note", Nature.TEXT),
    ]


def test_many_fields_and_long_ones_are_read_to_the_end_in_linear_time() -> None:
    started = time.process_time()
    texts = searched(*((f"x-{number}", "v") for number in range(50_000)), ("x-last", "jo@example.org"))
    assert texts[0].endswith("x-last: jo@example.org") and len(texts) < 1000
    for value in (
        "a=" * 200_000,
        "a-" * 200_000 + "1",
        "a+" * 200_000,
        "a;" * 200_000,
        '{"a":' * 50_000,
        "@" * 400_000,
    ):
        for name in ("cookie", "x-note", "referer", "authorization", "baggage", "sec-websocket-protocol", "user-agent"):
            searched((name, value))
    assert time.process_time() - started < 20
