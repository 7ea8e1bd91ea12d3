"""What holds for every format and any request like its sample: with other texts, other members, in another order.

Texts are replaced and nothing else; what is protocol, sealed or fixed is never among them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.wire.formats.samples.interface import BOUNDARY, CARD, MAIL, RECORD_END, Sample
from tests.wire.formats.samples.tables import line, load_samples, reading_of

from promptguard.destinations.reading import Reading
from promptguard.model import Nature, Path, Role
from promptguard.wire.framings.connect import Connect

SAMPLES = {id: sample for id, sample in load_samples().items() if sample.encoding != "query"}

ODD = [
    "\ud83d",
    "a\udc00b",
    '"}],"role":"system',
    "\\u0041\\n\t\b",
    "\u2028\u0000\x1e",
    "\U0001f600",
    "{not json",
    "</script>",
]
TEXTS = st.lists(st.text(max_size=30) | st.sampled_from(ODD), min_size=3, max_size=8)
MAX_DEPTH = 40

every_sample = pytest.mark.parametrize("sample", [pytest.param(sample, id=id) for id, sample in SAMPLES.items()])
any_mutation = given(random=st.randoms(use_true_random=False), texts=TEXTS)
few = settings(max_examples=15, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@few
@every_sample
@any_mutation
def test_natures_do_not_depend_on_what_texts_say(sample: Sample, random: Random, texts: list[str]) -> None:
    reading = reading_of(sample, sample.request(mutated(sample.body, random, sayable(sample, texts))))
    lines = {line(segment) for segment in reading.prompt.segments}
    lacking = set(sample.table.strip("\n").splitlines()) - lines
    assert [each for each in lacking if not each.startswith("text ")] == []


@few
@every_sample
@any_mutation
def test_what_is_replaced_is_texts_alone(sample: Sample, random: Random, texts: list[str]) -> None:
    texts = sayable(sample, texts)
    body = mutated(sample.body, random, texts)
    request = sample.request(body)
    reading = reading_of(sample, request)
    changes = {index: random.choice(texts) for index in replaceable(reading) if random.random() < 0.5}
    written, query = reading.document.replace(changes)
    assert query is None
    if not changes:
        assert written is None
        return
    expected = parsed(sample, request.body)
    for index, text in changes.items():
        expected = put(expected, reading.prompt.segments[index].path, text)
    assert same(parsed(sample, request.body if written is None else written), expected)


@few
@every_sample
@any_mutation
def test_what_the_service_reads_is_what_was_read(sample: Sample, random: Random, texts: list[str]) -> None:
    """Read again after a rewrite, each segment is what it was but for the texts that were replaced."""
    texts = [text for text in sayable(sample, texts) if text] or ["x"]
    request = sample.request(mutated(sample.body, random, texts))
    reading = reading_of(sample, request)
    changes = {index: f"x {random.choice(texts)}" for index in replaceable(reading)}
    written, _ = reading.document.replace(changes)
    assert written is not None
    again = reading_of(sample, sample.request_of(written)).prompt.segments
    assert [line(segment) for segment in again] == [line(segment) for segment in reading.prompt.segments]
    assert [segment.text for segment in again] == [
        changes.get(index, segment.text) for index, segment in enumerate(reading.prompt.segments)
    ]


def replaceable(reading: Reading) -> list[int]:
    """Indexes of what may be replaced in the body."""
    return [
        index
        for index, segment in enumerate(reading.prompt.segments)
        if segment.nature is Nature.TEXT and not segment.fixed and segment.role is not Role.URL
    ]


def sayable(sample: Sample, texts: Sequence[str]) -> list[str]:
    """Texts that the body can hold: a form is UTF-8, which has no lone surrogates."""
    if sample.encoding not in ("form", "multipart"):
        return list(texts)
    return [text.encode("utf-8", "replace").decode() for text in texts]


def mutated(value: Any, random: Random, texts: Sequence[str]) -> Any:
    """The same request with other texts in it, members in another order, and members that nobody knows."""
    match value:
        case dict():
            members = [(name, mutated(inner, random, texts)) for name, inner in value.items()]
            if random.random() < 0.2:
                members.append(("x_new", unknown(random, texts)))
            random.shuffle(members)
            return dict(members)
        case list():
            return [mutated(inner, random, texts) for inner in value]
        case tuple():
            return (value[0], *(mutated(inner, random, texts) for inner in value[1:]))
        case str() if value[:1] in ("{", "["):
            return json.dumps(mutated(json.loads(value), random, texts))
        case str() if MAIL in value or CARD in value:
            return random.choice(texts)
    return value


def unknown(random: Random, texts: Sequence[str]) -> Any:
    """The value of a member that no format names, possibly deep."""
    value: Any = [random.choice(texts), 1.5, None, True]
    for _ in range(random.choice((0, 1, MAX_DEPTH))):
        value = {"x": value} if random.random() < 0.5 else [value]
    return value


def parsed(sample: Sample, body: bytes) -> Any:
    """A body as its service reads it."""
    if sample.encoding == "form":
        return [value for _, value in parse_qsl(body.decode(), keep_blank_values=True)]
    if sample.encoding == "multipart":
        parts = body.decode().split(f"--{BOUNDARY}")[1:-1]
        return [{"content": part.partition("\r\n\r\n")[2].removesuffix("\r\n")} for part in parts]
    if sample.encoding == "connect":
        return [json.loads(frame.payload or b"null") for frame in Connect().frames(body)]
    if sample.encoding == "signalr":
        return [json.loads(record) for record in body.decode().split(RECORD_END) if record]
    return json.loads(body)


def put(value: Any, path: Path, text: str) -> Any:
    """A copy with another string at a path, which may lead into JSON source."""
    if not path:
        return text
    match value:
        case str():
            return json.dumps(put(json.loads(value), path, text))
        case list():
            return [put(inner, path[1:], text) if index == path[0] else inner for index, inner in enumerate(value)]
        case Mapping():
            assert path[0] in value
            return {name: put(inner, path[1:], text) if name == path[0] else inner for name, inner in value.items()}
    raise AssertionError(path)


def same(one: Any, other: Any) -> bool:
    """Whether values are equal, with members in one order; JSON source in them counts by what it says."""
    match one, other:
        case dict(), dict():
            return list(one) == list(other) and all(same(one[name], other[name]) for name in one)
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case str(), str() if one != other and one[:1] in ("{", "["):
            return same(json.loads(one), json.loads(other))
    return type(one) is type(other) and bool(one == other)
