"""Every format's streamed answer, with a placeholder that is split over two of its messages at every place."""

from __future__ import annotations

import json

import pytest
from tests.wire.formats.samples.interface import Sample, SampleAnswer
from tests.wire.formats.samples.played import RESTORED, TEXT, framed, framing_of, passed, pieces, restored, said
from tests.wire.formats.samples.tables import FORMATS, load_samples

from promptguard.wire.formats.google_web import GUARD

SAMPLES = {id: sample for id, sample in load_samples().items() if sample.answer}

every_answer = pytest.mark.parametrize(
    ("sample", "answer"), [pytest.param(sample, sample.answer, id=id) for id, sample in SAMPLES.items()]
)


@every_answer
def test_is_restored_wherever_it_is_split(sample: Sample, answer: SampleAnswer) -> None:
    first, last = len(answer.before), len(answer.after)
    for place in range(len(TEXT) + 1):
        messages = restored(FORMATS[sample.id], answer, place)
        assert messages[:first] == list(answer.before)
        assert messages[-last:] == list(answer.after)
        assert said(answer, messages[first:-last]) == RESTORED


@pytest.mark.parametrize("id", ["duck_ai", "hugging_chat", "kimi_web", "le_chat", "pi_chat", "you_search"])
def test_is_restored_around_messages_that_say_nothing(id: str) -> None:
    sample, answer = SAMPLES[id], SAMPLES[id].answer
    assert answer is not None
    for place in range(len(TEXT) + 1):
        first, second = pieces(answer, place)
        parts = [framed(answer, each) for each in (*answer.before, first, {"status": "alive"}, second)]
        body = b"".join(passed(FORMATS[sample.id], answer, parts))
        frames = framing_of(FORMATS[sample.id], answer, body).frames(body)
        assert (
            said(answer, [json.loads(frame.payload) for frame in frames if frame.payload][len(answer.before) :])
            == RESTORED
        )


@every_answer
def test_is_restored_however_the_body_is_cut(sample: Sample, answer: SampleAnswer) -> None:
    for place in (12, 30):
        whole = restored(FORMATS[sample.id], answer, place)
        assert all(restored(FORMATS[sample.id], answer, place, cut) == whole for cut in (1, 2, 3, 7, 50))


@every_answer
def test_what_was_not_replaced_passes_as_it_came(sample: Sample, answer: SampleAnswer) -> None:
    text = "[EMAIL_ADDRESS_AAAA2222] is nobody's."
    said = json.loads(answer.piece.replace("TEXT", text))
    parts = [framed(answer, each) for each in (*answer.before, said, *answer.after)]
    if answer.framing == "length_prefixed":
        parts.insert(0, GUARD)
    assert b"".join(passed(FORMATS[sample.id], answer, parts)) == b"".join(parts)
