import re

import pytest

from promptguard.detectors.names.scripts.word_lists import any_of, words


def test_lists() -> None:
    assert "王" in words("chinese.surnames")
    assert len(set(words("chinese.surnames"))) == len(words("chinese.surnames"))
    assert re.fullmatch(any_of("korean.cues"), "제 이름은")
    assert re.fullmatch(any_of("korean.honorifics"), "과장님")


def test_no_such_list() -> None:
    with pytest.raises(KeyError):
        words("klingon.surnames")
