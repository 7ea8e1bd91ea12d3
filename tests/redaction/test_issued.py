from __future__ import annotations

import pytest

from promptguard.model import Restoration
from promptguard.redaction.issued import Issued, joined

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


def test_takes_up_what_others_know() -> None:
    first = Issued({MAIL: "a"}.items())
    other = Issued.of(first)
    other.update({NAME: "b"})
    first.update({"[PHONE_NUMBER_22222222]": "c"})
    assert dict(other) == {MAIL: "a", NAME: "b"}
    first.update(other)
    assert dict(first) == {MAIL: "a", NAME: "b", "[PHONE_NUMBER_22222222]": "c"}
    assert [first.has_original(text) for text in ("a", "b", "c", "d", "")] == [True, True, True, False, False]


@pytest.mark.parametrize("asked", [NAME, "[PERSON_3RTW8ZBB]", "", "x"])
def test_no_message_tells_what_was_asked_for(asked: str) -> None:
    with pytest.raises(KeyError) as raised:
        Issued({MAIL: "a"}.items())[asked]
    assert not asked or asked not in str(raised.value).split()
    assert MAIL not in repr(Issued({MAIL: "a"}.items()))


def test_both_restorations() -> None:
    both = joined(Restoration({MAIL: "a"}), Restoration({NAME: "b"}))
    assert dict(both.originals) == {MAIL: "a", NAME: "b"}
    assert both and not joined(Restoration({}), Restoration({}))
