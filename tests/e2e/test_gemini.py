"""The unmodified `google-genai` package through the proxy."""

from __future__ import annotations

import json
import random

import pytest
from google import genai
from google.genai import errors, types
from support.expected import DECISION_ID, EMAIL_PLACEHOLDER
from support.values import aws_key, email
from support.watch import Watch
from support.wire import exchange, request_bytes

from promptguard.demo.proxy_process import PromptGuardProcess

MODEL = "gemini-2.5-flash"


@pytest.fixture
def client(behind_proxy: PromptGuardProcess) -> genai.Client:
    return genai.Client(api_key="stand-in")


def test_content_is_redacted_and_restored(client: genai.Client, watch: Watch) -> None:
    value = email(41)
    text = f"Please write to {value}, politely."
    answer = client.models.generate_content(model=MODEL, contents=text)
    sent = watch.one.json()["contents"][0]["parts"][0]["text"]
    assert EMAIL_PLACEHOLDER.sub("{}", sent) == "Please write to {}, politely."
    assert answer.text == f"You wrote: {text}"


@pytest.mark.usefixtures("pieces")
def test_stream_is_restored(client: genai.Client, watch: Watch) -> None:
    value = email(42)
    text = f"Please write to {value}, politely."
    answer = "".join(chunk.text or "" for chunk in client.models.generate_content_stream(model=MODEL, contents=text))
    assert value.encode() not in watch.one.body
    assert answer == f"You wrote: {text}"


@pytest.mark.usefixtures("pieces", "chunks")
def test_streamed_array_is_restored(proxy: PromptGuardProcess, watch: Watch) -> None:
    value = email(43)
    payload = request_bytes(
        b'{"contents":[{"role":"user","parts":[{"text":"mail %s"}]}]}' % value.encode(),
        host="generativelanguage.googleapis.com",
        path=f"/v1beta/models/{MODEL}:streamGenerateContent",
    )
    answer = exchange(proxy.port, proxy.authority, payload, host="generativelanguage.googleapis.com")
    assert value.encode() not in watch.one.body
    parts = [message["candidates"][0]["content"]["parts"][0]["text"] for message in json.loads(answer.body)]
    assert "".join(parts) == f"You wrote: mail {value}"


def test_function_call_is_restored(client: genai.Client, watch: Watch) -> None:
    value = email(44)
    declaration = types.FunctionDeclaration(name="send_mail", description="Sends a mail.")
    answer = client.models.generate_content(
        model=MODEL,
        contents=f"!tool send_mail To {value}",
        config=types.GenerateContentConfig(tools=[types.Tool(function_declarations=[declaration])]),
    )
    assert value.encode() not in watch.one.body
    assert answer.function_calls[0].args == {"text": f"To {value}"}


def test_block_ends_in_one_clear_error(client: genai.Client, watch: Watch) -> None:
    value = aws_key(random.Random(45))
    with pytest.raises(errors.ClientError) as caught:
        client.models.generate_content(model=MODEL, contents=f"aws_access_key_id = {value}")
    assert watch.requests == []
    assert caught.value.code == 400
    assert caught.value.status == "INVALID_ARGUMENT"
    assert "othing was sent" in str(caught.value)
    assert DECISION_ID.search(str(caught.value))
    assert value not in str(caught.value)
