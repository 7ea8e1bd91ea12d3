"""DeepSeek's patches, and its proof of work."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.wire.formats.samples.deepseek_web import SAMPLE
from tests.wire.formats.samples.interface import HASH
from tests.wire.formats.samples.tables import reading_of

from promptguard.model import Nature, Notice, Request
from promptguard.wire.formats import Format, Formats

PROOF = {
    "algorithm": "DeepSeekHashV1",
    "challenge": HASH * 2,
    "salt": HASH[:20],
    "answer": 48213,
    "signature": HASH * 2,
}
NOTICE = Notice("pg-1", "Nothing was sent", "Stopped.")


def fragment(kind: str, content: str) -> dict[str, str]:
    return {"type": kind, "content": content}


def batch(*patches: Any) -> dict[str, Any]:
    return {"p": "response", "o": "BATCH", "v": list(patches)}


@pytest.mark.parametrize(
    ("messages", "texts"),
    [
        (
            [
                {"v": {"response": {"fragments": [fragment("THINK", "Let")]}}},
                {"p": "response/fragments/-1/content", "o": "APPEND", "v": " me"},
                {"v": " see"},
                {"p": "response/fragments", "o": "APPEND", "v": [fragment("RESPONSE", ": W")]},
                {"p": "response/fragments/-1/content", "v": "rite"},
                {"v": " to"},
                {"p": "response/status", "o": "SET", "v": "FINISHED"},
            ],
            {("text", 0): "Let me see: Write to"},
        ),
        (
            [
                {"p": "response/thinking_content", "o": "APPEND", "v": "Let me"},
                {"p": "response/content", "o": "APPEND", "v": " write"},
                {"p": "response/search_status", "o": "SET", "v": "SEARCHING"},
            ],
            {("text", 0): "Let me write"},
        ),
        (
            [
                batch({"p": "fragments", "o": "APPEND", "v": [fragment("RESPONSE", "A")]},
                      {"p": "quasi_status", "v": "INCOMPLETE"}),
                batch({"p": "fragments/-1/content", "o": "APPEND", "v": "B"},
                      {"p": "status", "o": "SET", "v": "FINISHED"}),
                {"p": "response/content", "o": "APPEND", "v": "C"},
            ],
            {("text", 0): "AB", ("text", 1): "C"},
        ),
    ],
)  # fmt: skip
def test_patches_make_up_texts(
    formats: Formats,
    assembled: Callable[[Format, list[Any]], dict[Any, str]],
    messages: list[Any],
    texts: dict[Any, str],
) -> None:
    assert assembled(formats["deepseek_web"], messages) == texts


def test_the_proof_of_work_is_sealed() -> None:
    proof = base64.b64encode(json.dumps({**PROOF, "target_path": SAMPLE.path}).encode()).decode()
    sample = replace(SAMPLE, headers={"x-ds-pow-response": proof, "x-hif-leim": f"{HASH}.{HASH}"})
    segments = reading_of(sample).prompt.segments
    said = [each for each in segments if each.text in (proof, f"{HASH}.{HASH}")]
    assert [each for each in said if each.nature is not Nature.SEALED] == []
    assert not any("DeepSeekHashV1" in each.text or HASH in each.text for each in segments if each not in said)


@pytest.mark.parametrize("before", [None, "2", 7])
def test_the_notice_follows_on_the_message_before(formats: Formats, before: Any) -> None:
    answer = formats["deepseek_web"].refuse_stream(SAMPLE.request(), {"parent_message_id": before}, NOTICE)
    assert answer is not None
    first = json.loads(answer.body.split(b"\n")[0].removeprefix(b"data: "))
    assert first["v"]["response"]["message_id"] == (before if before == 7 else None)


def test_the_notice_elsewhere_is_the_envelope(formats: Formats) -> None:
    request = Request("POST", SAMPLE.host, "/api/v0/file/upload_file", "", {}, b"")
    assert formats["deepseek_web"].refuse_stream(request, None, NOTICE) is None
