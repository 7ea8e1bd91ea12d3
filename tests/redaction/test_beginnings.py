from __future__ import annotations

import pytest

from promptguard.redaction.beginnings import pending
from promptguard.redaction.issued import Issued

ISSUED = Issued({"[EMAIL_ADDRESS_N4HX4G8J]": "a", "[PERSON_3RTW8ZBK]": "b"}.items())


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("", ""),
        ("Hello", ""),
        ("Hello [", "["),
        ("Hello \\", "\\"),
        ("Hello &#9", "&#9"),
        ("Hello %5", "%5"),
        ("[EMAIL_ADDRESS_N4", "[EMAIL_ADDRESS_N4"),
        ("[E-Mail-Adr", "[E-Mail-Adr"),
        ("[E-Mail-Box", ""),
        ("(email ", "(email "),
        ("email", "email"),
        ("email ", ""),
        ("email_", "email_"),
        ("EMAIL ADDRESS\n", "EMAIL ADDRESS\n"),
        ("my EMAIL ADDRESS ", "EMAIL ADDRESS "),
        ("MY_EMAIL", "EMAIL"),
        ("user_n4h", "n4h"),
        ("user_n5", ""),
        ("n4hx4g8j", "n4hx4g8j"),
        ("xemail", ""),
        ("给email", "email"),
        ("line\\nemail", "email"),
    ],
)
def test_what_may_begin_a_placeholder(text: str, held: str) -> None:
    assert text[pending(text, 0, ISSUED, patient=True) :] == held


@pytest.mark.parametrize(
    ("text", "held"),
    [("[EMAIL", "[EMAIL"), ("\\[", "\\["), ("EMAIL_", ""), ("(EMAIL", ""), ("n4hx", ""), ("e", ""), ("\\", "")],
)
def test_who_is_not_patient_waits_for_square_brackets_alone(text: str, held: str) -> None:
    assert text[pending(text, 0, ISSUED, patient=False) :] == held


@pytest.mark.parametrize(
    ("text", "held"), [("{", ""), ('{"a": {', ""), ('"to {', "{"), ('["', ""), ('"[', "["), ("{EMAIL", "EMAIL")]
)
def test_braces_that_begin_objects_of_json_source(text: str, held: str) -> None:
    assert text[pending(text, 0, ISSUED, patient=True, source=True) :] == held


def test_looks_no_further_back_than_it_may() -> None:
    assert pending("[EMAIL", 1, ISSUED, patient=True) == 1
    long = "[" + "EMAIL_" * 60
    assert pending(long, 0, ISSUED, patient=True) > 0
