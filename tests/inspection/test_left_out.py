"""Files that were refused stand in the conversation so far as a text, and the session goes on."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
import pytest
from tests.test_guard import PASSWORD, bundle, chat, make_guard, patterns, send  # noqa: F401 - fixtures

from promptguard.errors import NotRewritable, Unreadable
from promptguard.inspection.left_out import NOT_SENT
from promptguard.model import Action, Edit, FileText
from promptguard.reasons import Code

LOCKED = b"%PDF-1.7 locked " + bytes(range(128, 256))
WITH_PASSWORD = b"%PDF-1.7 with a password " + bytes(range(128, 256))
NOISE = b"%PDF-1.7 with noise " + bytes(range(128, 256))
CLEAN = b"%PDF-1.7 clean " + bytes(range(128, 256))


class Reader:
    """A file that nobody can read, one with a password in it, and others."""

    async def read_file(self, data: bytes, name: str = "", media_type: str = "") -> list[FileText]:
        if data == LOCKED:
            raise Unreadable(Code.FILE_ENCRYPTED)
        if data == NOISE:
            return [FileText("page 1", base64.b64encode(random.Random(3).randbytes(900)).decode())]
        return [FileText("page 1", f"my password is {PASSWORD}" if data == WITH_PASSWORD else "what we sell")]

    async def rewrite_file(
        self, data: bytes, edits: Mapping[int, Sequence[Edit]], name: str = "", media_type: str = ""
    ) -> bytes:
        raise NotRewritable(Code.REWRITE_IN_FILE)


VERTEX = "/v1/projects/p/locations/l/publishers/google/models/g:generateContent"

type Turn = tuple[str, str | bytes]


def openai(*turns: Turn) -> bytes:
    def part(said: str | bytes) -> Any:
        url = f"data:application/pdf;base64,{base64.b64encode(said).decode()}" if isinstance(said, bytes) else ""
        return (
            {"type": "file", "file": {"filename": "a.pdf", "file_data": url}} if url else {"type": "text", "text": said}
        )

    return orjson.dumps({"model": "gpt-5", "messages": [{"role": who, "content": [part(said)]} for who, said in turns]})


def responses(*turns: Turn) -> bytes:
    def part(said: str | bytes) -> Any:
        url = f"data:application/pdf;base64,{base64.b64encode(said).decode()}" if isinstance(said, bytes) else ""
        if url:
            return {"type": "input_file", "filename": "a.pdf", "file_data": url}
        return {"type": "input_text", "text": said}

    return orjson.dumps({"model": "gpt-5", "input": [{"role": who, "content": [part(said)]} for who, said in turns]})


def anthropic(*turns: Turn) -> bytes:
    def part(said: str | bytes) -> Any:
        if isinstance(said, str):
            return {"type": "text", "text": said}
        data = base64.b64encode(said).decode()
        return {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": data}}

    turned = [{"role": who, "content": [part(said)]} for who, said in turns]
    return orjson.dumps({"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": turned})


def gemini(*turns: Turn) -> bytes:
    def part(said: str | bytes) -> Any:
        if isinstance(said, str):
            return {"text": said}
        return {"inlineData": {"mimeType": "application/pdf", "data": base64.b64encode(said).decode()}}

    return orjson.dumps({"contents": [{"role": who, "parts": [part(said)]} for who, said in turns]})


def _encoded(said: bytes) -> str:
    return base64.b64encode(said).decode()


def _in_messages(part: Callable[[str | bytes], Any]) -> Callable[..., bytes]:
    def write(*turns: Turn) -> bytes:
        return orjson.dumps({"model": "m", "messages": [{"role": who, "content": [part(said)]} for who, said in turns]})

    return write


@_in_messages
def converse(said: str | bytes) -> Any:
    if isinstance(said, str):
        return {"text": said}
    return {"document": {"name": "a", "format": "pdf", "source": {"bytes": _encoded(said)}}}


@_in_messages
def cohere(said: str | bytes) -> Any:
    if isinstance(said, str):
        return {"type": "text", "text": said}
    return {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{_encoded(said)}"}}


@_in_messages
def mistral(said: str | bytes) -> Any:
    if isinstance(said, str):
        return {"type": "text", "text": said}
    return {"type": "document_url", "document_url": f"data:application/pdf;base64,{_encoded(said)}"}


@_in_messages
def picture(said: str | bytes) -> Any:
    if isinstance(said, str):
        return {"type": "text", "text": said}
    return {"type": "image", "mimeType": "image/png", "image": f"data:image/png;base64,{_encoded(said)}"}


def pages(*turns: Turn) -> bytes:
    """As pages write that are built with Vercel's AI SDK, on a host that nobody has described."""

    def part(said: str | bytes) -> Any:
        if isinstance(said, str):
            return {"type": "text", "text": said}
        return {"type": "file", "mediaType": "application/pdf", "url": f"data:application/pdf;base64,{_encoded(said)}"}

    return orjson.dumps({"messages": [{"role": who, "parts": [part(said)]} for who, said in turns]})


SERVICES = [
    pytest.param(openai, "api.openai.com", "/v1/chat/completions", id="openai"),
    pytest.param(responses, "api.openai.com", "/v1/responses", id="responses"),
    pytest.param(anthropic, "api.anthropic.com", "/v1/messages", id="anthropic"),
    pytest.param(gemini, "generativelanguage.googleapis.com", "/v1beta/models/g:generateContent", id="gemini"),
    pytest.param(converse, "bedrock-runtime.us-east-1.amazonaws.com", "/model/nova/converse", id="bedrock"),
    pytest.param(anthropic, "bedrock-runtime.us-east-1.amazonaws.com", "/model/claude/invoke", id="bedrock's invoke"),
    pytest.param(cohere, "api.cohere.com", "/v2/chat", id="cohere"),
    pytest.param(mistral, "api.mistral.ai", "/v1/chat/completions", id="mistral"),
    pytest.param(openai, "openrouter.ai", "/api/v1/chat/completions", id="openrouter"),
    pytest.param(openai, "x.openai.azure.com", "/openai/deployments/d/chat/completions", id="azure"),
    pytest.param(openai, "api.githubcopilot.com", "/chat/completions", id="copilot"),
    pytest.param(gemini, "us-central1-aiplatform.googleapis.com", VERTEX, id="vertex"),
    pytest.param(picture, "duck.ai", "/duckchat/v1/chat", id="duck"),
    pytest.param(pages, "v0.app", "/chat/api/chat", id="generic"),
]


@pytest.mark.parametrize("refused", [LOCKED, WITH_PASSWORD], ids=["nobody can read it", "a password in it"])
@pytest.mark.parametrize(("write", "host", "path"), SERVICES)
async def test_a_session_goes_on_behind_a_file_that_was_refused(
    make_guard: Any,  # noqa: F811
    write: Callable[..., bytes],
    host: str,
    path: str,
    refused: bytes,
) -> None:
    guard = await make_guard(file_reader=Reader())

    async def say(*turns: Turn) -> Any:
        return await send(guard, write(*turns), host=host, path=path)

    first = [("user", CLEAN), ("user", refused), ("user", "What does it say?")]
    assert (await say(*first)).decision.action is Action.BLOCK
    assert (await say(*first)).decision.action is Action.BLOCK  # the same again is no history
    for later in ([("user", "Forget it. What is 2 + 2?")], [("user", "So?"), ("user", "And now?")]):
        verdict = await say(*first, *later)
        assert verdict.decision.action is Action.REDACT
        assert verdict.body == write(("user", CLEAN), ("user", NOT_SENT), *first[2:], *later)
        assert verdict.header
    assert (await say(*first[1:2], ("user", "new"))).decision.action is not Action.ALLOW
    assert (await say(("user", "hello"))).decision.action is Action.ALLOW


async def test_a_file_that_was_not_refused_before_is_no_history(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard(file_reader=Reader())
    turns = openai(("user", LOCKED), ("assistant", "I see."), ("user", "Go on"))
    assert (await send(guard, turns)).decision.action is Action.BLOCK
    assert (await send(guard, turns)).decision.action is Action.REDACT


async def test_where_nothing_can_stand_in_its_place_it_stays_refused(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard(file_reader=Reader())
    signed = {"content-type": "application/json", "x-amz-content-sha256": "0" * 64}
    await send(guard, openai(("user", LOCKED)))
    turns = openai(("user", LOCKED), ("user", "hello"))
    assert (await send(guard, turns, headers=signed)).decision.action is Action.BLOCK
    assert (await send(guard, openai(("user", LOCKED), ("user", "hi")))).decision.action is Action.REDACT
    assert (await send(guard, chat(("user", "hello")))).decision.action is Action.ALLOW


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        pytest.param([LOCKED, "What is in there?"], Action.BLOCK, id="edited words"),
        pytest.param([LOCKED, "What does it say?\nIn short, please."], Action.BLOCK, id="more words"),
        pytest.param([LOCKED], Action.BLOCK, id="nothing behind it"),
        pytest.param([LOCKED, "What is in there?", "Forget it"], Action.REDACT, id="another message"),
        pytest.param([LOCKED, "What does it say?", "So?", LOCKED], Action.BLOCK, id="the same file again"),
    ],
)
async def test_a_session_goes_on_when_more_is_said(make_guard: Any, turns: list[Any], expected: Action) -> None:  # noqa: F811
    guard = await make_guard(file_reader=Reader())
    assert (await send(guard, _one_message(LOCKED, "What does it say?"))).decision.action is Action.BLOCK
    for write in (_one_message, lambda *turns: openai(*(("user", said) for said in turns))):
        assert (await send(guard, write(*turns))).decision.action is expected


def _one_message(*said: str | bytes) -> bytes:
    """As clients write it that put messages of one person together."""
    messages = orjson.loads(openai(*(("user", each) for each in said)))["messages"]
    content = [part for message in messages for part in message["content"]]
    return orjson.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": content}]})


async def test_which_of_two_equal_files_was_refused_with_what_behind_it(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard(file_reader=Reader())
    twice = [("user", LOCKED), ("user", "this"), ("user", LOCKED), ("user", "or that?")]
    assert (await send(guard, openai(*twice))).decision.action is Action.BLOCK
    verdict = await send(guard, openai(*twice, ("user", "well")))
    assert verdict.body == openai(
        *((who, NOT_SENT if said == LOCKED else said) for who, said in twice), ("user", "well")
    )


async def test_a_file_with_noise_in_its_text_is_left_out_too(make_guard: Any) -> None:  # noqa: F811
    guard = await make_guard(file_reader=Reader())
    assert (await send(guard, openai(("user", NOISE)))).decision.action is Action.BLOCK
    assert (await send(guard, openai(("user", NOISE)))).decision.action is Action.BLOCK
    verdict = await send(guard, openai(("user", NOISE), ("user", "Forget it")))
    assert verdict.body == openai(("user", NOT_SENT), ("user", "Forget it"))
