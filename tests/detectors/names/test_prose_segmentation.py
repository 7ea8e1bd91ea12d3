from __future__ import annotations

import itertools

import pytest

from promptguard.detectors.names.prose_segmentation import looked_at, looks_like_prose, prose_spans

PYTHON = '''import os

def total(rows):
    """Sum the rows of Jane Roe.

    >>> total([1, 2])
    3
    """
    result = 0
    for row in rows:
        result += row

    return result
'''
TRACE = """Traceback (most recent call last):
  File "/srv/app/main.py", line 12, in <module>
    main()
ValueError: bad value
"""
JAVA_TRACE = """Caused by: java.lang.IllegalStateException: closed
\tat com.example.Roe.open(Roe.java:12)
\tat com.example.Jane.main(Jane.java:3)
"""
DIFF = """diff --git a/jane.py b/jane.py
index 83db48f..bf2a6b1 100644
--- a/jane.py
+++ b/jane.py
@@ -1,2 +1,2 @@
-jane = Roe()
+roe = Jane()
"""


def seen(text: str) -> str:
    return "|".join(text[start:end] for start, end in prose_spans(text)).strip()


@pytest.mark.parametrize(
    "text",
    [
        "My name is Jane Roe.",
        "Jane",
        "Name: Jane Roe\nCity: Springfield\n\n# Notes\n* Jane called\n* Bob called",
        "name,city\nJane Roe,Springfield\nBob Roe,Shelbyville",
        "Meeting at Acme (Jane Roe), if possible:\n\nfor Jane and Bob;",
        "2031-05-01 10:22 Jane Roe: hello there",
        "INSERT INTO customers VALUES ('Jane Roe', 'Springfield');",
    ],
)
def test_prose_is_seen_whole(text: str) -> None:
    assert seen(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n ",
        "gpt-4o",
        "user",
        "auto-detect",
        "1234 5678",
        "550e8400-e29b-41d4-a716-446655440000",
        PYTHON,
        TRACE,
        JAVA_TRACE,
        DIFF,
        "```python\nJane = Roe\nprint(Jane)\n```",
        "~~~~js\nanything at all, Jane\n~~~\n~~~~",
        "const jane = await roe({\n  name: 'Jane Roe',\n});",
        "public static void main(String[] args) {\n    Jane.roe();\n}",
        "#include <jane.h>\nint main() {\n\treturn Roe(1);\n}",
        "export interface Person {\n  name: string;\n}",
        "$ ssh jane\n",
        "2031-05-01 10:22:03,123 ERROR [worker] Jane Roe failed",
        "May  1 10:22:03 host sshd[12]: Accepted password for Jane",
        '192.0.2.7 - jane [01/May/2031:10:22:03 +0000] "GET / HTTP/1.1" 200 12',
        "https://example.com/Jane/Roe?city=Springfield",
        "Sm9obiBSb2Ugd2FzIGhlcmUgYW5kIHdlbnQgYXdheSBhZ2Fpbi4gSm9obiBSb2U=",
    ],
)
def test_code_and_machine_text_is_not_seen(text: str) -> None:
    assert seen(text) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"Please fix this, says Jane Roe:\n{PYTHON}\nThank you, Bob",
            ["Please fix this, says Jane Roe", "Thank you, Bob"],
        ),
        (f"Jane saw this:\n\n{TRACE}\nWhat now?", ["Jane saw this", "What now?"]),
        ("```\nJane Roe\n12 Example Street\n```", ["Jane Roe\n12 Example Street"]),
        ("Dear Jane,\n```sql\nselect 1\n```\nRegards, Bob", ["Dear Jane", "Regards, Bob"]),
        ("Ask Jane at jane@example.com or https://example.com/a today", ["Ask Jane at", "or", "today"]),
        ('{"name": "Jane Roe", "city": "Springfield"}', ["Jane Roe", "Springfield"]),
        ('{"name":"Jane","age":42,"city":"Springfield"}', ["Jane", "Springfield"]),
        ('<p class="x">Dear Jane</p><br/>Bob', ["Dear Jane", "Bob"]),
        ("Call `jane_roe` or `Jane Roe` in /srv/data/Roe now", ["Call", "or `Jane Roe` in", "now"]),
    ],
)
def test_mixed_text_keeps_its_prose(text: str, expected: list[str]) -> None:
    parts = [text[start:end].strip(' \n",{}:`') for start, end in prose_spans(text)]
    assert parts == expected


def test_spans_are_in_order_and_do_not_overlap() -> None:
    text = "Jane `x_y` Roe\n\n" + PYTHON + "\nBob https://example.com Roe\n"
    spans = prose_spans(text)
    assert len(spans) == 4
    assert all(start < end for start, end in spans)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))


def test_an_unclosed_docstring_hides_nothing_below_it() -> None:
    assert "Jane Roe" in seen('x = foo(1)\n"""\n\nunindented text of Jane Roe')


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        '"',
        "<a ",
        "a=",
        "`",
        "a@",
        "/a",
        "class a ",
        "public a,",
        "import a, ",
        "a > b ",
        "f(a(b)",
        'x=f(1)\n"""\n',
        "<a b",
    ],
)
def test_hostile_text_is_read_to_its_end(unit: str) -> None:
    # Superlinear matching would run into the timeout of the test run.
    text = unit * (400_000 // len(unit)) + "\n\n\nMy name is Jane Roe."
    prose_spans(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please send this to Jane Roe today.", True),
        ("wie geht's dir heute, Jürgen?", True),
        ("first_name", False),
        ("/v1/chat/completions?limit=10", False),
        ("id=1 a_b=2 c-3 4", False),
        ("Jane Roe", False),
    ],
)
def test_looks_like_prose(text: str, *, expected: bool) -> None:
    assert looks_like_prose(text) is expected


@pytest.mark.parametrize(
    "credit",
    [
        "# Author: Jane Roe",
        "# Copyright 2031 Jane Roe. All rights reserved.",
        "# (c) Copyright Jane Roe",
        "// Written by Jane Roe",
        "# Originally written by Jane Roe",
        " * @author Jane Roe",
    ],
)
def test_who_wrote_source_code_is_left_out(credit: str) -> None:
    assert "Jane" not in seen(f"{credit}\n\nimport os\n\ndef total(rows):\n    return sum(rows)\n")


def test_who_wrote_a_letter_is_not() -> None:
    assert "Jane Roe" in seen("Author: Jane Roe\n\nThis report was written by Jane Roe for the board.")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("```python\n# special case for Anna Johansson from Ystad\nx = 1\n```", ["Anna Johansson"]),
        ("x = f(1)\nname = 'Anna K. Johansson'\n", ["Anna K. Johansson"]),
        ('self.check(row.name, "Jan van der Berg")\n', ["Jan van der Berg"]),
        ("const a = 1; // ask Anna-Lena Johansson\n", ["Anna-Lena Johansson"]),
        ("public void f() {\n    /* see Anna Johansson, Jim Doe */\n}", ["Anna Johansson", "Jim Doe"]),
        ("x = f(1)\ncardholder=Anna Johansson\npan=4\ny = f(2)\n", ["Anna Johansson"]),
        ("2025-12-30 17:37:09 WARN  payment 16 declined, payer Anna Johansson\n", ["Anna Johansson"]),
        ("SELECT 1;\nx = f(2)\n", []),
        ("class AnnaJohansson:\n    pass\n", []),
        ("x = Anna Johansson(1)\n", []),
        ("# Copyright 2024 Anna Johansson\nimport os\nx = f(1)\n", []),
        ("Anna Johansson wrote this.", []),  # no code: the model sees all of it
    ],
)
def test_names_in_code(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end in looked_at(text).names] == names
