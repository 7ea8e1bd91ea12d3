from __future__ import annotations

from typing import Any

import pytest

HEAD = "<?xml version='1.0'?>"


def test_characters_attributes_and_comments(texts: Any) -> None:
    inner = "<text>ab<tspan>cd</tspan></text><desc>d</desc><!-- c --><r id='me' d='M0'/>"
    data = f"{HEAD}<svg xmlns='x' width='5'>{inner}</svg>"
    assert texts(data.encode()) == [("", "abcd\nd"), ("attributes", "id: me"), ("comments", " c ")]


@pytest.mark.parametrize(
    ("element", "listed"),
    [
        ('<owner x="ada@example.org"/>', ["x: ada@example.org"]),
        ('<card r="4111111111111111" y="12.5"/>', ["r: 4111111111111111"]),
        ('<row d="Ada Lovelace"/>', ["d: Ada Lovelace"]),
        ('<p style="color:red" class="big wide"/>', []),
        ('<svg><path d="M0 0 L12.123456789012 4z" class="a b"/></svg>', []),
        ('<svg><rect class="ada@example.org"/></svg>', ["class: ada@example.org"]),
    ],
)
def test_attributes_that_draw_are_left_out_only_where_they_do(texts: Any, element: str, listed: list[str]) -> None:
    found = texts(f"{HEAD}<all>{element}</all>".encode())
    assert [text for label, text in found if label == "attributes"] == listed


def test_broken_mark_up_is_plain_text(texts: Any) -> None:
    assert texts(f"{HEAD}<a>words<b>".encode()) == [("", f"{HEAD}<a>words<b>")]


def test_entities_are_refused(problem: Any) -> None:
    data = f"{HEAD}<!DOCTYPE x [<!ENTITY a 'ha'>]><x>&a;</x>"
    assert problem(data.encode()) == "file.entities kind=xml"


def test_pictures_in_attributes(problem: Any) -> None:
    data = f"{HEAD}<svg><image href='data:application/pdf;base64,JVBERi0xLjc='/></svg>"
    assert problem(data.encode()) == "file.damaged kind=pdf within=xml"
