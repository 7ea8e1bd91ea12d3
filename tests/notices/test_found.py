from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from promptguard.model import (
    DataClass,
    Destination,
    Finding,
    Kind,
    Position,
    Prompt,
    Purpose,
    Role,
    Segment,
    Status,
)
from promptguard.notices.found import FoundWords, counted, distinct, position
from promptguard.notices.templates import Templates
from promptguard.typed_yaml.reading import load

WORDS = FoundWords(load(Path(__file__).parents[2] / "config" / "notices" / "en.yaml", Templates))
VALUE = "anna.planted@example.org"
SEGMENTS = (
    Segment((0,), VALUE, Role.USER),
    Segment((1,), VALUE, Role.TOOL_RESULT),
    Segment((2,), VALUE, Role.USER, Position.HISTORY),
    Segment((3,), VALUE, Role.FILE),
    Segment((4,), VALUE, Role.URL),
)
CHAT = Destination("chat", "Some Chat", ("chat.example",), Kind.WEB_CHAT, Status.UNREVIEWED)
PROMPT = Prompt(CHAT, Purpose.PROMPT, "generic", SEGMENTS)


def mail(segment: int = 0, value: str = "v") -> Finding:
    return Finding(segment, 0, len(VALUE), "EMAIL_ADDRESS", DataClass.PERSONAL_DATA, 0.9, "EmailRecognizer", value)


def key(segment: int = 0, value: str = "k", what: str = "GITHUB_TOKEN") -> Finding:
    return Finding(segment, 0, len(VALUE), what, DataClass.CREDENTIALS, 0.9, "Tokens", value)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([mail()], "1 e-mail address in your message."),
        ([mail(), mail(value="w")], "2 e-mail addresses in your message."),
        ([mail(), mail()], "1 e-mail address in your message."),
        ([mail(), key()], "1 e-mail address and 1 GitHub token in your message."),
        ([mail(1)], "1 e-mail address in a tool's result."),
        ([mail(2)], "1 e-mail address in the conversation so far."),
        ([mail(3)], "1 e-mail address in an attached file."),
        ([mail(4)], "1 e-mail address in the web address."),
        ([mail(9)], "1 e-mail address in the request."),
        (
            [mail(2), mail(1, "x"), mail(0, "y"), key(0)],
            "1 e-mail address and 1 GitHub token in your message, 1 e-mail address in a tool's result and 1 e-mail "
            "address in the conversation so far.",
        ),
        # What is said again is not counted again.
        ([mail(2), mail(0)], "1 e-mail address in your message."),
        (
            [key(what=f"OUR_{letter}_KEY", value=letter) for letter in "ABCDEFGH"],
            "1 our a key, 1 our b key, 1 our c key, 1 our d key, 1 our e key and 1 our f key in your message and more.",
        ),
    ],
)
def test_what_was_found_and_where(findings: list[Finding], expected: str) -> None:
    assert f"{WORDS.said(findings, PROMPT)}." == expected


def test_what_is_replaced_in_a_log_is_not_counted() -> None:
    log = [replace(mail(1, str(number)), data_class=DataClass.ACCESS_LOGS) for number in range(3)]
    said = WORDS.said([*log, mail()], PROMPT, replaced=True)
    assert said == "1 e-mail address in your message and addresses and accounts of an access log in a tool's result"
    assert WORDS.said(log, PROMPT) == "3 e-mail addresses in a tool's result"


def test_without_a_finding_or_a_prompt_there_are_words_too() -> None:
    assert WORDS.said([], PROMPT) == "something that must not be sent"
    assert WORDS.said([mail()], None) == "1 e-mail address in the request"


@pytest.mark.parametrize(("parts", "listed"), [("", ""), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_a_list_reads_as_one(parts: str, listed: str) -> None:
    assert WORDS.listing(parts) == listed


def test_values_are_counted_once() -> None:
    assert distinct([mail(), mail(), mail(value="w")]) == 2
    assert [counted(("one", "several"), count) for count in (0, 1, 2)] == ["several", "one", "several"]
    assert [position(mail(index), PROMPT) for index in (0, 2, 9)] == [Position.NEW, Position.HISTORY, Position.NEW]
