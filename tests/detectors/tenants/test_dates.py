import pytest

from promptguard.detectors.tenants.dates import dates_in


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("12.03.1985", ["1985-03-12"]),
        ("1985-03-12", ["1985-03-12"]),
        ("03/12/1985", ["1985-03-12", "1985-12-03"]),
        ("13/12/1985", ["1985-12-13"]),
        ("12 March 1985", ["1985-03-12"]),
        ("March 12th, 1985", ["1985-03-12"]),
        ("12. März 1985", ["1985-03-12"]),
        ("1er août 1985", ["1985-08-01"]),
        ("12 de marzo de 1985", ["1985-03-12"]),
        ("31.02.1985", []),
        ("12.03.85", []),
        ("1.12.03.1985", []),
        ("12.03.1985.7", []),
        ("12-03.1985", []),
        ("12 Foo 1985", []),
    ],
)
def test_days(text: str, days: list[str]) -> None:
    found = list(dates_in(f"on {text} and"))
    assert sorted(form for _, _, form in found) == [f"={day}" for day in sorted(days)]
    assert all(f"on {text} and"[start:end] == text for start, end, _ in found)
