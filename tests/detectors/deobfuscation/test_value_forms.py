import re

import pytest

from promptguard.detectors.deobfuscation.value_forms import begin_of, may_be_value


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("AKIA" + "3KV7QWZ5TJ2NDLX6", True),
        ("proj_AKIA" + "3KV7QWZ5TJ2NDLX6", True),
        ("DE02120300000000202051", True),
        ("4539-1488-0343-6467", True),
        ("anna.roe@firma-mueller.de", True),
        ("anna@firma", False),
        ("2024-11-29", False),
        ("TAKIA3KV7QWZ5TJ2NDLX6", False),
        ("width*height", False),
    ],
)
def test_may_be_value(text: str, may: bool) -> None:
    assert may_be_value(text) is may


def test_begin_of() -> None:
    word = re.compile(r"\w")
    assert begin_of("see abc", 6, 0, word) == 4
    assert begin_of("see abc", 6, 5, word) == 5
