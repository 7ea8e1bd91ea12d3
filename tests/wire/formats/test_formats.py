"""What holds for every format: `promptguard.wire.formats` itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promptguard.model import Notice
from promptguard.wire import formats as formats_package
from promptguard.wire.documents import open_body
from promptguard.wire.formats import Format, Formats, load_formats

MODULES = {path.stem for path in Path(formats_package.__file__).parent.glob("*.py")}
IDS = sorted(MODULES - {"__init__", "interface", "members", "refusals", "turns"})

NOTICE = Notice("pg-1234", "Nothing was sent", "This request was stopped.\nNothing was sent.")

WORDS = """
    messages role content parts text type index choices delta message tool_calls function arguments contents candidates
    request requests params response output input item v p o append system tools author chat_history content_block
    finish_reason finishReason response.output_text.delta response.output_text.done response.completed item_id
    content_block_delta content_block_stop content-delta content-end assistant user tool_use
    blocks diff_block patches markdown_block chunks path value field intended_usage final fragments BATCH result
    token isThinking modelResponse op mask block phase think turn candidates raw_content youChatToken
"""
NAMES = st.sampled_from(WORDS.split())
HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


def test_all_formats_are_found() -> None:
    assert list(load_formats()) == IDS


def test_ids_are_unique() -> None:
    one = load_formats()["generic"]
    with pytest.raises(ValueError, match="generic"):
        Formats([one, one])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("id", IDS)
@given(body=HOSTILE)
def test_no_body_and_no_answer_makes_a_format_fail(formats: Formats, id: str, body: Any) -> None:
    wire_format = formats[id]
    document = open_body(json.dumps(body).encode(), "application/json", wire_format.embedded)
    paths = [leaf.path for leaf in document.leaves()]
    assert len(wire_format.annotate(document.body, paths)) == len(paths)
    texts = [(leaf.path, leaf.text) for leaf in document.leaves()]
    assert len(wire_format.describe(document.body, texts)) == len(paths)
    assert all(isinstance(message, bytes) for message in wire_format.refuse_message(body, NOTICE))
    for piece in wire_format.pieces(body):
        value = body
        for step in piece.path:
            value = value[step]
        assert isinstance(value, str)
        hash(piece.key)
    assert wire_format.closed(body) is None or all(hash(key) is not None for key in wire_format.closed(body) or ())


@pytest.mark.parametrize("id", IDS)
def test_every_refusal_is_a_400_that_is_not_tried_again(formats: Formats, id: str) -> None:
    answer = formats[id].refuse(NOTICE)
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-should-retry"] == "false"
    assert NOTICE.text in json.dumps(json.loads(answer.body)).replace("\\n", "\n")


OPENAI_ERROR = {
    "error": {"message": NOTICE.text, "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"}
}


@pytest.mark.parametrize(
    ("id", "body"),
    [
        ("openai_chat", OPENAI_ERROR),
        ("openai_responses", OPENAI_ERROR),
        (
            "anthropic_messages",
            {
                "type": "error",
                "error": {"type": "invalid_request_error", "message": NOTICE.text},
                "request_id": "pg-1234",
            },
        ),
        ("gemini", {"error": {"code": 400, "message": NOTICE.text, "status": "INVALID_ARGUMENT"}}),
        ("bedrock", {"message": NOTICE.text}),
        ("ollama", {"error": NOTICE.text}),
        ("cohere", {"id": "pg-1234", "message": NOTICE.text}),
        ("generic", {**OPENAI_ERROR, "type": "error", "detail": NOTICE.text, "message": NOTICE.text}),
        ("chatgpt_web", {**OPENAI_ERROR, "type": "error", "detail": NOTICE.text}),
        ("claude_web", {**OPENAI_ERROR, "type": "error", "detail": NOTICE.text}),
    ],
)
def test_refusals_have_the_providers_own_shape(formats: Formats, id: str, body: dict[str, Any]) -> None:
    assert json.loads(formats[id].refuse(NOTICE).body) == body


def test_bedrock_names_the_error_in_a_header(formats: Formats) -> None:
    answer = formats["bedrock"].refuse(NOTICE)
    assert answer.headers["x-amzn-errortype"] == "ValidationException"


def test_a_format_is_a_format(formats: Formats) -> None:
    assert all(isinstance(wire_format, Format) and wire_format.id == id for id, wire_format in formats.items())
