from __future__ import annotations

import pytest

from promptguard.redaction.spelling_tokens import begins_word, brackets_in, in_brackets, kind_of, words_within


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[", ["["]),
        ("\\[", ["\\["]),
        ("\\\\\\[", ["\\\\["]),
        ("&#91;&lbrack;%5B\\u005b", ["&#91;", "&lbrack;", "%5B", "\\u005b"]),
        ("{{{", ["{{"]),
        ("&lt;<(", ["&lt;", "<", "("]),
        ("［【«", ["［", "【", "«"]),
        (")]}u005b", []),
    ],
)
def test_brackets_that_open(text: str, found: list[str]) -> None:
    assert [bracket.group() for bracket in brackets_in(text, 0, len(text), False)] == found


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("\\[", "["),
        ("&#91;", "["),
        ("&lsqb;", "["),
        ("%5b", "["),
        ("\\u005B", "["),
        ("\\(", "("),
        ("&lt;", "<"),
        ("{{", "{{"),
    ],
)
def test_kinds_of_brackets(opening: str, kind: str) -> None:
    assert kind_of(opening) == kind
    assert in_brackets(opening, 0) is (kind == "[")


@pytest.mark.parametrize(
    "written",
    ["EMAIL_ADDRESS", "email\\_address", "Email%5FAddress", "email\\naddress", "EMAIL**-ADDRESS", "email&nbsp;address"],
)
def test_words_between_separators_in_any_escape(written: str) -> None:
    assert words_within(written) == "email address"


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("ab", 0, True),
        ("ab", 1, False),
        ("a b", 2, True),
        ("a_b", 2, True),
        ("给b", 1, True),
        ("\\nb", 2, True),
        ("%20b", 3, True),
    ],
)
def test_where_words_begin(text: str, position: int, expected: bool) -> None:
    assert begins_word(text, position) is expected
