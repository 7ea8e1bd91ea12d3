import pytest

from promptguard.review.fitting import fitted
from promptguard.review.tables import term


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("short", "short"),
        ("n" * 200, "n" * 128),
        ("a\0b", "a\ufffdb"),
        ("\N{GRINNING FACE}" * 200, "\N{GRINNING FACE}" * 128),
    ],
)
def test_texts_are_cut_to_their_columns(name: str, kept: str) -> None:
    assert fitted(term, {"kind": "rule", "name": name}) == {"kind": "rule", "name": kept}


@pytest.mark.parametrize("other", [1, b"x" * 500, None])
def test_what_is_no_text_is_left(other: object) -> None:
    assert fitted(term, {"name": other}) == {"name": other}
