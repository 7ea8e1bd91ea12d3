from __future__ import annotations

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
