import pytest

from promptguard.detectors.recognizers.types.address import AddressRecognizer
from promptguard.detectors.recognizers.types.street_forms import STREET_FORMS

RECOGNIZERS = {language: AddressRecognizer(language=language) for language in STREET_FORMS}


def found(text: str, language: str) -> list[tuple[str, float]]:
    return [(text[r.start : r.end], r.score) for r in RECOGNIZERS[language].analyze(text, ["LOCATION"])]


WHOLE = {
    "en": [
        "221B Baker Street",
        "221B Baker Street, London NW1 6XE",
        "1600 Pennsylvania Ave NW, Washington, DC 20500",
        "Flat 3, 12 High Street, Leeds",
        "One Microsoft Way, Redmond, WA 98052",
        "123 Main St Apt 4B\nSpringfield, IL 62704\nUSA",
        "45 Queen St W, Toronto, ON M5H 2M9",
        "Unit 5, 100 Harris Street, Pyrmont NSW 2009",
        "4500 County Road 12, Boise, ID",
        "1200 MARKET ST SAN FRANCISCO CA 94103",
        "12-14 Station Rd., Cambridge",
        "1980 Elm Street",
        "3385 Bayberry Way",
        "4638 old mill street",
        "the corner of Elm and Oak Street",
    ],
    "de": [
        "Hauptstraße 12a",
        "Am Markt 5, 04109 Leipzig",
        "Berliner Str. 12, 10115 Berlin",
        "Dr.-Hans-Frisch-Straße 7",
        "Unter den Linden 77, 10117 Berlin",
        "Musterweg 3\n12345 Musterstadt\nDeutschland",
        "Lange Gasse 3, 2. OG, 86152 Augsburg",
        "Rosenthaler Straße 50b;53111;Trier",
    ],
    "fr": [
        "12 rue de la Paix",
        "12 bis, rue de la Paix, 75002 Paris",
        "5 avenue des Champs-Élysées",
        "3 place Bellecour, 69002 Lyon",
        "36 rue de pologne",
        "143, place du Marché",
    ],
    "es": [
        "Calle Mayor 5, 2º B",
        "C/ Mayor, 5",
        "Avda. de la Constitución, 12, 3º B, 28001 Madrid",
        "Rua Augusta, 123, Lisboa",
        "Calle 45 # 12-34",
        "Calle de Alcalá s/n",
        "Paseo de los Olmos, 123",
    ],
    "it": ["Via Roma 10", "Via Giuseppe Garibaldi, 15/A, 20121 Milano", "Piazza del Duomo 1", "Via XX Settembre 5"],
    "nl": ["Kerkstraat 12-III, 1017 GC Amsterdam", "Eerste Jan Steenstraat 12 hs", "van Baerlestraat 5"],
    "da": ["Nørregade 5, 2. tv, 1165 København K", "H.C. Andersens Boulevard 27", "Storgatan 12, 114 55 Stockholm"],
    "pl": ["ul. Długa 5/12, 00-950 Warszawa", "Kossuth Lajos utca 12."],
    "box": ["P.O. Box 1234, Springfield, IL 62704", "Postfach 10 20 30", "PSC 1234, Box 5678\nAPO AE 09012"],
}


@pytest.mark.parametrize(("language", "address"), [(key, one) for key, many in WHOLE.items() for one in many])
def test_an_address_is_one_finding(language: str, address: str) -> None:
    results = found(f"It is {address}; thank you.", language)
    assert [text for text, _ in results] == [address]
    assert results[0][1] >= 0.4


@pytest.mark.parametrize(("language", "address"), [(key, one) for key, many in WHOLE.items() for one in many])
def test_what_follows_is_no_part_of_it(language: str, address: str) -> None:
    ((text, _),) = found(f"{address}\nBest regards\nPhone 415-867-5309", language)
    assert text == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5 Ways to Improve",
        "12 Angry Men",
        "Route 66",
        "Figure 12 Road map",
        "chapter 2 The Way",
        "In 2023 Wall Street crashed",
        "Umweg 2 Stunden",
        "Parkplatz 12",
        "Im Jahr 2024",
        "Engineering 101",
        "Spring 2024",
        "via Python 3",
        "3 place de parking",
        "Plaza 3",
        "Corso 5",
        "12 rue",
        "Supermarkt 24",
        "Notepad 7",
        "Stargate 3",
        "5 Dr. Smith",
        "500 gb hard drive",
        "the 2024 model year drive",
        "BP 120/80",
        "\ud800 12 \ud800 Street",
    ],
)
def test_other_words_and_numbers(text: str) -> None:
    surest = max((score for language in RECOGNIZERS for _, score in found(text, language)), default=0.0)
    assert surest < 0.4


def test_labelled() -> None:
    assert found("my address is 12 Rosewood Chase, ok", "labelled")[0][0] == "12 Rosewood Chase"
    assert found("i live at 48 mill lane", "labelled")[0][0] == "48 mill lane"
    assert found("IP address: 10.20.30.40", "labelled") == []


def test_scores_tell_how_sure() -> None:
    assert found("12 Main Street", "en")[0][1] == AddressRecognizer.STREET
    assert found("12 Main Street, Boston", "en")[0][1] == AddressRecognizer.WHOLE
    assert found("12 Mill Meadow", "en")[0][1] == AddressRecognizer.UNSURE
    assert found("12 Mill Meadow, Boston, MA 02101", "en")[0][1] == AddressRecognizer.LIKELY


def test_unknown_language() -> None:
    with pytest.raises(ValueError, match="no language xx"):
        AddressRecognizer(language="xx")
