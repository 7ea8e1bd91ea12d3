import pytest

from promptguard.detectors.names.landmarks import is_landmark


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Victoria line", "Victoria"),
        ("the Jordan River flows south", "Jordan"),
        ("Charlotte Douglas International Airport", "Charlotte Douglas"),
        ("Lake Placid in winter", "Placid"),
        ("Mount Everest", "Mount Everest"),
        ("Gare de Lyon", "Lyon"),
        ("Flughafen Franz Josef Strauß", "Flughafen Franz Josef Strauß"),
        ("a walk in Hyde Park", "Hyde"),
        ("Martin Luther King Bridge", "Martin Luther King"),
    ],
)
def test_no_persons(text: str, name: str) -> None:
    start = text.index(name)
    assert is_landmark(text, start, start + len(name), person=True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Emily Park called", "Emily"),
        ("Michael Lake called", "Michael Lake"),
        ("Jordan Rivers called", "Jordan Rivers"),
        ("River Phoenix acted", "River Phoenix"),
        ("I live near Jordan River", "Jordan"),
        ("12 Victoria Station", "Victoria"),
        ("Victoria Station Road", "Victoria"),
        ("Charlotte Douglas will fly", "Charlotte Douglas"),
    ],
)
def test_persons(text: str, name: str) -> None:
    start = text.index(name)
    assert not is_landmark(text, start, start + len(name), person=True)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Victoria line", "Victoria line"),
        ("St. Pancras station", "Pancras"),
        ("Sydney Opera House", "Sydney Opera House"),
        ("River Jordan", "River Jordan"),
        ("Gare Saint-Lazare", "Saint-Lazare"),
        ("Lake Garda", "Lake Garda"),
        ("Hyde Park", "Park"),
        ("Potsdamer Platz", "Platz"),
        ("the Lincoln Tunnel", "Lincoln"),
    ],
)
def test_nobodys_places(text: str, place: str) -> None:
    start = text.index(place)
    assert is_landmark(text, start, start + len(place), person=False)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("4 Lake Placid Road, Ulm", "Lake Placid Road, Ulm"),
        ("Lake Placid, NY 12946", "Lake Placid"),
        ("she lives at Victoria Station", "Victoria Station"),
        ("Lisbon", "Lisbon"),
        ("Baker Street", "Baker Street"),
        ("Michael Lake", "Michael Lake"),
        ("Potsdamer Platz 5", "Platz"),
    ],
)
def test_somebodys_places(text: str, place: str) -> None:
    start = text.index(place)
    assert not is_landmark(text, start, start + len(place), person=False)
