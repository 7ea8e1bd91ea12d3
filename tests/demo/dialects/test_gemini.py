"""The `google-genai` package understands the stand-in."""

from __future__ import annotations

import json

import httpx
import pytest
from google import genai
from google.genai import types

from promptguard.demo.provider import Provider


@pytest.fixture
def client(base_url: str) -> genai.Client:
    return genai.Client(api_key="any", http_options=types.HttpOptions(base_url=base_url))


def test_content(client: genai.Client) -> None:
    assert client.models.generate_content(model="m", contents="hello").text == "You wrote: hello"


def test_content_stream(client: genai.Client) -> None:
    texts = [chunk.text or "" for chunk in client.models.generate_content_stream(model="m", contents="hello")]
    assert "".join(texts) == "You wrote: hello"
    assert len(texts) > 3


def test_function_call(client: genai.Client) -> None:
    answer = client.models.generate_content(model="m", contents="!tool mail hello")
    assert answer.function_calls is not None
    assert (answer.function_calls[0].name, answer.function_calls[0].args) == ("mail", {"text": "hello"})


def test_count_tokens(client: genai.Client) -> None:
    assert client.models.count_tokens(model="m", contents="one two three").total_tokens == 3


def test_stream_without_sse_is_one_array(provider: Provider, base_url: str) -> None:
    with httpx.Client(verify=provider.certificates.client_context(), trust_env=False) as http:
        answer = http.post(
            f"{base_url}/v1beta/models/m:streamGenerateContent", json={"contents": [{"parts": [{"text": "hello"}]}]}
        )
    texts = [message["candidates"][0]["content"]["parts"][0]["text"] for message in json.loads(answer.text)]
    assert "".join(texts) == "You wrote: hello"
    assert len(texts) > 3
