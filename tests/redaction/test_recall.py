from __future__ import annotations

import time

import pytest

from promptguard.model import Nature, Recalled, Role, Segment
from promptguard.redaction.placeholders import placeholder_for
from promptguard.redaction.recall import recall


def known(*originals: str) -> dict[str, str]:
    return {placeholder_for(b"k", "scope", "PERSON", original, {}): original for original in originals}


def is_common(word: str) -> bool:
    return word.lower() in {"mark", "will", "april"}


def found(text: str, *originals: str, role: Role = Role.USER, nature: Nature = Nature.TEXT) -> list[str]:
    """What is recalled, as it stands in the text."""
    segment = Segment((), text, role, nature=nature)
    return [text[each.start : each.end] for each in recall([segment], known(*originals), is_common, lambda _: ())]


@pytest.mark.parametrize(
    ("original", "text"),
    [
        ("14.03.1975", "date: 14.03.1975."),
        ("14.03.1975", "x;14.03.1975;y"),
        ("14.03.1975", "T14.03.1975Z"),
        ("+49 170 1234567", "id,+49 170 1234567,x"),
        ("+49 170 1234567", "call/+49 170 1234567/x"),
        ("(030) 1234", "dial (030) 1234!"),
        ("anna@corp.example", "mailto:anna@corp.example"),
        ("anna@corp.example", "ANNA_anna@corp.example"),
        ("Anna Berg", "Dear Anna Berg,"),
        ("Anna Berg", "Anna Berg's"),
        ("Mark Will", "Mark Will"),
        ("Löwe", "der Löwe brüllt"),
        ("Bergmann", "/home/Bergmann/x"),
        ("Bergmann", "user_Bergmann_2"),
        ("O'Brien", "to O'Brien now"),
        ("4711023", "no. 4711023"),
        ("田中太郎", "昨日田中太郎さんは"),
        ("김민수", "김민수가"),
    ],
)
def test_stands_as_a_whole_word(original: str, text: str) -> None:
    assert found(text, original) == [original]


@pytest.mark.parametrize(
    ("original", "text"),
    [
        ("14.03.1975", "114.03.1975"),
        ("14.03.1975", "14.03.19755"),
        ("14.03.1975", "14-03-1975"),
        ("+49 170 1234567", "49 170 1234567"),
        ("anna@corp.example", "joanna@corp.example"),
        ("anna@corp.example", "anna@corp.examples"),
        ("anna@corp.example", "Anna@corp.example"),
        ("Anna Berg", "Anna Bergmann"),
        ("Anna Berg", "Johanna Berg"),
        ("Anna Berg", "AnnaBerg"),
        ("Anna Berg", "anna berg"),
        ("Jose", "Jose\u0301"),
        ("Mark", "Mark"),
        ("April", "April"),
        ("Bob", "Bob"),
        ("ab", "ab"),
        ("7", "7"),
        ("1975", "in 1975"),
        ("...", "..."),
        ("", "anything"),
    ],
)
def test_no_whole_word_or_no_value(original: str, text: str) -> None:
    assert found(text, original) == []


@pytest.mark.parametrize("space", ["\u00a0", "\n", "\t", "  ", "\u202f", "\r\n"])
def test_other_white_space_than_the_originals_own(space: str) -> None:
    assert found(f"Dear Anna{space}Berg!", "Anna Berg") == [f"Anna{space}Berg"]
    assert found("Dear Anna Berg!", f"Anna{space}Berg") == ["Anna Berg"]


@pytest.mark.parametrize("role", list(Role))
def test_single_words_are_left_in_what_programs_wrote(role: Role) -> None:
    text = "Bergmann, anna@corp.example, 14.03.1975, Anna Berg"
    strong = ["anna@corp.example", "14.03.1975", "Anna Berg"]
    single = [] if role in (Role.SYSTEM, Role.TOOL_DEFINITION) else ["Bergmann"]
    assert found(text, "Bergmann", *strong, role=role) == [*single, *strong]


@pytest.mark.parametrize("nature", [Nature.PROTOCOL, Nature.SEALED])
def test_only_text_is_searched(nature: Nature) -> None:
    assert found("anna@corp.example", "anna@corp.example", nature=nature) == []


def test_the_longest_original_wins_and_none_overlap() -> None:
    originals = ("Anna", "Anna Berg", "Anna Berg GmbH", "Berg GmbH & Co")
    assert found("Anna Berg GmbH & Co; Anna Berg; Anna", *originals) == ["Anna Berg GmbH", "Anna Berg", "Anna"]


def test_says_where_and_by_which_placeholder() -> None:
    names = known("Anna Berg", "14.03.1975")
    anna, born = names
    segments = [Segment((), "x"), Segment((), "Anna Berg, 14.03.1975")]
    assert recall(segments, names, is_common, lambda _: ()) == [Recalled(1, 0, 9, anna), Recalled(1, 11, 21, born)]


def test_leaves_placeholders_alone() -> None:
    names = known("12345678")
    segments = [Segment((), "[A_12345678] 12345678")]
    assert [each.start for each in recall(segments, names, is_common, lambda _: [(0, 12)])] == [13]


def test_is_fast_for_thousands_of_originals_and_long_texts() -> None:
    originals = [f"+49 170 {number}" for number in range(1_000_000, 1_003_000)]
    originals += [f"user{number}@corp.example" for number in range(2_000)]
    names = known(*originals)
    text = "Lorem ipsum dolor sit amet, +49 170 9999999 and user9 or so. " * 1700 + originals[-1]
    started = time.process_time()
    assert len(recall([Segment((), text)], names, is_common, lambda _: ())) == 1
    assert time.process_time() - started < 1.0  # some 60 ms; quadratic it would be minutes
