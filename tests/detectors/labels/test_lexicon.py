"""Where labels stand in texts, and what they are called."""

import itertools

import pytest

from promptguard.detectors.labels.lexicon import Occurrence, label_of, occurrences, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date of birth: 1", [(0, 13, "date of birth")]),
        ("dateOfBirth", [(0, 11, "date of birth")]),
        ("customer_passport_no", [(9, 17, "passport number")]),
        ("CUSTOMER-DOB", [(9, 12, "date of birth")]),
        ("patientDob", [(7, 10, "date of birth")]),
        ("driver's license", [(0, 16, "driving licence number")]),
        ("Дата рождения", [(0, 13, "date of birth")]),
        ("İ dob crépin", [(2, 5, "date of birth")]),
        ("我的护照号码是", [(2, 6, "passport number")]),
        ("😀 né le", [(2, 7, "date of birth")]),
        ("adobe, dobro, patientdob", []),
        ("passports, passporting", []),
        ("date   of   birthstone", []),
        ("", []),
    ],
)
def test_occurrences(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert occurrences(text) == [Occurrence(*each) for each in expected]


def test_every_term_is_found_by_itself() -> None:
    for term in terms():
        text = " ".join(term.words)
        assert any(each.start == 0 and each.end == len(text) for each in occurrences(text)), text


def test_occurrences_do_not_overlap() -> None:
    text = " ".join(" ".join(term.words) for term in terms())
    found = occurrences(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("dateOfBirth", "date of birth"),
        ("Date of Birth*", "date of birth"),
        ("DATE_OF_BIRTH", "date of birth"),
        ("N° de téléphone", "phone number"),
        ("date of the birth", ""),
        ("title", ""),
    ],
)
def test_label_of_heading(heading: str, label: str) -> None:
    assert label_of(heading) == label
