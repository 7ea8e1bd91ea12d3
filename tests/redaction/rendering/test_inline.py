from __future__ import annotations

import pytest

from promptguard.redaction.rendering.inline import Inline


@pytest.mark.parametrize(
    ("text", "inside", "code_ends"),
    [
        ("`<img src='", True, {1}),
        ("`<img src='`", False, set()),
        ("``<img src='`", True, {2}),
        (r"\`<img src='`", True, set()),
        ("<img src='`", True, set()),
        ("<a b='`'> <img src='`", True, set()),
        ("![`a` ", True, set()),
        ("`https://a.b`", False, set()),
        ("https://a.b`c`", True, set()),
        ("<form>`</form>`", True, set()),
    ],
)
def test_code(text: str, inside: bool, code_ends: set[int]) -> None:
    inline = Inline()
    inline.text(text)
    assert (inline.state.inside, inline.code_ends) == (inside, code_ends)


def test_copies_share_nothing() -> None:
    inline = Inline()
    inline.text("`a")
    other = inline.copy()
    other.text("` <img src='")
    inline.text("`")
    assert (inline.state.inside, other.state.inside) == (False, True)


def test_code_ends_with_its_cell_and_its_block() -> None:
    inline = Inline()
    inline.row("`a|<img src='|`")
    assert inline.state.inside
    inline = Inline()
    inline.text("`a")
    inline.end_block(html=False)
    inline.text("<img src='`")
    assert inline.state.inside
