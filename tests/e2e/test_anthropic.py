"""The unmodified `anthropic` package through the proxy."""

from __future__ import annotations

import io
import random

import anthropic
import openpyxl
import pytest
from support.expected import DECISION_ID, EMAIL_PLACEHOLDER, with_text
from support.values import aws_key, email
from support.watch import Watch

from promptguard.demo.proxy_process import PromptGuardProcess
from samples import office_made

MODEL = "claude-stand-in"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def client(behind_proxy: PromptGuardProcess) -> anthropic.Anthropic:
    return anthropic.Anthropic(api_key="stand-in")


def test_message_is_redacted_and_restored(client: anthropic.Anthropic, watch: Watch) -> None:
    value = email(31)
    text = f"Please write to {value}, politely."
    messages = [{"role": "user", "content": [{"type": "text", "text": text}]}]
    answer = client.messages.create(model=MODEL, max_tokens=99, system="Be brief.", messages=messages)
    sent = watch.one.json()
    place = ("messages", 0, "content", 0, "text")
    assert EMAIL_PLACEHOLDER.sub("{}", sent["messages"][0]["content"][0]["text"]) == "Please write to {}, politely."
    expected = {"max_tokens": 99, "messages": messages, "model": MODEL, "system": "Be brief."}
    assert with_text(sent, place, text) == expected
    assert answer.content[0].text == f"You wrote: {text}"


def test_a_workbook_is_uploaded_with_placeholders(client: anthropic.Anthropic, watch: Watch) -> None:
    value = email(33)
    client.beta.files.upload(file=("list.xlsx", office_made.workbook("the desk", value, "17"), XLSX))
    body = watch.one.body
    sheet = openpyxl.load_workbook(io.BytesIO(body[body.index(b"PK\x03\x04") :])).active
    assert sheet is not None
    shown = sheet["B2"].value
    assert EMAIL_PLACEHOLDER.fullmatch(shown)
    assert sheet["D3"].value == f'=CONCAT("{shown}",A2)'


@pytest.mark.usefixtures("pieces", "chunks")
def test_stream_is_restored(client: anthropic.Anthropic, watch: Watch) -> None:
    value = email(32)
    text = f"Please write to {value}, politely."
    with client.messages.stream(model=MODEL, max_tokens=99, messages=[{"role": "user", "content": text}]) as stream:
        streamed = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert value.encode() not in watch.one.body
    assert streamed == final.content[0].text == f"You wrote: {text}"


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_tool_input_is_restored(client: anthropic.Anthropic, watch: Watch, stream: bool) -> None:
    value = email(33)
    messages = [{"role": "user", "content": f'!tool send_mail "To": {value}'}]
    if stream:
        with client.messages.stream(model=MODEL, max_tokens=99, messages=messages) as running:
            message = running.get_final_message()
    else:
        message = client.messages.create(model=MODEL, max_tokens=99, messages=messages)
    assert value.encode() not in watch.one.body
    assert message.content[0].input == {"text": f'"To": {value}'}


def test_tool_result_is_redacted(client: anthropic.Anthropic, watch: Watch) -> None:
    value = email(34)
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": f"found {value}"}
    messages = [
        {"role": "user", "content": "Who wrote this?"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}]},
        {"role": "user", "content": [result]},
    ]
    answer = client.messages.create(model=MODEL, max_tokens=99, messages=messages)
    assert value.encode() not in watch.one.body
    assert watch.one.json()["messages"][:2] == messages[:2]
    assert answer.content[0].text == f"You wrote: found {value}"


def test_counting_tokens_sends_no_value(client: anthropic.Anthropic, watch: Watch) -> None:
    value = email(35)
    answer = client.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": f"one {value}"}])
    assert value.encode() not in watch.one.body
    assert answer.input_tokens == 2


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_block_ends_in_one_clear_error(client: anthropic.Anthropic, watch: Watch, stream: bool) -> None:
    value = aws_key(random.Random(36))
    with pytest.raises(anthropic.BadRequestError) as caught:
        client.messages.create(
            model=MODEL,
            max_tokens=99,
            messages=[{"role": "user", "content": f"aws_access_key_id = {value}"}],
            stream=stream,
        )
    assert watch.requests == []
    body = caught.value.response.json()
    assert body["type"] == "error"
    assert body["error"]["type"] == "invalid_request_error"
    assert "othing was sent" in str(caught.value)
    assert DECISION_ID.search(str(caught.value))
    assert value not in caught.value.response.text
