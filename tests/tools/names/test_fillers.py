from __future__ import annotations

import random
import re

import pytest
from tools.names.fillers import FILLERS


@pytest.mark.parametrize(
    ("slot", "form"),
    [
        ("IBAN", r"(?:[A-Z]{2}|gb)\d{2}(?:[A-Z]{4})?\d{10,20}"),
        ("SKU", r"[A-Z0-9]+(?:[-.][A-Z0-9]+){0,2}"),
        ("UUID", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ("GOODS", r"[^\t\n]+"),
    ],
)
def test_what_is_filled_in_has_its_form(slot: str, form: str) -> None:
    chance = random.Random(5)
    for _ in range(200):
        written = FILLERS[slot](chance)
        assert re.fullmatch(form, written.replace(" ", "") if slot == "IBAN" else written), written


def test_ibans_are_written_in_one_piece_and_in_groups_of_four() -> None:
    chance = random.Random(5)
    written = [FILLERS["IBAN"](chance) for _ in range(50)]
    assert any(" " in each for each in written)
    assert any(" " not in each for each in written)
    assert all(len(group) == 4 for each in written if " " in each for group in each.split(" ")[:-1])
