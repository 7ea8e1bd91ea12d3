from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.interpolations import INTERPOLATIONS


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("f\"{'abc'}{'def'}\"", 'f"abcdef"'),
        ("f'abc{\"def\"}'", "f'abcdef'"),
        ('`${"abc"}def`', "`abcdef`"),
        ("\"abc#{'def'}\"", '"abcdef"'),
        ("{'abc': 'def'}", None),
        ('f"{name}abc"', None),
    ],
)
def test_a_literal_in_a_literal_is_a_part_of_it(
    read: Callable[[Obfuscation, str], str | None], text: str, reading: str | None
) -> None:
    assert read(INTERPOLATIONS, text) == reading
