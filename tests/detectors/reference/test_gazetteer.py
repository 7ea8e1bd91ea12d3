import pytest

from promptguard.detectors.reference.gazetteer import Gazetteer, PlaceKind, gazetteer


def found(text: str, position: int = 0) -> str | None:
    place = gazetteer().at(text, position)
    return text[place.start : place.end] if place else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Paris, France", "Paris"),
        ("New York City is large", "New York City"),
        ("New Yorkers", None),
        ("Frankfurt am Main.", "Frankfurt am Main"),
        ("MUNICH", "MUNICH"),
        ("Muenchen", "Muenchen"),
        ("Munchen", "Munchen"),
        ("Saint-Étienne.", "Saint-Étienne"),
        ("Saint Etienne", "Saint Etienne"),
        ("U.S. and", "U.S."),
        ("St. Gallen. Then", "St. Gallen"),
        ("EE.UU. y", "EE.UU."),
        ("L’Aquila", "L’Aquila"),
        ("United Kingdom_1", None),
        ("Österreich", "Österreich"),
        ("Parisian", None),
        ("Paris-based", "Paris"),
        ("Paris-Meyer", None),
        ("Nowhereville", None),
        ("12 Paris", None),
        ("", None),
        ("\ud800Paris", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    assert found(text) == name


def test_position() -> None:
    assert found("from Lyon to Turin", 5) == "Lyon"
    assert found("from Lyon to Turin", 18) is None


@pytest.mark.parametrize(
    ("name", "kind", "ambiguous"),
    [
        ("Germany", PlaceKind.COUNTRY, False),
        ("Deutschland", PlaceKind.COUNTRY, False),
        ("Allemagne", PlaceKind.COUNTRY, False),
        ("Alemania", PlaceKind.COUNTRY, False),
        ("Germania", PlaceKind.COUNTRY, False),
        ("Duitsland", PlaceKind.COUNTRY, False),
        ("Tyskland", PlaceKind.COUNTRY, False),
        ("Georgia", PlaceKind.COUNTRY, True),
        ("Turkey", PlaceKind.COUNTRY, True),
        ("Texas", PlaceKind.REGION, False),
        ("Köln", PlaceKind.CITY, False),
        ("Reading", PlaceKind.CITY, True),
        ("Nice", PlaceKind.CITY, True),
        ("US", PlaceKind.COUNTRY, True),
        ("U.S.", PlaceKind.COUNTRY, False),
    ],
)
def test_kinds(name: str, kind: PlaceKind, ambiguous: bool) -> None:
    place = gazetteer().at(name, 0)
    assert place is not None
    assert (place.kind, place.ambiguous) == (kind, ambiguous)


def test_the_last_of_equal_names_counts() -> None:
    names = Gazetteer([(PlaceKind.CITY, True, "Lebanon"), (PlaceKind.COUNTRY, False, "Lebanon")])
    place = names.at("lebanon", 0)
    assert len(names) == 1
    assert place is not None
    assert (place.kind, place.ambiguous) == (PlaceKind.COUNTRY, False)


def test_large_places_only() -> None:
    names = Gazetteer(
        [
            (PlaceKind.CITY, False, "Lyon"),
            (PlaceKind.REGION, False, "New Mexico"),
            (PlaceKind.CITY, False, "New Orleans"),
        ]
    )
    assert names.at("lyon", 0, large=True) is None
    assert names.at("new orleans", 0, large=True) is None
    place = names.at("new mexico", 0, large=True)
    assert place is not None
    assert place.kind is PlaceKind.REGION


def test_larger_places_rank_higher() -> None:
    assert PlaceKind.CITY.rank < PlaceKind.REGION.rank < PlaceKind.COUNTRY.rank
