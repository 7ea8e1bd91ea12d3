from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.groups_apart import GROUPS_APART
from promptguard.detectors.deobfuscation.interface import Obfuscation

CARD = "45391488" + "03436467"
A, B, C, D = (CARD[start : start + 4] for start in range(0, 16, 4))


@pytest.mark.parametrize(
    "text",
    [
        f"card1={A}&card2={B}&card3={C}&card4={D}",
        f"card_1: {A}\ncard_2: {B}\ncard_3: {C}\ncard_4: {D}\n",
        f'{{"cardPart1": "{A}", "cardPart2": "{B}", "cardPart3": "{C}", "cardPart4": "{D}"}}',
        f'<input name="cc1" value="{A}"><input name="cc2" value="{B}"><input name="cc3" value="{C}">'
        f'<input name="cc4" value="{D}">',
        f"name,c1,c2,c3,c4,exp\nX,{A},{B},{C},{D},12/27",
        f"the first four are {A}, then {B}, {C} and the last four {D}",
    ],
)
def test_groups_beside_a_word_for_a_card_are_one_number(
    read: Callable[[Obfuscation, str], str | None], text: str
) -> None:
    assert CARD in (read(GROUPS_APART, text) or "")


@pytest.mark.parametrize(
    "text",
    [
        f"credit: 2019: {A}, 2020: {B}",
        f"cards sold: {A} in 2019, {B} by 2020 or {C} so far",
        f"card;{A};{B};{C};{D};{A}",
        f"years {A}&{B}&{C}&{D}",
    ],
)
def test_other_numbers_are_none(read: Callable[[Obfuscation, str], str | None], text: str) -> None:
    assert CARD not in (read(GROUPS_APART, text) or "")
