import pytest

from promptguard.detectors.names.scripts.listed import key, listed_names


@pytest.mark.parametrize(
    ("word", "written"),
    [("Ἀθηνᾶ", "αθηνα"), ("Νίκος", "νικοσ"), ("أَحْمَد", "احمد"), ("علی", "علي"), ("Пётр", "петр"), ("王", "王")],
)
def test_keys(word: str, written: str) -> None:
    assert key(word) == written


@pytest.mark.parametrize("name", ["Анна", "Μαρία", "محمد", "דוד", "राजेश", "გიორგი", "지영"])
def test_given_names(name: str) -> None:
    assert key(name) in listed_names().given


@pytest.mark.parametrize("name", ["Иванов", "佐藤", "佐々木", "כהן"])
def test_surnames(name: str) -> None:
    assert key(name) in listed_names().surnames
