from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from promptguard.detectors.fingerprints import normalise as module
from promptguard.detectors.fingerprints.normalise import Normaliser

LETTERS = Normaliser()


def shown(normaliser: Normaliser, text: str) -> str:
    return "".join(map(chr, normaliser(text).codes))


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("", ""),
        ("Annual Report, 2026!", "annualreport2026"),
        ("con-\nfidential con\u00adfidential con\u2010 fidential", "confidential" * 3),
        ("“quoted” ‘so’ \"or\" 'so' – — -", "quotedsoorso"),
        ("**bold** _it_ `code` # Head | cell > quote", "bolditcodeheadcellquote"),
        ("Café CAFE\u0301 café", "cafe" * 3),
        ("Straße STRASSE", "strasse" * 2),
        ("oﬃce ﬁle ﬀ", "officefileff"),
        ("Ｆｕｌｌ １２", "full12"),
        ("½ ① x²", "121x2"),
        ("Ελλάδα ΕΛΛΆΔΑ", "ελλαδα" * 2),
        ("Ёлка", "елка"),
        ("한글 漢字 ひらがな", "한글漢字ひらかな"),
        ("\U0001d401old 👍", "bold"),
        ("a\x00b\ud800c\u200bd\ufffe\uffff", "abcd"),
    ],
)
def test_what_counts(text: str, normalised: str) -> None:
    assert shown(LETTERS, text) == normalised


def test_ideographs_beyond_the_basic_plane_count() -> None:
    assert len(LETTERS("\U00020000\U0002a6d6")) == 2


def test_kept_signs_count_too() -> None:
    assert shown(Normaliser(kept="_=()"), 'self._x = f("A", b)') == "self_x=f(ab)"


def test_ignored_lines_do_not_count() -> None:
    normaliser = Normaliser(ignored_lines=regex.compile(r"^import[^\n]*+", regex.MULTILINE))
    text = "import os\nx\n import y\nimport\u00bd\nz"
    normalised = normaliser(text)
    assert shown(normaliser, text) == "ximportyz"
    assert "".join(text[position] for position in normalised.positions) == "ximportyz"


def test_positions_point_at_the_characters() -> None:
    text = "A ﬁne\n½"
    positions = LETTERS(text).positions.tolist()
    assert [text[position] for position in positions] == ["A", "ﬁ", "ﬁ", "n", "e", "½", "½"]


@given(st.text())
def test_any_text_has_ascending_positions_within_it(text: str) -> None:
    normalised = LETTERS(text)
    positions = normalised.positions.tolist()
    assert len(normalised.codes) == len(positions)
    assert positions == sorted(positions)
    assert all(0 <= position < len(text) for position in positions)
    assert 0 not in normalised.codes


def test_blocks_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Ein ﬂeißiger Bäcker, 12½ Brote. " * 20
    whole = LETTERS(text)
    monkeypatch.setattr(module, "_BLOCK", 7)
    cut = LETTERS(text)
    assert whole.codes.tolist() == cut.codes.tolist()
    assert whole.positions.tolist() == cut.positions.tolist()
