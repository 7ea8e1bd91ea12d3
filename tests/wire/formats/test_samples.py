"""Every format on a realistic request of its own: the nature of each string, what a rewrite changes, what it says no
with. The requests and the tables beside them are in `samples/`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from tests.wire.formats.samples.interface import CARD, MAIL, RECORD_END, Sample
from tests.wire.formats.samples.tables import FORMATS, lines, load_samples, reading_of, standing

from promptguard.model import Nature, Notice, Role, Segment

SAMPLES = load_samples()
NOTICE = Notice("pg-1", "Nothing was sent", "Stopped.")
AWKWARD = """Stopped.

````
{"a": "\\n"}, data: [DONE]
event: x

```sh
echo 'שלום' 👩\u200d💻	</script> \u201c
```
````"""
"""With a person's own text at its end, which says what it likes."""
PLACEHOLDERS = {MAIL: "[EMAIL_ADDRESS_N4HX4G8J]", CARD: "[CREDIT_CARD_7Q2M9T3K]"}

every_notice = pytest.mark.parametrize("text", [NOTICE.text, AWKWARD], ids=["short", "awkward"])
every_sample = pytest.mark.parametrize("sample", [pytest.param(sample, id=id) for id, sample in SAMPLES.items()])


def test_every_format_has_a_sample() -> None:
    """But Meta AI's, whose messages are no text: `test_meta_ai.py`."""
    assert list(SAMPLES) == [id for id in FORMATS if id != "meta_ai"]


@every_sample
def test_every_string_is_what_the_table_says(sample: Sample) -> None:
    assert lines(reading_of(sample)) == sample.table.strip("\n").splitlines()


@every_sample
def test_no_string_is_left_out(sample: Sample) -> None:
    """Against a walk of the sample's own: what is no segment would leave without anybody having read it."""
    reading = reading_of(sample)
    read = {segment.text for segment in reading.prompt.segments}
    body = [value for _, value in sample.body] if sample.encoding in ("form", "multipart", "query") else sample.body
    assert {text for text in strings(body) if text} <= read


@every_sample
def test_a_rewrite_changes_texts_and_not_a_byte_more(sample: Sample) -> None:
    reading = reading_of(sample)
    changes = {
        index: masked(segment.text)
        for index, segment in enumerate(reading.prompt.segments)
        if is_text(segment) and masked(segment.text) != segment.text
    }
    body, query = reading.document.replace(changes)
    source = sample.source(sample.body)
    if sample.encoding == "query":
        body, query = (query or "").encode(), None
    assert body is not None
    assert query is None
    if sample.encoding in ("form", "query"):
        assert parse_qsl(body.decode()) == [(name, masked(value)) for name, value in parse_qsl(source.decode())]
    elif sample.encoding == "connect":
        assert body == sample.source(json.loads(masked(json.dumps(sample.body))))
    else:
        assert body.decode() == masked(source.decode())


@every_sample
def test_nothing_replaced_is_nothing_written(sample: Sample) -> None:
    assert reading_of(sample).document.replace({}) == (None, None)


@every_sample
def test_the_same_texts_again_are_the_same_request(sample: Sample) -> None:
    reading = reading_of(sample)
    same = {index: segment.text for index, segment in enumerate(reading.prompt.segments) if is_text(segment)}
    same = {index: text for index, text in same.items() if reading.prompt.segments[index].path}
    body, _ = reading.document.replace(same)
    source = sample.source(sample.body)
    if sample.encoding == "form":
        assert body is not None
        assert parse_qsl(body.decode()) == parse_qsl(source.decode())
    else:
        assert body in (None, source)


@every_notice
@every_sample
def test_the_notice_as_a_body(sample: Sample, text: str) -> None:
    answer = FORMATS[sample.id].refuse(replace(NOTICE, text=text))
    assert answer.status == 400
    assert short(json.loads(answer.body), text) == sample.notice["body"]


@every_notice
@every_sample
def test_the_notice_as_a_stream(sample: Sample, text: str) -> None:
    reading = reading_of(sample)
    answer = FORMATS[sample.id].refuse_stream(sample.request(), reading.document.body, replace(NOTICE, text=text))
    said = None if answer is None else data(answer.body)
    assert short(said, text) == sample.notice.get("stream")


@every_notice
@every_sample
def test_the_notice_as_messages_of_a_websocket(sample: Sample, text: str) -> None:
    messages = FORMATS[sample.id].refuse_message(reading_of(sample).document.body, replace(NOTICE, text=text))
    records = [record for message in messages for record in message.decode().split(RECORD_END) if record]
    assert [short(json.loads(record), text) for record in records] == sample.notice["message"]


def short(value: Any, text: str) -> Any:
    """A JSON value with the short notice in place of `text`, in JSON within a string too."""
    if isinstance(value, dict):
        return {name: short(each, text) for name, each in value.items()}
    if isinstance(value, list):
        return [short(each, text) for each in value]
    if not isinstance(value, str):
        return value
    return value.replace(text, NOTICE.text).replace(json.dumps(text, ensure_ascii=False)[1:-1], NOTICE.text)


def is_text(segment: Segment) -> bool:
    return segment.nature is Nature.TEXT and not segment.fixed


def masked(text: str) -> str:
    for original, placeholder in PLACEHOLDERS.items():
        text = text.replace(original, placeholder)
    return text


def data(body: bytes) -> Any:
    """The JSON of a stream, a list where there is more than one: of SSE events' data, or of the last line."""
    lines = body.decode().strip().splitlines()
    events = [line.removeprefix("data: ") for line in lines if line.startswith("data: ") and line != "data: [DONE]"]
    said = [json.loads(event) for event in events] or [json.loads(lines[-1].removeprefix("0:"))]
    return said[0] if len(said) == 1 else said


def strings(value: Any) -> Iterator[str]:
    """Every string of a value, and those of JSON source in it."""
    match value:
        case dict():
            for inner in value.values():
                yield from strings(inner)
        case list() | tuple():
            for inner in value:
                yield from strings(inner)
        case str() if value[:1] in ("{", "["):
            yield from strings(json.loads(value))
        case str():
            yield value


def in_snake_case(value: Any) -> Any:
    """The same request by the names of Google's protocol buffers."""
    match value:
        case dict():
            return {
                re.sub("(?<=[a-z])[A-Z]", lambda found: f"_{found[0].lower()}", name): in_snake_case(inner)
                for name, inner in value.items()
            }
        case list():
            return [in_snake_case(inner) for inner in value]
    return value


def test_gemini_means_the_same_in_snake_case() -> None:
    sample = SAMPLES["gemini"]
    original = reading_of(sample).prompt.segments
    snake = reading_of(sample, sample.request(in_snake_case(sample.body))).prompt.segments
    assert [what_it_is(segment) for segment in snake if segment.role is not Role.KEY] == [
        what_it_is(segment) for segment in original if segment.role is not Role.KEY
    ]


def what_it_is(segment: Segment) -> tuple[str, str, Role, str]:
    return segment.text, standing(segment), segment.role, segment.position
