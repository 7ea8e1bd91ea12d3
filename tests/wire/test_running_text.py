from __future__ import annotations

import pytest

from promptguard.model import DataClass, Finding, Nature, Role, Segment
from promptguard.wire.running_text import MAX_CHARACTERS, MAX_TEXTS, ends_of, questions, remembered, running_texts


def text(said: str, name: str = "a", role: Role = Role.USER, nature: Nature = Nature.TEXT) -> Segment:
    return Segment((name,), said, role, nature=nature)


def test_the_last_texts_are_remembered_by_their_ends() -> None:
    long = "x" * MAX_CHARACTERS + "end"
    said = remembered((), [text(""), text("id", nature=Nature.PROTOCOL), text("a", role=Role.KEY), text(long)])
    assert [each.text for each in said] == [long[-MAX_CHARACTERS:]]
    for number in range(2 * MAX_TEXTS):
        said = remembered(said, [text(str(number))])
    assert [each.text for each in said] == [str(number) for number in range(MAX_TEXTS, 2 * MAX_TEXTS)]


def test_a_text_goes_on_at_the_same_place() -> None:
    before = [text("my pass"), text("other", "b"), text("word is ")]
    found = list(running_texts(before, [text("x", "c"), text("hunter"), text("y" * (MAX_CHARACTERS + 1))]))
    assert [(each.index, each.text.text, each.start) for each in found] == [(1, "my password is hunter", 15)]


@pytest.mark.parametrize(
    ("span", "expected"), [((15, 21), [(1, 0, 6)]), ((11, 21), [(1, 0, 6)]), ((17, 19), [(1, 2, 4)]), ((3, 15), [])]
)
def test_only_what_is_in_the_message_is_found_in_it(
    span: tuple[int, int], expected: list[tuple[int, int, int]]
) -> None:
    running = list(running_texts([text("my password is ")], [text("z", "b"), text("hunter")]))
    finding = Finding(0, *span, "PASSWORD", DataClass.CREDENTIALS, 1.0, "Test", "")
    assert [(each.segment, each.start, each.end) for each in ends_of(running, [finding])] == expected


def test_questions_of_the_service_are_kept_by_their_ends() -> None:
    said = ["hello", "x" * 900 + " What is your PIN?", "Enter it:", "Which one? Say it please", "done."]
    asked = questions(said)
    assert [each.text for each in asked] == ["Enter it:", "Which one? Say it please"]
    assert all((each.path, each.role) == ((), Role.ASSISTANT) for each in asked)
    assert len(questions(said[1:2])[0].text) == MAX_CHARACTERS
