"""The worker as a process of its own, with the real model, from the side of whoever starts it."""

from __future__ import annotations

import io
import subprocess

from promptguard.detectors.names.process import COMMAND
from promptguard.workers.frames import frame, read_frame

NAME = "Zenobia Quillfeather"


def test_it_answers_with_places_only_and_is_silent_otherwise() -> None:
    text = f"My name is {NAME}."
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        output, errors = process.communicate(frame(text) + frame([NAME]) + frame("Nobody here."), timeout=60)
    assert process.returncode == 0
    assert errors == b""
    assert b"Zenobia" not in output
    assert b"Quillfeather" not in output
    stream = io.BytesIO(output)
    assert read_frame(stream) == {"ready": True}
    (span,) = read_frame(stream)["spans"]
    assert text[span[0] : span[1]] == NAME
    assert span[2] == "PERSON"
    assert 0.4 <= span[3] <= 1
    assert read_frame(stream) == {"error": "TypeError"}
    assert read_frame(stream) == {"spans": []}
    assert stream.read() == b""


def test_it_says_why_it_cannot_serve() -> None:
    command = (*COMMAND, "--spacy-model", "no_such_package")
    done = subprocess.run(command, input=b"", capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    stream = io.BytesIO(done.stdout)
    assert "no_such_package" in read_frame(stream)["unusable"]
