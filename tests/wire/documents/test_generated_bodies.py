"""Bodies in random shapes that nobody has described: a value is found wherever it stands, and replaced there alone."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus

import brotli
import pytest
import zstandard
from tests.surfaces.measuring import bundle, guard

from promptguard.guard import Guard
from promptguard.model import Action, Identity, Request, Verdict
from promptguard.wire.encodings import decode
from promptguard.wire.framings import load_framings
from promptguard.wire.framings.envelope import envelope
from promptguard.wire.protobuf import varint

BODIES = 250
"""Of each kind; all together 2,000."""

MAIL = "jane.porter@orchard-lane.com"
NOTHING = "the customer of last week"

NAMES = (
    "text",
    "name",
    "value",
    "payload",
    "body",
    "data",
    "q",
    "to",
    "items",
    "content",
    "x-note",
    "größe",
    "k1",
    "input",
)
WORDS = (
    "order",
    "is late",
    "Größe",
    "🙂 ok",
    "a",
    "",
    "1.5",
    "null",
    "<b>",
    "\\",
    '"',
    "line\nbreak",
    "100 %",
    "x=1&y=2",
)

LEAST_EXACT = {"form": 0.85, "protobuf": 0.85, "connect": 0.9, "encoded": 0.9}
"""Where not all are: where JSON stands in a text, the whole string goes that has escapes beside the value; and protocol
buffers that may be a text as well are blocked."""

type Body = tuple[bytes, str, str]
"""A body, its content type, and its content encoding."""


def near(random: Random, value: str) -> str:
    """A sentence around a value."""
    return f"{random.choice(WORDS)} {value} {random.choice(WORDS)}"


def scalar(random: Random) -> Any:
    return random.choice((None, True, False, 0, -1.5, 1e30, random.randrange(10**6), random.choice(WORDS)))


def tree(random: Random, value: str, depth: int) -> Any:
    """A JSON value in which another one stands somewhere: as a text, a name, in a pair, or encoded once more."""
    if depth == 0:
        return carried(random, value)
    inner = tree(random, value, depth - 1)
    others = [scalar(random) for _ in range(random.randrange(4))]
    match random.randrange(5):
        case 0:
            others.insert(random.randrange(len(others) + 1), inner)
            return others
        case 1:
            return [[random.choice(NAMES), inner], *([random.choice(NAMES), other] for other in others)]
        case 2:
            return {"name": random.choice(NAMES), "value": inner, "more": others}
    names = random.sample(NAMES, len(others) + 1)
    return dict(zip(names, [*others, inner], strict=True))


def carried(random: Random, value: str) -> Any:
    match random.randrange(8):
        case 0:
            return {f"note to {value}": scalar(random)}
        case 1:
            return {random.choice(NAMES): written({random.choice(NAMES): near(random, value)}, random).decode()}
        case 2:
            return [near(random, value), [scalar(random)]]
    return near(random, value)


def written(value: Any, random: Random) -> bytes:
    """JSON in one of the ways in which programs write it."""
    style = random.randrange(4)
    if style == 0:
        return json.dumps(value, indent=2).encode()
    if style == 1:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return json.dumps(value, ensure_ascii=style == 2).encode()


def json_body(random: Random, value: str) -> Body:
    return (
        written({"k": tree(random, value, random.randrange(6))}, random),
        random.choice(("application/json", "text/plain", "")),
        "",
    )


def lines(random: Random, value: str) -> Body:
    rows = [{"a": scalar(random)} for _ in range(random.randrange(1, 4))]
    rows.insert(random.randrange(len(rows) + 1), {"b": tree(random, value, random.randrange(3))})
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows), "application/x-ndjson", ""


def form(random: Random, value: str) -> Body:
    quoted = random.choice((quote, quote_plus))
    fields = {name: str(scalar(random)) for name in random.sample(NAMES, 4)}
    name = random.choice(list(fields))
    fields[name] = near(random, value) if random.random() < 0.5 else written(tree(random, value, 2), random).decode()
    body = "&".join(f"{quoted(name)}={quoted(text)}" for name, text in fields.items())
    return body.encode(), "application/x-www-form-urlencoded", ""


def multipart(random: Random, value: str) -> Body:
    parts = [(f'name="{name}"', "", str(scalar(random)).encode()) for name in random.sample(NAMES, 3)]
    made = random.choice(
        (
            ('name="request"', "Content-Type: application/json\r\n", written(tree(random, value, 3), random)),
            ('name="note"', "", near(random, value).encode()),
            ('name="file"; filename="a.txt"', "Content-Type: text/plain\r\n", near(random, value).encode()),
        )
    )
    parts.insert(random.randrange(4), made)
    source = b"".join(
        b"--xyz\r\nContent-Disposition: form-data; %b\r\n%b\r\n%b\r\n" % (head.encode(), kind.encode(), content)
        for head, kind, content in parts
    )
    return source + b"--xyz--\r\n", "multipart/form-data; boundary=xyz", ""


def message(random: Random, value: str, depth: int) -> bytes:
    """A message of protocol buffers with a value somewhere in it."""
    out = []
    for _ in range(random.randrange(4)):
        text = random.choice(WORDS).encode()
        out.append(
            random.choice((varint(random.randrange(1, 40) << 3) + varint(random.randrange(2**20)), field(3, text)))
        )
    inner = near(random, value).encode() if depth == 0 else message(random, value, depth - 1)
    out.insert(random.randrange(len(out) + 1), field(random.choice((1, 2, 3, 9, 15, 16, 700)), inner))
    return b"".join(out)


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def protobuf(random: Random, value: str) -> Body:
    return (
        message(random, value, random.randrange(5)),
        random.choice(("application/x-protobuf", "application/proto")),
        "",
    )


def connect(random: Random, value: str) -> Body:
    if random.random() < 0.5:
        content, kind = written({"m": tree(random, value, 2)}, random), "application/connect+json"
    else:
        content, kind = message(random, value, 2), random.choice(("application/connect+proto", "application/grpc"))
    other = envelope(b"{}" if "json" in kind else field(2, b"ok"))
    packed = envelope(gzip.compress(content, 6, mtime=0), 1) if random.random() < 0.3 else envelope(content)
    return random.choice((packed, other + packed, packed + other)), kind, ""


def graphql(random: Random, value: str) -> Body:
    text = near(random, value)
    argument = json.dumps(text, ensure_ascii=False)
    match random.randrange(3):
        case 0:
            query = f"mutation Send {{\n  send(input: {{to: {argument}, n: 3}}) {{ id }}\n}}"
            return written({"operationName": "Send", "query": query, "variables": {}}, random), "application/json", ""
        case 1:
            return f"query {{ ask(text: {argument}) {{ id }} }}".encode(), "application/graphql", ""
    variables = {"input": tree(random, value, 2)}
    given = {"query": "mutation M($input: I!) { m(input: $input) { id } }", "variables": variables}
    return written([given] if random.random() < 0.3 else given, random), "application/json", ""


def encoded(random: Random, value: str) -> Body:
    """Bodies in other character sets, and compressed ones."""
    if random.random() < 0.5:
        charset = random.choice(("utf-16", "utf-16-le", "iso-8859-1", "utf-8-sig"))
        text = json.dumps({"k": f"Größe {value} ok"}, ensure_ascii=False)
        return text.encode(charset), f"application/json; charset={charset.removesuffix('-sig')}", ""
    body, content_type, _ = random.choice((json_body, form, multipart, graphql))(random, value)
    pack: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.ZstdCompressor().compress,
    }
    name = random.choice(list(pack))
    return pack[name](body), content_type, name


KINDS = [json_body, lines, form, multipart, protobuf, connect, graphql, encoded]


def normal(body: Body) -> Any:
    """A body with all JSON in it parsed, down to that in strings: it may be written in another way."""
    source, content_type, _ = body
    if "form" in content_type and "multipart" not in content_type:
        return [(name, parsed(text)) for name, text in parse_qsl(source.decode(), keep_blank_values=True)]
    if "multipart" in content_type:
        return [[parsed(piece) for piece in part.split(b"\r\n")] for part in source.split(b"--xyz")]
    if content_type.startswith(("application/connect", "application/grpc")):
        frames = load_framings()["connect"].frames(source)
        return [(frame.source[0], parsed(frame.payload or b"")) for frame in frames]
    if "charset" in content_type:
        return parsed(source.decode(content_type.partition("charset=")[2]).removeprefix("\ufeff"))
    return parsed(source) if "ndjson" not in content_type else [parsed(line) for line in source.splitlines()]


def parsed(value: Any) -> Any:
    if isinstance(value, str | bytes):
        try:
            return parsed(json.loads(value)) if value[:1] in ("{", "[", b"{", b"[") else value
        except ValueError:
            return value
    if isinstance(value, dict):
        return {parsed(name): parsed(each) for name, each in value.items()}
    return [parsed(each) for each in value] if isinstance(value, list) else value


async def inspected(by: Guard, body: Body) -> Verdict:
    source, content_type, encoding = body
    destination = bundle().registry.find_host("fal.run")
    assert destination is not None
    headers = {"content-type": content_type, "content-encoding": encoding}
    request = Request("POST", "fal.run", "/x", "", {name: each for name, each in headers.items() if each}, source)
    return await by.inspect(request, Identity("ada", "p_ada"), destination)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_value_is_found_and_replaced(kind: Callable[[Random, str], Body]) -> None:
    """Every one is found, and none leaves; without one, nothing changes."""
    exact = asyncio.run(exactly_replaced(guard(), kind))
    assert exact >= BODIES * LEAST_EXACT.get(kind.__name__, 1)


async def exactly_replaced(by: Guard, kind: Callable[[Random, str], Body]) -> int:
    """How many bodies are the same with a placeholder in the place of the value."""
    exact = 0
    for seed in range(BODIES):
        clean = await inspected(by, kind(Random(seed), NOTHING))
        assert (clean.decision.action, clean.body) == (Action.ALLOW, None), (seed, clean.decision)
        verdict = await inspected(by, kind(Random(seed), MAIL))
        assert verdict.findings, seed
        assert verdict.decision.action in (Action.REDACT, Action.BLOCK), (seed, verdict.decision)
        assert verdict.body is None or MAIL.encode() not in verdict.body
        placeholder = next((each for each, value in verdict.restoration.originals.items() if value == MAIL), "")
        source, content_type, encoding = kind(Random(seed), placeholder)
        expected = normal((decode(source, encoding, 10**8), content_type, ""))
        exact += verdict.body is not None and normal((verdict.body, content_type, "")) == expected
    return exact
