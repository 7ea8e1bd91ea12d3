from __future__ import annotations

import re

import pytest

import promptguard.redaction.issued as issued_module
from promptguard.redaction.issued import Issued

MAIL, NAME = "[EMAIL_ADDRESS_N4HX4G8J]", "[PERSON_3RTW8ZBK]"


def test_knows_codes_and_names_and_what_begins_them() -> None:
    issued = Issued({MAIL: "a", NAME: "b"}.items())
    assert issued.placeholders("N4HX4G8J") == [MAIL]
    assert not issued.placeholders("N4HX4G8")
    assert [issued.begins_code(text) for text in ("N4", "N4HX4G8J", "N5", "Z")] == [True, True, False, False]
    assert [issued.is_name(text) for text in ("email address", "e mail", "name", "email a")] == [
        True,
        True,
        True,
        False,
    ]
    assert [issued.begins_name(text) for text in ("email a", "email b")] == [True, False]
    assert [issued.begins_word(text) for text in ("addr", "e", "zzz")] == [True, True, False]
    assert issued.longest >= 2


def test_takes_up_what_is_added() -> None:
    issued = Issued()
    assert not issued.placeholders("N4HX4G8J")
    issued.update({MAIL: "a"})
    assert issued.placeholders("N4HX4G8J") == [MAIL]
    assert issued[MAIL] == "a"


def test_leaves_out_what_is_no_placeholder() -> None:
    issued = Issued({"N4HX4G8J": "a", "[x]": "b"}.items())
    assert not issued.placeholders("N4HX4G8J")
    assert issued.longest == 0


def test_what_is_known_of_a_scope_is_its_own() -> None:
    first = Issued({MAIL: "a", NAME: "b"}.items())
    assert first.begins_code("3RT")
    again = Issued({MAIL: "c"}.items())
    assert not again.begins_code("3RT")
    assert not again.placeholders("3RTW8ZBK")
    grown = Issued({MAIL: "c", "[PHONE_NUMBER_22222222]": "d"}.items())
    assert grown.begins_code("222") and not again.placeholders("22222222")
    assert first.placeholders("3RTW8ZBK") == [NAME]


def test_takes_up_what_is_new_in_a_scope_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    originals = {f"[PERSON_{number:08d}]".translate(str.maketrans("01", "BC")): "x" for number in range(500)}
    assert Issued(originals.items()).begins_code("BBB")
    looked: list[str] = []
    pattern = issued_module._IN_LINES
    monkeypatch.setattr(issued_module, "_IN_LINES", _Watched(pattern, looked))
    assert Issued({**originals, MAIL: "a"}.items()).placeholders("N4HX4G8J") == [MAIL]
    assert looked == [MAIL]


class _Watched:
    """A pattern that notes what it is asked about."""

    def __init__(self, pattern: re.Pattern[str], looked: list[str]) -> None:
        self._pattern, self._looked = pattern, looked

    def findall(self, text: str) -> list[str]:
        self._looked.append(text)
        return self._pattern.findall(text)
