from __future__ import annotations

import pytest

from promptguard.wire.event_sessions import MAX_BEFORE_ENDPOINT, MAX_WAITING, EventSession

URL = "//mcp.example.org/v1/sse?key=a"
OURS = b"event: message\ndata: {}\n\n"


@pytest.mark.parametrize("size", [1, 5, 10_000])
@pytest.mark.parametrize(
    ("said", "endpoint"),
    [
        (b"event: endpoint\ndata: /messages?session_id=1\n\n", "//mcp.example.org/messages?session_id=1"),
        (b"event: endpoint\r\ndata: messages/1#a\r\n\r\n", "//mcp.example.org/v1/messages/1"),
        (b": hello\n\nevent:endpoint\ndata:?s=1\n\n", "//mcp.example.org/v1/sse?s=1"),
        (b"event: endpoint\ndata: https://mcp.example.org/m\n\nevent: endpoint\ndata: /n\n\n", "//mcp.example.org/m"),
        (b"event: endpoint\ndata: https://other.example.org/m\n\n", "//other.example.org/m"),
        (b"event: endpoint\ndata: http://[/m\n\n", ""),
        (b"event: message\ndata: /messages\n\n", ""),
        (b"event: endpoint\ndata: /messages\n", ""),
        (b": " + b"a" * MAX_BEFORE_ENDPOINT + b"\n\nevent: a\ndata: b\n\n" * 2, ""),
    ],
)
def test_where_calls_go_is_said_by_the_first_event(said: bytes, endpoint: str, size: int) -> None:
    session = EventSession(URL)
    pieces = [said[start : start + size] for start in range(0, len(said), size)]
    assert [each for piece in pieces for each in session.passed([piece])] == pieces
    assert session.endpoint == endpoint


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_what_we_say_stands_between_events(line_end: bytes) -> None:
    session = EventSession(URL)
    assert session.say(OURS)
    assert session.due() == [], "the stream has not begun"
    begun, rest = b"data: {" + line_end, b"data: }" + line_end
    assert session.passed([begun]) == [begun]
    assert session.due() == []
    assert session.passed([rest, line_end]) == [rest, line_end, OURS]
    assert session.say(OURS)
    assert session.say(OURS)
    assert session.due() == [OURS * 2]
    assert session.due() == []


def test_what_waits_is_bounded_and_a_stream_that_has_ended_says_nothing() -> None:
    session = EventSession(URL)
    assert session.say(b"a" * MAX_WAITING)
    assert not session.say(b"a")
    session = EventSession(URL)
    session.open = False
    assert not session.say(OURS)
