from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.notices.remedies import remedy, seconds_until_free
from promptguard.notices.sentences import Sentences
from promptguard.notices.templates import Templates
from promptguard.reasons import Code, Reason
from promptguard.typed_yaml.reading import load

ENGLISH = load(Path(__file__).parents[2] / "config" / "notices" / "en.yaml", Templates)


def told(problem: Reason | None) -> str:
    return remedy(ENGLISH, Sentences(ENGLISH), "the help desk", problem)


@pytest.mark.parametrize(
    ("problem", "advice"),
    [
        (Reason(Code.JSON_INVALID), "send it as plain text"),
        (Reason(Code.BODY_TOO_LARGE, {"megabytes": "10"}), "send less of it, or send it in parts"),
        (Reason(Code.SCAN_TIMEOUT, {"seconds": "30"}), "send less of it, or send it in parts"),
        (Reason(Code.NAMES_OVERLOADED, {"seconds": 3}), "try again in 3 seconds."),
        (Reason(Code.NAMES_OVERLOADED, {"seconds": 1}), "try again in 1 second."),
        (Reason(Code.NAMES_OVERLOADED, {"seconds": 600}), "try again in 60 seconds."),
        (Reason(Code.FILE_OVERLOADED), "try again in a minute"),
    ],
)
def test_what_to_do_about_what_could_not_be_checked(problem: Reason, advice: str) -> None:
    assert told(problem).startswith(f"What to do: {advice}")


@pytest.mark.parametrize(
    ("problem", "advice"),
    [
        (
            Reason(Code.FILE_UNSUPPORTED, {"kind": "rar", "within": ""}),
            "unpack it, and send the files",
        ),
        (Reason(Code.FILE_DAMAGED, {"kind": "pdf", "within": "zip"}), "paste its text instead, since"),
        (
            Reason(Code.FILE_NO_TEXT_RECOGNITION, {"kind": "image", "within": "zip"}),
            "write the words of it that matter",
        ),
        (Reason(Code.FILE_UNSUPPORTED, {"kind": "film", "within": ""}), "write what is said in it as text instead."),
        (
            Reason(Code.FILE_ENCRYPTED, {"kind": "zip", "within": ""}),
            "send it without its password, or",
        ),
        (Reason(Code.FILE_UNSUPPORTED, {"kind": "database", "within": ""}), "take out of it what matters"),
        (Reason(Code.FILE_TOO_MANY_FILES, {"kind": "zip", "within": ""}), "send less of it"),
        (Reason(Code.FILE_NO_READER), "send it as plain text, without attachments"),
    ],
)
def test_what_helps_with_a_kind_of_file(problem: Reason, advice: str) -> None:
    assert told(problem).startswith(f"What to do: {advice}")


@pytest.mark.parametrize(
    ("problem", "seconds"),
    [
        (Reason(Code.NAMES_OVERLOADED, {"seconds": 3}), 3),
        (Reason(Code.NAMES_OVERLOADED, {"seconds": 600}), 60),
        (Reason(Code.NAMES_OVERLOADED), 1),  # as another version recorded it
        (Reason(Code.NAMES_TIMEOUT, {"seconds": 30}), 0),
        (None, 0),
    ],
)
def test_when_to_try_again(problem: Reason | None, seconds: int) -> None:
    assert seconds_until_free(problem) == seconds
