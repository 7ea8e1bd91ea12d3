from pathlib import Path

import pytest

from promptguard.model import Action
from promptguard.notices.recorded_words import RecordedWords
from promptguard.notices.templates import Templates
from promptguard.review.roles import Role
from promptguard.typed_yaml.reading import load

NOTICES = Path(__file__).parents[2] / "config" / "notices"


@pytest.mark.parametrize("language", sorted(path.stem for path in NOTICES.glob("*.yaml")))
def test_every_language_has_all_words_of_the_page(language: str) -> None:
    words = load(NOTICES / f"{language}.yaml", Templates).recorded
    assert words.model_fields_set == set(RecordedWords.model_fields)
    assert (words == RecordedWords()) is (language == "en")
    assert all(words.of_action(action) for action in Action)


def test_no_role_of_the_console_is_left_out() -> None:
    assert len(RecordedWords().roles) == len(Role)
    for role, told in zip(Role, RecordedWords().roles, strict=True):
        assert told.lower().startswith(role.replace("_", " ") + ":")
