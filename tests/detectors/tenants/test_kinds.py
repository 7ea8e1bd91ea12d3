import itertools

import pytest

from promptguard.detectors.tenants.folding import words_of
from promptguard.detectors.tenants.kinds import ALIAS_HEADERS, AMBIGUOUS_HEADERS, FACTS, HEADERS, UNIQUE, ColumnKind


def test_a_header_names_one_kind() -> None:
    for one, other in itertools.combinations(HEADERS.values(), 2):
        assert one.isdisjoint(other)


@pytest.mark.parametrize("names", [*HEADERS.values(), ALIAS_HEADERS, AMBIGUOUS_HEADERS])
def test_headers_stand_in_the_form_in_which_they_are_compared(names: frozenset[str]) -> None:
    assert all(name and name == " ".join(words_of(name)) for name in names)


def test_values_that_are_looked_for_are_reported() -> None:
    assert set(ColumnKind) - set(FACTS) == {
        ColumnKind.SUBJECT,
        ColumnKind.GIVEN_NAME,
        ColumnKind.FAMILY_NAME,
        ColumnKind.IGNORE,
    }
    assert set(FACTS) >= UNIQUE
    assert ColumnKind.PERSON not in UNIQUE
