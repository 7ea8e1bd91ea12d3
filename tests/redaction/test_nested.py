"""Bodies within the messages of a WebSocket: the stream that ChatGPT hands over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.model import Nested, Restoration
from promptguard.redaction.message_restorer import MessageRestorer
from promptguard.wire.formats import load_formats

EMAIL = "[EMAIL_ADDRESS_7KQ2M4XB]"
RESTORATION = Restoration({EMAIL: 'anna@"corp".example'})
SHAPE = load_formats()["chatgpt_web"]
TEXT = f"Write to {EMAIL}, then wait. [a](//b/{EMAIL})"
SHOWN = TEXT.replace(EMAIL, RESTORATION.originals[EMAIL], 1)


def item(encoded: str, id: str = "1", topic: str = "t") -> Any:
    payload = {"type": "stream-item", "stream_item_id": id, "encoded_item": encoded}
    return {
        "type": "message",
        "topic_id": topic,
        "payload": {"type": "conversation-turn-stream", "payload": payload},
    }


def events(text: str, size: int) -> str:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    first = {"p": "/message/content/parts/0", "o": "append", "v": ""}
    messages = [first, *({"v": piece} for piece in pieces), {"type": "message_stream_complete"}]
    return "".join(f"event: delta\ndata: {json.dumps(message)}\n\n" for message in messages) + "data: [DONE]\n\n"


def handed_over(messages: Sequence[bytes], topic: str = "t") -> str:
    items = [each for message in messages for each in json.loads(message) if each["topic_id"] == topic]
    return "".join(each["payload"]["payload"]["encoded_item"] for each in items)


def shown_in(stream: str) -> str:
    data = [block.partition("data: ")[2] for block in stream.split("\n\n")]
    messages = [json.loads(each) for each in data if each and each != "[DONE]"]
    return "".join(message.get("v", "") for message in messages)


def restore(*messages: Any) -> list[bytes]:
    restorer = MessageRestorer(SHAPE, RESTORATION)
    return [piece for each in messages for piece in restorer.restore(json.dumps(each).encode())] + restorer.finish()


@given(size=st.integers(1, 30), cuts=st.lists(st.integers(0, 2000), max_size=20))
def test_a_stream_in_pieces_cut_anywhere(size: int, cuts: list[int]) -> None:
    stream = events(TEXT, size)
    ends = sorted({cut % len(stream) for cut in cuts} | {0, len(stream)})
    pieces = [stream[start:end] for start, end in pairwise(ends)]
    sent = restore(*([item(piece, str(number))] for number, piece in enumerate(pieces)))
    assert shown_in(handed_over(sent)) == SHOWN


def test_two_streams_and_several_items_in_a_message() -> None:
    first, second = events(TEXT, 5), events(EMAIL, 3)
    sent = restore(
        [item(first[:300], "1"), item(second[:100], "2", "u")], [item(first[300:], "3"), item(second[100:], "4", "u")]
    )
    assert shown_in(handed_over(sent)) == SHOWN
    assert shown_in(handed_over(sent, "u")) == RESTORATION.originals[EMAIL]


def test_an_item_that_is_sent_again_is_the_same_again() -> None:
    restorer = MessageRestorer(SHAPE, RESTORATION)
    stream = events(TEXT, 7)
    messages = [json.dumps([item(stream[at : at + 90], str(at))]).encode() for at in range(0, len(stream), 90)]
    first = [restorer.restore(message) for message in messages]
    assert [restorer.restore(message) for message in messages] == first
    assert restorer.finish() == []


def test_what_is_held_goes_out_in_the_end() -> None:
    restorer = MessageRestorer(SHAPE, RESTORATION)
    held = restorer.restore(json.dumps([item('data: {"v":"to [EMAIL_"}\n\n')]).encode())
    assert handed_over(held) == 'data: {"v":"to "}\n\n'
    assert handed_over(restorer.finish()) == 'data: {"v":"[EMAIL_"}\n\n'


@pytest.mark.parametrize("message", [[item("")], [item(events("plain", 2))], [{"encoded_item": 7}]])
def test_what_needs_no_change_passes_byte_for_byte(message: Any) -> None:
    source = json.dumps(message, indent=1).encode()
    assert MessageRestorer(SHAPE, RESTORATION).restore(source) == [source]


def test_a_base64_that_is_none_passes() -> None:
    message = json.dumps({"bytes": "!!!"}).encode()
    assert MessageRestorer(load_formats()["bedrock"], RESTORATION).restore(message) == [message]


def test_where_the_formats_say_that_bodies_stand() -> None:
    assert SHAPE.nested([item("x", "9")]) == [
        Nested((0, "payload", "payload", "encoded_item"), "sse", "t", "9"),
    ]
    assert SHAPE.nested({"v": "x"}) == []
    assert load_formats()["bedrock"].nested({"bytes": "eA=="}) == [
        Nested(("bytes",), "websocket_message", "chunks", whole=True, base64=True)
    ]
