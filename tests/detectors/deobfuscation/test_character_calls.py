from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.character_calls import CHARACTER_CALLS
from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.views import views


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("chr(65)+chr(75)", '"A"+"K"'),
        ("Chr(65) & Chr(75)", '"A" & "K"'),
        ("chr(0x41).chr(0x4b)", '"A"."K"'),
        ("CHAR(65)||'K'", "\"A\"||'K'"),
        ("[char]65+[char]75", '"A"+"K"'),
        ("String.fromCharCode(65) + 'K'", "\"A\" + 'K'"),
        ("name CHAR(65), code VARCHAR(75)", None),
        ("x = chr(65)", None),
        ("chr(10) + chr(13)", None),
    ],
)
def test_calls_read_as_the_characters_they_make(
    read: Callable[[Obfuscation, str], str | None], text: str, reading: str | None
) -> None:
    assert read(CHARACTER_CALLS, text) == reading


def test_characters_join_the_literals_beside_them() -> None:
    assert any('"AKIA"' in view.text for view in views('k = "A" + chr(75) + chr(73) + "A"'))
