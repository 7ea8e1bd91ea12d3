"""The `openai` package understands the stand-in."""

from __future__ import annotations

import json

import openai
import pytest


@pytest.fixture
def client(base_url: str) -> openai.OpenAI:
    return openai.OpenAI(api_key="any", base_url=f"{base_url}/v1")


def test_chat(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hello there"}])
    assert answer.choices[0].message.content == "You wrote: hello there"
    assert answer.usage is not None and answer.usage.total_tokens == 6


def test_chat_stream(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="m",
            messages=[{"role": "user", "content": "hello there"}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    texts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert "".join(texts) == "You wrote: hello there"
    assert len(texts) > 3
    assert chunks[-1].usage is not None


@pytest.mark.parametrize("stream", [False, True])
def test_chat_tool_call(client: openai.OpenAI, stream: bool) -> None:
    answer = client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": '!tool mail say "hi"'}], stream=stream
    )
    if stream:
        calls = [call for chunk in answer for call in chunk.choices[0].delta.tool_calls or ()]
        arguments = "".join(call.function.arguments or "" for call in calls)
        assert calls[0].function.name == "mail"
    else:
        arguments = answer.choices[0].message.tool_calls[0].function.arguments
    assert json.loads(arguments) == {"text": 'say "hi"'}


def test_response(client: openai.OpenAI) -> None:
    assert client.responses.create(model="m", input="hello").output_text == "You wrote: hello"


@pytest.mark.parametrize("prompt", ["hello", "!tool mail hello"])
def test_response_stream(client: openai.OpenAI, prompt: str) -> None:
    with client.responses.stream(model="m", input=[{"role": "user", "content": prompt}]) as stream:
        deltas = "".join(event.delta for event in stream if event.type.endswith(".delta"))
        (item,) = stream.get_final_response().output
    if item.type == "message":
        assert deltas == item.content[0].text == "You wrote: hello"
    else:
        assert deltas == item.arguments == '{"text": "hello"}'


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_embeddings(client: openai.OpenAI, encoding: str) -> None:
    answer = client.embeddings.create(model="m", input=["a", "b"], encoding_format=encoding)
    vectors = [item.embedding for item in answer.data]
    assert len(vectors) == 2
    if encoding == "float":
        assert vectors[0] == [0.25, -0.5, 0.125, 1.0]


def test_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["stand-in-1"]
