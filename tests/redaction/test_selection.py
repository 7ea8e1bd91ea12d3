"""Answers of each kind through the restorer the factory chooses, cut at every place, and read as clients read them."""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from promptguard.model import AnswerShape, Restoration
from promptguard.redaction.selection import restorer_for
from promptguard.wire.formats import load_formats
from promptguard.wire.framings.aws_eventstream import message as aws_message
from promptguard.wire.framings.envelope import envelope
from promptguard.wire.protobuf import fields

EMAIL = "[EMAIL_ADDRESS_7KQ2M4XB]"
PERSON = "[PERSON_3RTW8ZBK]"
NOT_ISSUED = "[PERSON_22222222]"
ORIGINALS = {EMAIL: "anna@corp.example", PERSON: 'Anna "A." Ö\nBerg'}
ESCAPED = json.dumps(ORIGINALS[PERSON], ensure_ascii=False)[1:-1]
ANNOUNCEMENT = "Two values were replaced.\n\n"
PIECE_BYTES = 200
"""As long as a message, so that bodies are cut at each of their places, but at one alone of most messages."""


FORMATS = load_formats()
CHAT_FORMAT = FORMATS["openai_chat"]
RESPONSES_FORMAT = FORMATS["openai_responses"]
ANTHROPIC_FORMAT = FORMATS["anthropic_messages"]
GEMINI_FORMAT = FORMATS["gemini"]
OLLAMA_FORMAT = FORMATS["ollama"]


def events(*messages: Any, names: bool = False, end: str = "\n", last: str = "") -> bytes:
    lines = []
    for message in messages:
        if names:
            lines.append(f"event: {message['type']}{end}")
        lines.append(f"data: {json.dumps(message)}{end}{end}")
    return ("".join(lines) + last).encode()


def read_events(body: bytes) -> Iterator[Any]:
    """As clients read: white space and line ends by the book, `[DONE]` ends."""
    for block in body.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        data = "\n".join(line[5:].removeprefix(" ") for line in block.split("\n") if line.startswith("data:"))
        if data == "[DONE]":
            return
        if data:
            yield json.loads(data)


def read_chat(body: bytes) -> list[str]:
    texts: dict[Any, str] = {}
    for message in read_events(body):
        for choice in message["choices"]:
            delta = choice["delta"]
            texts[choice["index"]] = texts.get(choice["index"], "") + (delta.get("content") or "")
            for call in delta.get("tool_calls", ()):
                key = ("call", call["index"])
                texts[key] = texts.get(key, "") + call["function"]["arguments"]
    return list(texts.values())


def read_responses(body: bytes) -> list[str]:
    texts: dict[Any, str] = {}
    for message in read_events(body):
        if message["type"].endswith(".delta"):
            texts[message["item_id"]] = texts.get(message["item_id"], "") + message["delta"]
        elif message["type"].endswith(".done"):
            # What was shown by the end of a text must be what its end says.
            assert texts[message["item_id"]] == message.get("text", message.get("arguments"))
    return list(texts.values())


def read_anthropic(body: bytes) -> list[str]:
    texts: dict[int, str] = {}
    stopped: set[int] = set()
    for message in read_events(body):
        if message["type"] == "content_block_delta":
            assert message["index"] not in stopped
            delta = message["delta"]
            piece = delta.get("text", delta.get("partial_json", ""))
            texts[message["index"]] = texts.get(message["index"], "") + piece
        elif message["type"] == "content_block_stop":
            stopped.add(message["index"])
    return list(texts.values())


def read_gemini(messages: Any) -> list[str]:
    parts = [part for message in messages for part in message["candidates"][0]["content"]["parts"]]
    return ["".join(part["text"] for part in parts)]


def read_lines(body: bytes) -> list[str]:
    messages = [json.loads(line) for line in body.splitlines() if line.strip()]
    shown = ""
    for message in messages:
        shown += message["message"]["content"]
        if message["done"]:
            break
    return [shown]


def read_chatgpt(body: bytes) -> list[str]:
    shown = ""
    for message in read_events(body):
        if "v" not in message:
            break
        value = message["v"]
        if isinstance(value, str):
            shown += value
        elif isinstance(value, list):
            shown += "".join(patch["v"] for patch in value)
        else:
            shown += value["message"]["content"]["parts"][0]
    return [shown]


def read_plain_events(body: bytes) -> list[str]:
    blocks = body.decode().split("\n\n")
    shown = ["\n".join(line[6:] for line in block.split("\n") if line.startswith("data: ")) for block in blocks]
    return ["".join(shown)]


def cut(text: str, *places: int) -> list[str]:
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


TEXT = f"Hi {EMAIL}, {NOT_ISSUED}! [a](//b/{EMAIL}) {PERSON}"
SHOWN = f"Hi {ORIGINALS[EMAIL]}, {NOT_ISSUED}! [a](//b/{EMAIL}) {ORIGINALS[PERSON]}"
PIECES = cut(TEXT, 3, 4, 11, 60, 86)
ARGUMENTS = f'{{"to":"{EMAIL}","url":"//b/{EMAIL}","name":"{PERSON}"}}'
ARGUMENTS_SHOWN = f'{{"to":"{ORIGINALS[EMAIL]}","url":"//b/{EMAIL}","name":"{ESCAPED}"}}'


def chat_chunk(delta: Any, index: int = 0, finish: str | None = None) -> Any:
    return {"id": "c", "choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


def call_chunk(arguments: str) -> Any:
    return chat_chunk({"tool_calls": [{"index": 0, "function": {"arguments": arguments}}]})


CHAT = events(
    chat_chunk({"role": "assistant", "content": ""}),
    *(chat_chunk({"content": piece}) for piece in PIECES),
    *(call_chunk(piece) for piece in cut(ARGUMENTS, 9, 75)),
    chat_chunk({}, finish="stop"),
    last="data: [DONE]\n\n",
)
CHAT_INTERLEAVED = events(
    *(chat_chunk({"content": piece}, index) for piece in PIECES for index in (0, 1)),
    last=": ping\r\n\r\ndata: [DONE]\n\n",
    end="\r\n",
)
RESPONSES = events(
    {"type": "response.created", "response": {"id": "r"}},
    *({"type": "response.output_text.delta", "item_id": "m", "delta": piece} for piece in PIECES),
    {"type": "response.output_text.done", "item_id": "m", "text": TEXT},
    *(
        {"type": "response.function_call_arguments.delta", "item_id": "f", "delta": piece}
        for piece in cut(ARGUMENTS, 8, 33)
    ),
    {"type": "response.function_call_arguments.done", "item_id": "f", "arguments": ARGUMENTS},
    {"type": "response.completed", "response": {"output": [{"content": [{"text": TEXT}]}]}},
    names=True,
)
ANTHROPIC = events(
    {"type": "message_start", "message": {"id": "m", "content": []}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    *({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}} for piece in PIECES),
    {"type": "content_block_stop", "index": 0},
    {"type": "content_block_start", "index": 1, "content_block": {"type": "tool_use", "input": {}}},
    *(
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": piece}}
        for piece in cut(ARGUMENTS, 12, 56)
    ),
    {"type": "content_block_stop", "index": 1},
    {"type": "message_stop"},
    names=True,
    end="\r",
)


def gemini(text: str) -> Any:
    return {"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}}], "modelVersion": "g"}


GEMINI_EVENTS = events(*(gemini(piece) for piece in PIECES), end="\r\n")
GEMINI_ARRAY = (b"[" + b"\n,\r\n".join(json.dumps(gemini(piece), indent=2).encode() for piece in PIECES)) + b"\n]\n"
OLLAMA = b"".join(
    json.dumps({"model": "m", "message": {"role": "assistant", "content": piece}, "done": not piece}).encode() + b"\n"
    for piece in [*PIECES, ""]
)
CHATGPT = events(
    {"v": {"message": {"author": {"role": "assistant"}, "content": {"parts": [""]}}}},
    {"p": "/message/content/parts/0", "o": "append", "v": PIECES[0]},
    *({"v": piece} for piece in PIECES[1:-1]),
    {"p": "", "o": "patch", "v": [{"p": "/message/content/parts/0", "o": "append", "v": PIECES[-1]}]},
    {"type": "message_stream_complete"},
    last="data: [DONE]\n\n",
)
PLAIN_EVENTS = "".join(f"data: {piece}\n\n" for piece in PIECES).encode()


def google_inner(text: str) -> str:
    return json.dumps([None, None, None, None, [["rc_1", [text]]]], ensure_ascii=False)


def length_prefixed(*messages: Any) -> bytes:
    out = b")]}'\n\n"
    for message in messages:
        source = "\n" + json.dumps(message, ensure_ascii=False) + "\n"
        out += str(len(source.encode("utf-16-le")) // 2).encode() + source.encode()
    return out


GOOGLE = length_prefixed(
    *([["wrb.fr", None, google_inner(TEXT[:length] + "🙂")]] for length in (3, 40, len(TEXT))), [["di", 59], ["e", 4]]
)


def read_google(body: bytes) -> list[str]:
    """As the page reads: each length counts UTF-16 units from behind its digits."""
    rest = body.decode().removeprefix(")]}'\n\n")
    shown = ""
    while rest:
        digits = re.match(r"\d+", rest)
        assert digits is not None
        units = rest[digits.end() :].encode("utf-16-le")
        message = json.loads(units[: int(digits[0]) * 2].decode("utf-16-le"))
        rest = units[int(digits[0]) * 2 :].decode("utf-16-le")
        if message[0][0] == "wrb.fr":
            shown = json.loads(message[0][2])[4][0][1][0]
    return [shown.removesuffix("🙂")]


AI_STUDIO = ("[[" + ",".join(json.dumps([[[[[[None, piece]], "model"]]]]) for piece in PIECES) + "],[7]]").encode()


def read_ai_studio(body: bytes) -> list[str]:
    return ["".join(chunk[0][0][0][0][0][1] for chunk in json.loads(body)[0])]


def header(name: str, value: str) -> bytes:
    return bytes((len(name),)) + name.encode() + b"\x07" + len(value).to_bytes(2) + value.encode()


def event(payload: Any) -> bytes:
    return aws_message(header(":event-type", "chunk"), json.dumps(payload).encode())


def read_aws(body: bytes) -> Iterator[Any]:
    while body:
        size, head = int.from_bytes(body[:4]), int.from_bytes(body[4:8])
        assert int.from_bytes(body[8:12]) == zlib.crc32(body[:8])
        assert int.from_bytes(body[size - 4 : size]) == zlib.crc32(body[: size - 4])
        yield json.loads(body[12 + head : size - 4])
        body = body[size:]


CONVERSE = b"".join(
    (
        *(event({"contentBlockIndex": 0, "delta": {"text": piece}}) for piece in PIECES),
        event({"contentBlockIndex": 0}),
        event({"stopReason": "end_turn"}),
    )
)


def read_converse(body: bytes) -> list[str]:
    return ["".join(message.get("delta", {}).get("text", "") for message in read_aws(body))]


def in_base64(message: Any) -> Any:
    return {"bytes": base64.b64encode(json.dumps(message).encode()).decode(), "p": "abc"}


INVOKE = b"".join(event(in_base64(message)) for message in read_events(ANTHROPIC))


def read_invoke(body: bytes) -> list[str]:
    return read_anthropic(events(*(json.loads(base64.b64decode(message["bytes"])) for message in read_aws(body))))


def read_envelopes(body: bytes) -> list[str]:
    shown = ""
    while body:
        size = 5 + int.from_bytes(body[1:5])
        payload = gzip.decompress(body[5:size]) if body[0] & 1 else body[5:size]
        shown += "" if body[0] & 0x82 else json.loads(payload)["block"]["text"]
        body = body[size:]
    return [shown]


ENVELOPES = [json.dumps({"op": "append", "block": {"text": piece}}).encode() for piece in PIECES]
CONNECT = b"".join(map(envelope, ENVELOPES)) + envelope(b"{}", 2)
COMPRESSED = b"".join(envelope(gzip.compress(each), 1) for each in ENVELOPES) + envelope(b"{}", 2)
GRPC_WEB = b"".join(map(envelope, ENVELOPES)) + envelope(b"grpc-status: 0\r\n", 0x80)


def delta(text: str) -> bytes:
    """A message of protocol buffers with a piece of the answer in field 9, beside an id, a time and a count."""
    length = len(text.encode())
    said = b"\x4a" + (bytes((length,)) if length < 0x80 else bytes((length & 0x7F | 0x80, length >> 7))) + text.encode()
    return b"\x0a\x06bot-1a\x12\x06\x08\x80\x80\x80\x80\x01" + said + b"\x50\x83\x80\x00"


def read_deltas(body: bytes) -> list[str]:
    shown = ""
    while body:
        size = 5 + int.from_bytes(body[1:5])
        payload = gzip.decompress(body[5:size]) if body[0] & 1 else body[5:size]
        if not body[0] & 2:
            (said,) = [each for each in fields(payload) if each.number == 9]
            assert isinstance(said.value, bytes)
            assert payload == delta(said.value.decode())
            shown += said.value.decode()
        body = body[size:]
    return [shown]


DELTAS = b"".join(envelope(gzip.compress(delta(piece)), 1) for piece in PIECES) + envelope(b"{}", 2)
JSON_LINES = b"".join(json.dumps({"custom_id": "a", "text": text}).encode() + b"\n" for text in (TEXT, "x ", "y "))
CODES = b"".join(b"0:" + json.dumps(piece).encode() + b"\n" for piece in PIECES) + b'd:{"finishReason":"stop"}\n'
PADDED = b"".join(
    json.dumps({"type": "stream", "token": piece.ljust(16, "\0")}).encode() + b"\n"
    for piece in re.findall(r"(?s).{1,9}", TEXT)
)


def read_codes(body: bytes) -> list[str]:
    return ["".join(json.loads(line[2:]) for line in body.decode().splitlines() if line.startswith("0:"))]


def read_padded(body: bytes) -> list[str]:
    tokens = [json.loads(line)["token"] for line in body.decode().splitlines()]
    assert all(len(token) >= 16 for token in tokens[:-1])
    return ["".join(token.rstrip("\0") for token in tokens)]


@dataclass
class Case:
    content_type: str
    shape: AnswerShape | None
    body: bytes
    read: Callable[[bytes], list[str]]
    expected: list[str]


CASES = {
    "chat": Case("text/event-stream; charset=utf-8", CHAT_FORMAT, CHAT, read_chat, [SHOWN, ARGUMENTS_SHOWN]),
    "chat, two choices": Case("text/event-stream", CHAT_FORMAT, CHAT_INTERLEAVED, read_chat, [SHOWN, SHOWN]),
    "chat, unknown shape": Case("text/event-stream", None, CHAT_INTERLEAVED, read_chat, [SHOWN, SHOWN]),
    "chat, no content type": Case("", CHAT_FORMAT, CHAT, read_chat, [SHOWN, ARGUMENTS_SHOWN]),
    "chat as json": Case("application/json", CHAT_FORMAT, CHAT, read_chat, [SHOWN, ARGUMENTS_SHOWN]),
    "responses": Case("text/event-stream", RESPONSES_FORMAT, RESPONSES, read_responses, [SHOWN, ARGUMENTS_SHOWN]),
    "anthropic": Case("text/event-stream", ANTHROPIC_FORMAT, ANTHROPIC, read_anthropic, [SHOWN, ARGUMENTS_SHOWN]),
    "chatgpt in the browser": Case("text/event-stream", FORMATS["chatgpt_web"], CHATGPT, read_chatgpt, [SHOWN]),
    "gemini events": Case(
        "text/event-stream", GEMINI_FORMAT, GEMINI_EVENTS, lambda body: read_gemini(read_events(body)), [SHOWN]
    ),
    "gemini array": Case(
        "application/json; charset=UTF-8",
        GEMINI_FORMAT,
        GEMINI_ARRAY,
        lambda body: read_gemini(json.loads(body)),
        [SHOWN],
    ),
    "ollama": Case("application/x-ndjson", OLLAMA_FORMAT, OLLAMA, read_lines, [SHOWN]),
    "ollama as json": Case("application/json", OLLAMA_FORMAT, OLLAMA, read_lines, [SHOWN]),
    "ollama, unknown shape": Case("application/x-ndjson", None, OLLAMA, read_lines, [SHOWN]),
    "plain events": Case("text/event-stream", None, PLAIN_EVENTS, read_plain_events, [SHOWN]),
    "google": Case("application/json; charset=utf-8", FORMATS["google_web"], GOOGLE, read_google, [SHOWN]),
    "ai studio": Case("application/json+protobuf", FORMATS["ai_studio"], AI_STUDIO, read_ai_studio, [SHOWN]),
    "converse": Case("application/vnd.amazon.eventstream", FORMATS["bedrock"], CONVERSE, read_converse, [SHOWN]),
    "invoke": Case(
        "application/vnd.amazon.eventstream", FORMATS["bedrock"], INVOKE, read_invoke, [SHOWN, ARGUMENTS_SHOWN]
    ),
    "connect": Case("application/connect+json", FORMATS["generic"], CONNECT, read_envelopes, [SHOWN]),
    "connect, compressed": Case("application/connect+json", None, COMPRESSED, read_envelopes, [SHOWN]),
    "grpc-web": Case("application/grpc-web+json", None, GRPC_WEB, read_envelopes, [SHOWN]),
    "protocol buffers": Case("application/connect+proto", FORMATS["generic"], DELTAS, read_deltas, [SHOWN]),
    "a message of protocol buffers": Case(
        "application/proto", None, delta(TEXT), lambda body: read_deltas(envelope(body)), [SHOWN]
    ),
    "json lines": Case(
        "application/x-jsonl",
        None,
        JSON_LINES,
        lambda body: ["".join(json.loads(line)["text"] for line in body.splitlines())],
        [SHOWN + "x y "],
    ),
    "codes": Case("text/plain; charset=utf-8", None, CODES, read_codes, [SHOWN]),
    "padded": Case("application/jsonl", None, PADDED, read_padded, [SHOWN]),
    "whole chat": Case(
        "application/json",
        CHAT_FORMAT,
        json.dumps({"choices": [{"index": 0, "message": {"content": TEXT}}]}, indent=1).encode(),
        lambda body: [json.loads(body)["choices"][0]["message"]["content"]],
        [SHOWN],
    ),
    "whole tool call": Case(
        "application/json",
        None,
        json.dumps({"choices": [{"message": {"tool_calls": [{"function": {"arguments": ARGUMENTS}}]}}]}).encode(),
        lambda body: [json.loads(body)["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]],
        [ARGUMENTS_SHOWN],
    ),
    "text": Case("text/plain", None, TEXT.encode(), lambda body: [body.decode()], [SHOWN]),
    "text that begins with a placeholder": Case(
        "", None, f"{EMAIL} is it".encode(), lambda body: [body.decode()], [f"{ORIGINALS[EMAIL]} is it"]
    ),
}


def restored(case: Case, pieces: Sequence[bytes], announcement: str | None = None, encoding: str = "") -> bytes:
    restorer = restorer_for(
        case.content_type, case.shape, Restoration(ORIGINALS), announcement, content_encoding=encoding
    )
    assert restorer is not None
    out = [piece for data in pieces for piece in restorer.feed(data)] + restorer.finish()
    assert b"" not in out
    return b"".join(out)


def pieces_of(body: bytes, first: int) -> list[bytes]:
    places = [0, *range(first, len(body), PIECE_BYTES), len(body)]
    return [body[start:end] for start, end in itertools.pairwise(places) if start < end]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_restores_however_the_body_is_cut(case: Case) -> None:
    whole = restored(case, [case.body])
    assert case.read(whole) == case.expected
    assert restored(case, [bytes([byte]) for byte in case.body]) == whole
    for first in range(1, PIECE_BYTES + 1):
        assert restored(case, pieces_of(case.body, first)) == whole


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_restores_nothing_that_was_not_issued(case: Case) -> None:
    restorer = restorer_for(case.content_type, case.shape, Restoration({"[PASSPORT_22222222]": "value"}), None)
    assert restorer is not None
    out = b"".join([*restorer.feed(case.body), *restorer.finish()])
    assert case.read(out) == [
        text.replace(SHOWN, TEXT) if SHOWN in text else {ARGUMENTS_SHOWN: ARGUMENTS}.get(text, f"{EMAIL} is it")
        for text in case.expected
    ]


@pytest.mark.parametrize(
    "name", ["chat", "responses", "anthropic", "gemini events", "gemini array", "ollama", "whole chat"]
)
def test_announces_before_the_first_text(name: str) -> None:
    case = CASES[name]
    whole = restored(case, [case.body], ANNOUNCEMENT)
    assert case.read(whole) == [ANNOUNCEMENT + SHOWN, *case.expected[1:]]
    assert restored(case, [bytes([byte]) for byte in case.body], ANNOUNCEMENT) == whole


def test_the_announced_text_is_the_same_where_it_is_repeated() -> None:
    whole = restored(CASES["responses"], [RESPONSES], ANNOUNCEMENT)
    last = list(read_events(whole))[-1]
    assert last["response"]["output"][0]["content"][0]["text"] == ANNOUNCEMENT + SHOWN


def test_announces_without_anything_to_restore() -> None:
    restorer = restorer_for("text/event-stream", ANTHROPIC_FORMAT, Restoration({}), ANNOUNCEMENT)
    assert restorer is not None
    out = b"".join([*restorer.feed(ANTHROPIC), *restorer.finish()])
    assert read_anthropic(out)[0] == ANNOUNCEMENT + TEXT


def test_decodes_compressed_answers() -> None:
    case = CASES["chat"]
    body = gzip.compress(case.body)
    assert restored(case, [bytes([byte]) for byte in body], encoding="gzip") == restored(case, [case.body])


@pytest.mark.parametrize(
    ("content_type", "encoding", "originals"),
    [
        ("text/event-stream", "", {}),
        ("text/html", "", ORIGINALS),
        ("image/png", "", ORIGINALS),
        ("application/x-msgpack", "", ORIGINALS),
        ("text/plain; charset=utf-16", "", ORIGINALS),
        ("text/event-stream", "snappy", ORIGINALS),
    ],
)
def test_leaves_alone(content_type: str, encoding: str, originals: dict[str, str]) -> None:
    restoration = Restoration(originals)
    assert restorer_for(content_type, None, restoration, None, content_encoding=encoding) is None


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", f')]}}\'\n12\n["{EMAIL}"]\n'.encode()),
        ("text/plain", f')]}}\'\n12\n["{EMAIL}"]\n'.encode()),
        ("application/octet-stream", f"\x00 {EMAIL}".encode()),
        ("application/json", f'{{"text": "{EMAIL}"'.encode()),
        ("application/json", f'{{"a": {EMAIL}}}'.encode()),
        ("application/json", b""),
        ("text/event-stream", f'data: {{"text": "{EMAIL}"\n\n'.encode()),
        ("application/json", b"  "),
        ("application/json", b"["),
        ("", b"dat"),
    ],
)
def test_what_cannot_be_read_passes_byte_for_byte(content_type: str, body: bytes) -> None:
    case = Case(content_type, None, body, lambda data: [], [])
    assert restored(case, [body]) == body
    assert restored(case, [bytes([byte]) for byte in body]) == body
