import pytest

from promptguard.detectors.validators.cards import card_as_figure, mistyped_card, payment_card


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("4539 1488 0343 6467", True),
        ("4539148803436467", True),
        ("4539148803436468", False),
        ("6304219447607087665", 0.75),
        ("7000000000000005", 0.3),
        ("675974272857", 0.75),
        ("4000000000006", 0.3),
        ("4444 4444 4444 4448", False),
        ("79927398713", False),
    ],
)
def test_payment_card(text: str, verdict: float | bool) -> None:
    assert payment_card(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("4539 1488 0343 6468", None),
        ("4539148803436468", None),
        ("1234 5678 9012 3456", False),
        ("0000 0000 0000 0000", False),
        ("4539 1488", False),
    ],
)
def test_mistyped_card(text: str, verdict: bool | None) -> None:
    assert mistyped_card(text) is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("4,539,148,803,436,467", 0.3),
        ("4.539148803436467E+15", 0.3),
        ("4539148803436468", False),
        ("6304219447607087665", False),
    ],
)
def test_card_as_figure(text: str, verdict: float | bool) -> None:
    assert card_as_figure(text) == verdict
