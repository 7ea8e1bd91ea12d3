import pytest

from promptguard.console.rendering import CLASSES, DONE, UNKNOWN, counted, kind, moment
from promptguard.model import Action, DataClass
from promptguard.policy.replay import Unknown


def test_every_action_and_class_has_words() -> None:
    assert set(DONE) == {str(action) for action in Action}
    assert set(CLASSES) == {str(data_class) for data_class in DataClass}
    assert set(UNKNOWN) == set(Unknown)


@pytest.mark.parametrize(
    ("name", "count", "words"), [("EMAIL_ADDRESS", 1, "1 email address"), ("GITHUB_TOKEN", 2, "2 GitHub tokens")]
)
def test_kinds_are_counted_in_words(name: str, count: int, words: str) -> None:
    assert counted(name, count) == words
    assert kind(name) in words


@pytest.mark.parametrize(
    ("time", "words"), [("2026-03-01T09:30:05.123Z", "2026-03-01 09:30:05 UTC"), ("no time", "no time"), ("", "")]
)
def test_times_are_told_to_the_second(time: str, words: str) -> None:
    assert moment(time) == words
