import re

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promptguard.detectors.recognizers.types.place import PlaceRecognizer
from promptguard.detectors.recognizers.types.place_cues import CUES

GATES = {language: regex.compile(PlaceRecognizer(language=language).prefilter) for language in CUES}


def in_plain_syntax(expression: str) -> str:
    """`expression` for Python's own `re`, from which hypothesis can make texts."""
    for kind, letters in ((r"\p{Lu}", "[A-Z]"), (r"\p{Ll}", "[a-z]"), (r"[\p{L}'’-]", "[A-Za-z]")):
        expression = expression.replace(kind, letters)
    return expression.replace("(?-i:", "(?:")


@pytest.mark.parametrize("language", CUES)
@pytest.mark.parametrize("strength", ["strong", "weak", "faint"])
@given(data=st.data())
@settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_prefilter_lets_every_cue_pass(language: str, strength: str, data: st.DataObject) -> None:
    expression = re.compile(in_plain_syntax(getattr(CUES[language], strength)), re.ASCII)
    cue = data.draw(st.from_regex(expression, fullmatch=True))
    gap = "" if cue.endswith(("'", "’")) else " "
    assert GATES[language].search(f"{cue}{gap}Lyon") is not None


@pytest.mark.parametrize("language", CUES)
def test_the_prefilter_is_selective(language: str) -> None:
    assert (
        GATES[language].search("The quick brown fox jumps over the lazy dog in 2024; e-mails are read by nobody")
        is None
    )
