import pytest

from promptguard.detectors.recognizers.types.address_tail import MAX_TAIL_LENGTH, AddressTail
from promptguard.detectors.reference.gazetteer import gazetteer

TAIL = AddressTail(gazetteer())


@pytest.mark.parametrize(
    ("after", "tail"),
    [
        (", Apt. 4B, Boston, MA 02101", ", Apt. 4B, Boston, MA 02101"),
        (" Suite 200", " Suite 200"),
        ("\n10115 Berlin\nDeutschland", "\n10115 Berlin\nDeutschland"),
        ("\r\n> Springfield\r\n> IL 62704", "\r\n> Springfield\r\n> IL 62704"),
        (", 2. tv., 1165 København K", ", 2. tv., 1165 København K"),
        (", 3º izq, 28001 Madrid", ", 3º izq, 28001 Madrid"),
        ("\nUnheardofton\nZZ\n90210", "\nUnheardofton\nZZ\n90210"),
        (", Lyon\n0472 77 69 00", ", Lyon"),
        (", Boston, MA 02101 415-867-5309", ", Boston, MA 02101"),
        (", he said", ""),
        (". The next day", ""),
        ("\nBest regards", ""),
        ("\nUnheardofton\nand so on", ""),
        ("", ""),
    ],
)
def test_how_far_an_address_goes(after: str, tail: str) -> None:
    street = "12 Some Street"
    end, more = TAIL.read(street + after, len(street))
    assert (street + after)[len(street) : end] == tail
    assert more is bool(tail)


def test_it_ends() -> None:
    end, _ = TAIL.read("Boston, " * 1000, 0)
    assert end <= MAX_TAIL_LENGTH
