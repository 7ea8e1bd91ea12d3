"""Perplexity's patches to blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.wire.formats.samples.interface import UUID
from tests.wire.formats.samples.perplexity_web import SAMPLE

from promptguard.model import Notice, Request
from promptguard.wire.formats import Format, Formats

NOTICE = Notice("pg-1", "Nothing was sent", "Stopped.")


def patched(usage: str, *patches: Any, field: str = "markdown_block") -> dict[str, Any]:
    return {"blocks": [{"intended_usage": usage, "diff_block": {"field": field, "patches": list(patches)}}]}


def chunk(number: int, text: str) -> dict[str, Any]:
    return {"op": "add", "path": f"/chunks/{number}", "value": text}


WHOLE = {"blocks": [{"intended_usage": "ask_text", "markdown_block": {"chunks": ["Wri", "te"], "answer": "Write"}}]}


@pytest.mark.parametrize(
    ("messages", "texts"),
    [
        (
            [
                patched("ask_text", {"op": "replace", "path": "", "value": {"chunks": ["Wri", "te"]}}),
                patched("ask_text", chunk(2, " to"), chunk(3, " me")),
                {"status": "COMPLETED", "final": True},
            ],
            {("text", 0): "Write to me"},
        ),
        (
            [
                patched("ask_text", chunk(0, "Wri")),
                patched("ask_text_0_markdown", chunk(0, "Wr")),
                patched("ask_text", chunk(1, "te")),
                patched("ask_text_0_markdown", chunk(1, "ite")),
            ],
            {("text", 0): "Write", ("text", 1): "Write"},
        ),
        (
            [WHOLE, WHOLE],
            {("text", 0): "Write", ("text", 1): "Write"},
        ),
        ([patched("plan", {"op": "add", "path": "/goals/0", "value": "x"}, field="plan_block")], {}),
        ([patched("ask_text", {"op": "replace", "path": "/progress", "value": "DONE"})], {}),
    ],
)  # fmt: skip
def test_patches_make_up_texts(
    formats: Formats,
    assembled: Callable[[Format, list[Any]], dict[Any, str]],
    messages: list[Any],
    texts: dict[Any, str],
) -> None:
    assert assembled(formats["perplexity_web"], messages) == texts


@pytest.mark.parametrize(
    ("params", "said"), [({"last_backend_uuid": UUID}, True), ({"last_backend_uuid": None}, False), ({}, False)]
)
def test_the_notice_names_the_thread_if_there_is_one(formats: Formats, params: Any, said: bool) -> None:
    answer = formats["perplexity_web"].refuse_stream(SAMPLE.request(), {"params": params}, NOTICE)
    assert answer is not None
    assert (b'"backend_uuid":"' + UUID.encode() in answer.body) is said


def test_other_calls_have_no_stream(formats: Formats) -> None:
    request = Request("POST", SAMPLE.host, "/rest/sse/other", "", {}, b"")
    assert formats["perplexity_web"].refuse_stream(request, {}, NOTICE) is None
