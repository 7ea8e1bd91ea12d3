"""Google's web apps: what of a form is the prompt, and what the page's tokens."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from promptguard.destinations.reading import Reading, read
from promptguard.model import Destination, Kind, Nature, Request, Status
from promptguard.wire.formats import load_formats

FORMATS = load_formats()
PAGE = Destination("gemini", "Gemini", ("gemini.google.com",), Kind.WEB_CHAT, Status.UNREVIEWED, format="google_web")
STREAM = "/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate"
TOKEN = "!" + "aB3-_" * 20
DIGEST = "0123456789abcdef" * 2
UUID = "0198e1b2-77aa-7000-8000-000000000000"
XSRF = "AJvXE-abcdefgh_12:1795905665375"


def inner(prompt: str) -> list[Any]:
    return [[prompt, 0], ["en"], ["c_0123456789abcdef", "r_0123456789abcdef"], TOKEN, DIGEST, *[None] * 54, UUID]


def request(
    outer: Any, query: str = "bl=boq_x_20261101.01_p0&f.sid=-8123456789012345678&_reqid=123456&rt=c"
) -> Request:
    body = urlencode({"f.req": json.dumps(outer, separators=(",", ":")), "at": XSRF})
    headers = {"content-type": "application/x-www-form-urlencoded;charset=UTF-8"}
    return Request("POST", "gemini.google.com", STREAM, query, headers, body.encode())


def reading(of: Request) -> Reading:
    return read(of, PAGE, None, FORMATS, 1_000_000)


def natures(of: Request) -> dict[str, tuple[Nature, bool]]:
    return {segment.text: (segment.nature, segment.fixed) for segment in reading(of).prompt.segments}


def test_tokens_are_sealed_and_the_prompt_is_text() -> None:
    found = natures(request([None, json.dumps(inner("hello there"))]))
    assert found["hello there"] == (Nature.TEXT, False)
    for token in (TOKEN, DIGEST, UUID, XSRF, "-8123456789012345678", "c_0123456789abcdef", "123456", "c"):
        assert found[token] == (Nature.SEALED, False), token
    assert found["f.sid"][0] is Nature.PROTOCOL


@pytest.mark.parametrize("place", range(3, 5))
def test_what_is_no_token_is_text_that_cannot_be_rewritten(place: int) -> None:
    asked = inner("hello")
    asked[place] = "my password is x"
    assert natures(request([None, json.dumps(asked)]))["my password is x"] == (Nature.TEXT, True)


def test_batchexecute() -> None:
    found = natures(request([[["otAQ7b", json.dumps(["a question"]), None, "generic"]]]))
    assert found["otAQ7b"][0] is found["generic"][0] is Nature.PROTOCOL
    assert found["a question"] == (Nature.TEXT, False)


def test_only_the_prompt_is_rewritten() -> None:
    asked = request([None, json.dumps(inner("hello there"), separators=(",", ":"))])
    at = reading(asked)
    index = next(index for index, segment in enumerate(at.prompt.segments) if segment.text == "hello there")
    body, query = at.document.replace({index: "[X]"})
    assert query is None
    fields = dict(parse_qsl((body or b"").decode()))
    assert fields["at"] == XSRF
    assert json.loads(json.loads(fields["f.req"])[1]) == inner("[X]")


def test_notebooklm_asks_with_sources_a_question_and_what_was_said() -> None:
    asked = [[[["source-1"]]], "a question of lena", [["an answer", None, 2], ["what was asked", None, 1]]]
    of = request([None, json.dumps(asked)])
    found = natures(of)
    for text in ("a question of lena", "an answer", "what was asked"):
        assert found[text] == (Nature.TEXT, False), text
    segments = reading(of).prompt.segments
    index = next(number for number, segment in enumerate(segments) if segment.text == "a question of lena")
    body, _ = reading(of).document.replace({index: "a question of [PERSON_1]"})
    assert body is not None
    outer = json.loads(dict(parse_qsl(body.decode()))["f.req"])
    assert json.loads(outer[1]) == [asked[0], "a question of [PERSON_1]", asked[2]]
