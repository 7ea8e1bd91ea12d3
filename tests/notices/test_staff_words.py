from pathlib import Path

import pytest

from promptguard.notices.staff_words import StaffWords
from promptguard.notices.templates import Templates
from promptguard.typed_yaml.reading import load

NOTICES = Path(__file__).parents[2] / "config" / "notices"


@pytest.mark.parametrize("language", sorted(path.stem for path in NOTICES.glob("*.yaml")))
def test_every_language_has_all_words_of_the_page(language: str) -> None:
    words = load(NOTICES / f"{language}.yaml", Templates).staff
    assert words.model_fields_set == set(StaffWords.model_fields)
    assert (words == StaffWords()) is (language == "en")
