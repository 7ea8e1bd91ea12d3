from __future__ import annotations

import pytest

from promptguard.detectors.names.code_names import is_code_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('GNU/Linux 5.0 "Lenny"', "Lenny"),
        ("version 9.1 (Zorblax)", "Zorblax"),
        ("the repository named Petra", "Petra"),
        ("das Repository namens Petra", "Petra"),
        ("I wrote a poem called Annabel Lee", "Annabel Lee"),
        ("un fichier appelé Marie", "Marie"),
        ("il cane di nome Rex"[:16] + "Rex", "Rex"),
        ("Ask Jasper AI for a text", "Jasper"),
        ("the Monica extension", "Monica"),
    ],
)
def test_code_names(text: str, name: str) -> None:
    start = text.index(name)
    assert is_code_name(text, start, start + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a customer named Petra", "Petra"),
        ("our colleague called Annabel Lee", "Annabel Lee"),
        ("Jasper asked for a text", "Jasper"),
        ("Monica from sales", "Monica"),
        ("Section 5.0, Lenny said", "Lenny"),
        ("the company hired Petra", "Petra"),
    ],
)
def test_persons(text: str, name: str) -> None:
    start = text.index(name)
    assert not is_code_name(text, start, start + len(name))
