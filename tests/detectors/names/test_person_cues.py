import pytest

from promptguard.detectors.names.person_cues import in_record_of_person, is_introduced, is_person_label


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the customer is | today", True),
        ("Kundin: |", True),
        ("La cliente s'appelle |", True),
        ("El paciente, |", True),
        ("l'assistente di |", True),
        ("namens |", True),
        ("kunden hedder |", True),
        ("|, born in May", True),
        ("| (jane@contoso-gmbh.de)", True),
        ("|'s account is locked", True),
        ("the customers left. |", False),
        ("use | for this", False),
        ("a superuser\n|", False),
        ("| is fast", False),
    ],
)
def test_words_around_a_name(text: str, expected: bool) -> None:
    before, _, after = text.partition("|")
    assert is_introduced(f"{before}Jane{after}", len(before), len(before) + 4) is expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("name", True),
        ("customer_name", True),
        ("patientName", True),
        ("Vorname", True),
        ("contact.name", True),
        ("attendees", True),
        ("owner 2", True),
        ("file_name", False),
        ("toolName", False),
        ("location", False),
        ("q", False),
        ("", False),
    ],
)
def test_labels(label: str, expected: bool) -> None:
    assert is_person_label(label) is expected


def test_records() -> None:
    text = '{"nachname": "Zorblax", "name": "Q"}'
    assert in_record_of_person(text, text.index("Q"), text.index("Q") + 1)
    assert not in_record_of_person('{"name": "Q"}', 10, 11)
