"""The worker as a process of its own, with the real model, from the side of whoever starts it."""

from __future__ import annotations

import io
import subprocess

import pytest

from promptguard.detectors.names.asked import Lane
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.process import COMMAND
from promptguard.workers.frames import frame, read_frame

NAME = "Zenobia Quillfeather"


def asked(lane: Lane, *texts: object) -> bytes:
    return frame([lane, texts])


@pytest.mark.parametrize("model", ModelKind)
def test_it_answers_with_places_only_and_is_silent_otherwise(model: ModelKind) -> None:
    text = f"My name is {NAME}."
    table = f"Dear all,\n\nname;city\n{NAME};Springfield\nBob Miller;Salem\n"
    questions = [
        asked(Lane.SHORT, (text, False, False), ([NAME], False, False), ("Nobody here.", True, False)),
        asked(Lane.SHORT, (table, True, False), (table, True, True)),
    ]
    command = (*COMMAND, "--model", model)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        output, errors = process.communicate(b"".join(questions), timeout=60)
    assert process.returncode == 0
    assert errors == b""
    assert b"Zenobia" not in output
    assert b"Quillfeather" not in output
    stream = io.BytesIO(output)
    assert read_frame(stream) == {"ready": True}
    lane, (spans, error, none) = read_frame(stream)
    assert (lane, error, none) == (Lane.SHORT, "TypeError", [])
    assert [(text[start:end], kind) for start, end, kind, _, _ in spans] == [(NAME, "PERSON")]
    assert 0.4 <= spans[0][3] <= 1
    _, (cells, skipped) = read_frame(stream)
    assert NAME in [table[start:end] for start, end, *_ in cells]
    assert skipped == []
    assert stream.read() == b""


def test_a_short_text_is_answered_beside_a_long_one() -> None:
    long = f"We met {NAME} on Monday. " * 4_000
    with subprocess.Popen(
        (*COMMAND, "--model", ModelKind.COMPACT), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write(asked(Lane.LONG, (long, True, False)) + asked(Lane.SHORT, (f"It is {NAME}.", True, False)))
        process.stdin.flush()
        assert read_frame(process.stdout) == {"ready": True}
        answers = [read_frame(process.stdout) for _ in range(2)]
    assert [lane for lane, _ in answers] == [Lane.SHORT, Lane.LONG]
    assert len(answers[1][1][0]) == 4_000


def test_it_says_why_it_cannot_serve() -> None:
    command = (*COMMAND, "--spacy-model", "no_such_package")
    done = subprocess.run(command, input=b"", capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    stream = io.BytesIO(done.stdout)
    assert "no_such_package" in read_frame(stream)["unusable"]
