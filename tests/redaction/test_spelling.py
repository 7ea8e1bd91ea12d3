"""How models write placeholders back, whole and in every split."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptguard.model import Channel
from promptguard.redaction.issued import Issued
from promptguard.redaction.restore import RunningText, restore_text
from promptguard.redaction.spelling import may_hold, spelled_in

MAIL = "[EMAIL_ADDRESS_N4HX4G8J]"
NAME = "[PERSON_3RTW8ZBK]"
PHONE = "[PHONE_NUMBER_TTN2RBFQ]"
ORIGINALS = Issued({MAIL: "anna@corp.example", NAME: 'Anna "A." & Berg', PHONE: "+49 170 1"}.items())
A = "anna@corp.example"
B = 'Anna "A." & Berg'

SPELLINGS = [
    r"\[EMAIL\_ADDRESS\_N4HX4G8J\]",
    r"[EMAIL\_ADDRESS\_N4HX4G8J]",
    r"\[EMAIL_ADDRESS_N4HX4G8J\]",
    r"\\[EMAIL\\_ADDRESS\\_N4HX4G8J\\]",
    "[email_address_n4hx4g8j]",
    "[Email_Address_N4hx4g8j]",
    "[Email Address N4HX4G8J]",
    "[EMAIL_ADDRESS N4HX4G8J]",
    "[EMAIL-ADDRESS-N4HX4G8J]",
    "[EMAIL_ADDRESS: N4HX4G8J]",
    "[EmailAddress_N4HX4G8J]",
    "EMAIL_ADDRESS_N4HX4G8J",
    r"EMAIL\_ADDRESS\_N4HX4G8J",
    "email_address_n4hx4g8j",
    "Email_Address_N4hx4g8j",
    "EMAIL ADDRESS N4HX4G8J",
    "EMAIL_N4HX4G8J",
    "E-MAIL-ADRESSE_N4HX4G8J",
    "email-n4hx4g8j",
    "(EMAIL_ADDRESS_N4HX4G8J)",
    "{EMAIL_ADDRESS_N4HX4G8J}",
    "{{EMAIL_ADDRESS_N4HX4G8J}}",
    "«EMAIL_ADDRESS_N4HX4G8J»",
    "« EMAIL_ADDRESS_N4HX4G8J »",
    "«\u00a0EMAIL_ADDRESS_N4HX4G8J\u00a0»",
    "［EMAIL_ADDRESS_N4HX4G8J］",
    "【EMAIL_ADDRESS_N4HX4G8J】",
    "（EMAIL_ADDRESS_N4HX4G8J）",
    "[ EMAIL_ADDRESS_N4HX4G8J ]",
    "[ EMAIL_ADDRESS_N4HX4G8J]",
    "[\nEMAIL_ADDRESS_N4HX4G8J\n]",
    "[EMAIL_ADDRESS_\nN4HX4G8J]",
    "[EMAIL_\nADDRESS_N4HX4G8J]",
    "[EMAIL\nADDRESS N4HX4G8J]",
    "[EMAIL_ADDRESS_\u200bN4HX4G8J]",
    "&#91;EMAIL_ADDRESS_N4HX4G8J&#93;",
    "&#x5B;EMAIL&#95;ADDRESS&#95;N4HX4G8J&#x5d;",
    "&lbrack;EMAIL_ADDRESS_N4HX4G8J&rbrack;",
    "&lsqb;EMAIL&lowbar;ADDRESS&lowbar;N4HX4G8J&rsqb;",
    r"\u005bEMAIL_ADDRESS_N4HX4G8J\u005d",
    r"\u005BEMAIL\u005fADDRESS\u005fN4HX4G8J\u005D",
    "[**EMAIL_ADDRESS_N4HX4G8J**]",
    "[`EMAIL_ADDRESS_N4HX4G8J`]",
    "[EMAIL_ADDRESS_**N4HX4G8J**]",
    "EMAIL_ADDRESS_**N4HX4G8J**",
    "[E-Mail-Adresse N4HX4G8J]",
    "[E-Mail-Adresse_N4HX4G8J]",
    "[ADRESSE_ÉLECTRONIQUE_N4HX4G8J]",
    "[Correo electrónico N4HX4G8J]",
    "[CORREO_ELECTRONICO_N4HX4G8J]",
    "CORREO_ELECTRÓNICO_N4HX4G8J",
    "[Adresse e\u0301lectronique N4HX4G8J]",
    "[邮箱_N4HX4G8J]",
    "[メールアドレス N4HX4G8J]",
    "[электронная почта N4HX4G8J]",
    "[EMAIL_N4HX4G8J]",
    "[ADDRESS_N4HX4G8J]",
    "[mail n4hx4g8j]",
    "[N4HX4G8J]",
    "[n4hx4g8j]",
    "{N4HX4G8J}",
    "N4HX4G8J",
    "n4hx4g8j",
]

AROUND = [
    ("", ""),
    ("see ", " for"),
    ("see the e-mail: ", "'s box"),
    ("**", "**"),
    ("`", "`"),
    ('"', '"'),
    ("> - ", "\n- x"),
    ("```\nx = ", "\n```"),
    ("<td>", "</td>"),
    ("a [b] (c) ", ", then. Email"),
    ("(", ")"),
    ("给", "发"),
    ("email address ", "!"),
]


def shown(text: str, cuts: list[int], channel: Channel = Channel.TEXT) -> str:
    running = RunningText(ORIGINALS, channel)
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return "".join(running.feed(piece) for piece in pieces) + running.finish()


def in_every_split(text: str, channel: Channel = Channel.TEXT) -> str:
    whole = shown(text, [], channel)
    assert shown(text, list(range(1, len(text))), channel) == whole
    for cut in range(1, len(text)):
        assert shown(text, [cut], channel) == whole, cut
        assert shown(text, sorted({cut, min(len(text), cut + 5)}), channel) == whole, cut
    return whole


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_in_every_split_and_place(spelling: str) -> None:
    for before, after in AROUND:
        if (before, spelling[0]) == ("(", "N") or (before, spelling[0]) == ("(", "n"):
            continue  # `(N4HX4G8J)`: see below
        expected = f"{before}{A}{after}"
        if before == "(" and spelling[0] in "EeC":
            expected = A  # those parentheses are the placeholder's
        elif before == "`" and spelling.startswith("EMAIL_ADDRESS_**"):
            expected = f"`{A}`"
        assert in_every_split(before + spelling + after) == expected, before


@pytest.mark.parametrize("spelling", [each for each in SPELLINGS if not each.startswith("\\\\")])
def test_spellings_in_tool_arguments(spelling: str) -> None:
    source = json.dumps({"to": f"x {spelling} y", "n": 1}, ensure_ascii=False)
    restored = restore_text(source, Issued({MAIL: B}.items()), channel=Channel.TOOL_CALL)
    expected = {"&": B.replace("&", "&amp;"), "\\u": json.dumps(B)[1:-1]}.get(spelling[: 1 + (spelling[0] == "\\")], B)
    assert json.loads(restored) == {"to": f"x {expected} y", "n": 1}
    assert in_every_split(source, Channel.TOOL_CALL) == restored.replace(json.dumps(expected)[1:-1], A)


def test_json_escapes_in_tool_arguments() -> None:
    source = '{"a":"\\u005bPERSON_3RTW8ZBK\\u005d\\n3RTW8ZBK\\tx","b":"[PERSON_\\n3RTW8ZBK]"}'
    assert json.loads(in_every_split(source, Channel.TOOL_CALL)) == {"a": f"{B}\n{B}\tx", "b": B}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Words that are not the type's stay.
        ("the email N4HX4G8J", f"the email {A}"),
        ("Email Address N4HX4G8J", f"Email Address {A}"),
        ("E-Mail: N4HX4G8J", f"E-Mail: {A}"),
        ("THE EMAIL N4HX4G8J", f"THE {A}"),
        ("email EMAIL_ADDRESS_N4HX4G8J", f"email {A}"),
        ("[see N4HX4G8J]", f"[see {A}]"),
        ("[KUNDE_N4HX4G8J]", f"[KUNDE_{A}]"),
        ("(see EMAIL_ADDRESS_N4HX4G8J)", f"(see {A})"),
        ("(N4HX4G8J)", f"({A})"),
        # Brackets without their other half, and those of something else.
        ("[EMAIL_ADDRESS_N4HX4G8J", f"[{A}"),
        ("EMAIL_ADDRESS_N4HX4G8J]", f"{A}]"),
        ("[EMAIL_ADDRESS_N4HX4G8J)", f"[{A})"),
        ("{[EMAIL_ADDRESS_N4HX4G8J]}", f"{{{A}}}"),
        ("send(EMAIL_ADDRESS_N4HX4G8J)", f"send({A})"),
        ("${EMAIL_ADDRESS_N4HX4G8J}", f"${{{A}}}"),
        ("Anna <EMAIL_ADDRESS_N4HX4G8J>", f"Anna <{A}>"),
        ("<PERSON_3RTW8ZBK>", B),
        ("&lt;PERSON_3RTW8ZBK&gt;", B.replace("&", "&amp;")),
        ("C:\\Users\\[PERSON_3RTW8ZBK]\\x", f"C:\\Users\\{B}\\x"),
        ("C:\\Users\\[Person_3RTW8ZBK]\\x", f"C:\\Users\\{B}\\x"),
        (f"{MAIL}{NAME}", A + B),
        ("N4HX4G8J/3RTW8ZBK", f"{A}/{B}"),
        ("N4HX4G8J, TTN2RBFQ", f"{A}, +49 170 1"),
        ("_N4HX4G8J_ __EMAIL_N4HX4G8J__", f"_{A}_ __{A}__"),
        ("EMAIL_ADDRESS_N4HX4G8J에게", f"{A}에게"),
        (r'"\u005bPERSON_3RTW8ZBK\u005d"', '"Anna \\"A.\\" & Berg"'),
        ("to %5BPERSON_3RTW8ZBK%5D", "to Anna%20%22A.%22%20%26%20Berg"),
        # Links: the brackets are Markdown's, and no target is filled in.
        ("[EMAIL_ADDRESS_N4HX4G8J](mailto:EMAIL_ADDRESS_N4HX4G8J)", f"[{A}](mailto:EMAIL_ADDRESS_N4HX4G8J)"),
        ("[Email N4HX4G8J](https://x.example/)", f"[{A}](https://x.example/)"),
        ("[N4HX4G8J] (mailto:x)", f"{A} (mailto:x)"),
    ],
)
def test_takes_what_is_the_placeholders_and_no_more(text: str, expected: str) -> None:
    assert in_every_split(text) == expected
    assert in_every_split(f"x {text} y") == f"x {expected} y"


@pytest.mark.parametrize(
    "text",
    [
        "[EMAIL_ADDRESS_N4HX4G8K]",
        "EMAIL_ADDRESS_N4HX4G8",
        "N4HX4G8J2",
        "2N4HX4G8J",
        "N4HX4G8Js",
        "xN4HX4G8J",
        "N4HX 4G8J",
        "N4HX4G8J_1",
        "user_n4hx4g8j = 1",
        "[PERSON_N4HX4G8J]",
        "[Iban_N4HX4G8J]",
        "PERSON_N4HX4G8J",
        "MY_N4HX4G8J",
        "%N4HX4G8J%",
        "éN4HX4G8J",
        "жN4HX4G8J",
        "q=%5BEMAIL_ADDRESS_N4HX4G8J%5D&x",
        "evil.example/?q=%5BEMAIL_ADDRESS_N4HX4G8J%5D",
        "https://evil.example/?q=EMAIL_ADDRESS_N4HX4G8J",
        "https://evil.example/N4HX4G8J",
        "https://evil.example/%5BEMAIL_ADDRESS_N4HX4G8J%5D",
        "![x](//evil.example/(EMAIL_ADDRESS_N4HX4G8J))",
        "[x](EMAIL_ADDRESS_N4HX4G8J)",
        "[x](N4HX4G8J)",
        "[x]( **EMAIL_ADDRESS_N4HX4G8J** )",
        '<img src="{EMAIL_ADDRESS_N4HX4G8J}">',
        "<a href=EMAIL_ADDRESS_N4HX4G8J>",
        "url(EMAIL_ADDRESS_N4HX4G8J)",
        "[x]: EMAIL_ADDRESS_N4HX4G8J",
        "EMAIL_ADDRESS_N4HX4G8J.evil.example/x",
        "[email N4HX4G8J].evil.example/x",
    ],
)
def test_leaves_the_rest(text: str) -> None:
    assert in_every_split(text) == text
    assert in_every_split(f"x\n\n{text} y") == f"x\n\n{text} y"


def test_two_types_with_one_code_are_told_apart_by_what_stands_there_exactly() -> None:
    issued = Issued({"[A_N4HX4G8J]": "a", "[B_N4HX4G8J]": "b"}.items())
    assert restore_text("[A_N4HX4G8J] [B_N4HX4G8J] N4HX4G8J", issued, channel=Channel.TEXT) == "a b N4HX4G8J"


_PARTS = st.sampled_from(
    [
        *SPELLINGS,
        *(
            MAIL,
            NAME,
            "[",
            "]",
            "\\",
            "(",
            ")",
            "{",
            "}}",
            "*",
            "**",
            "`",
            "_",
            "-",
            " ",
            "\n",
            "&",
            "&#",
            "%",
            "%5",
            "\\u00",
        ),
        *(
            "EMAIL",
            "email",
            "ADDRESS",
            "address ",
            "Email",
            "N4HX",
            "4G8J",
            "n4hx4g8j",
            "E",
            "3R",
            ".a/",
            "://",
            "](",
            "x",
        ),
        *("(mailto", "&#91;", "&lt;", ";", "'s", '"', "é", "、", "PERSON", "name"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PARTS, max_size=10), st.lists(st.integers(1, 400), max_size=8), st.sampled_from(list(Channel)))
def test_no_split_of_any_text_shows(parts: list[str], cuts: list[int], channel: Channel) -> None:
    text = "".join(parts)
    inner = sorted({cut for cut in cuts if cut < len(text)})
    whole = shown(text, [], channel)
    assert shown(text, inner, channel) == whole
    assert shown(text, list(range(1, len(text))), channel) == whole


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=8), _PARTS), max_size=10))
def test_what_was_not_issued_stays(parts: list[str]) -> None:
    text = "".join(parts)
    others = Issued({"[EMAIL_ADDRESS_22222222]": "x", "[PERSON_33333333]": "y"}.items())
    assert restore_text(text, others, channel=Channel.TEXT) == text
    assert restore_text(text, {}, channel=Channel.TEXT) == text


@pytest.mark.parametrize(
    ("piece", "held"),
    [
        ("Hello", ""),
        ("your email", "email"),
        ("your email ", ""),
        ("your email.", ""),
        ("your EMAIL ", "EMAIL "),
        ("your EMAIL ADDRESS ", "EMAIL ADDRESS "),
        ("your EMAIL BOX", ""),
        ("Hello [the", ""),
        ("Hello \\[EMAIL\\_", "\\[EMAIL\\_"),
        ("Hello (see", ""),
        ("Hello (EMAIL_ADDRESS_N4HX4G8J", "(EMAIL_ADDRESS_N4HX4G8J"),
        ("Hello N4HX4G8J", "N4HX4G8J"),
        ("Hello N4HX4G8J ", ""),
        ("Hello N5", ""),
    ],
)
def test_holds_back_no_more_than_needed(piece: str, held: str) -> None:
    running = RunningText(ORIGINALS, Channel.TEXT)
    running.feed(piece)
    assert running.held == held


@pytest.mark.parametrize(
    "unit", ["[", "\\[", "EMAIL_", "EMAIL ADDRESS ", "[EMAIL ", "(", "`", "&#9", "[\n", "N4HX4G8J_", "_"]
)
def test_what_is_held_is_bounded_and_takes_linear_time(unit: str) -> None:
    running = RunningText(ORIGINALS, Channel.TEXT)
    for _ in range(300):
        running.feed(unit)
        assert len(running.held) < 300
    started = time.process_time()
    restore_text(unit * 20_000, ORIGINALS, channel=Channel.TEXT)
    assert time.process_time() - started < 2.0


def test_long_texts_and_many_placeholders_take_no_time() -> None:
    issued = Issued((f"[PERSON_{number:08d}]".translate(str.maketrans("01", "BC")), "x") for number in range(3000))
    text = "Lorem ipsum dolor sit amet, the person or [address] of ours. " * 2000
    started = time.process_time()
    assert restore_text(text, issued, channel=Channel.TEXT) == text
    running = RunningText(issued, Channel.TEXT)
    assert "".join(running.feed(word + " ") for word in text.split(" ")) + running.finish() == text + " "
    assert time.process_time() - started < 3.0


def test_finds_spellings_in_a_whole_text() -> None:
    text = r"a \[EMAIL\_ADDRESS\_N4HX4G8J\] and N4HX4G8J, N4HX4G8K"
    assert [text[each.start : each.end] for each in spelled_in(text, ORIGINALS)] == [
        r"\[EMAIL\_ADDRESS\_N4HX4G8J\]",
        "N4HX4G8J",
    ]
    assert may_hold(text)
    assert not may_hold("nothing of that kind [EMAIL] here")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b'{"choices":[{"delta":{"content":"x"}}]}', False),
        (b'["[EMAIL_ADDRESS_7KQ2M4XB]"]', True),
        (b'{"a":"\\u005bEMAIL_ADDRESS_7KQ2M4XB]"}', True),
        (b'{"a":"e-mail 7kq2m4xb"}', True),
    ],
)
def test_json_source_that_may_hold_a_placeholder(source: bytes, expected: bool) -> None:
    assert may_hold(source) is expected
