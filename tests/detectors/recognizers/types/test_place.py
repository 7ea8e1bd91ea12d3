import pytest

from promptguard.detectors.recognizers.types.place import PlaceRecognizer
from promptguard.detectors.recognizers.types.place_cues import CUES

RECOGNIZERS = {language: PlaceRecognizer(language=language) for language in CUES}


def found(text: str, language: str = "en") -> list[tuple[str, float]]:
    return [(text[r.start : r.end], r.score) for r in RECOGNIZERS[language].analyze(text, ["LOCATION"])]


def names(text: str, language: str = "en") -> list[str]:
    return [name for name, _ in found(text, language)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("She lives in Lyon.", ["Lyon"]),
        ("He was born in Lyon, France", ["Lyon, France"]),
        ("based in Boise, ID 83702 since", ["Boise, ID 83702"]),
        ("He lives in Nicosia (Cyprus)", ["Nicosia (Cyprus)"]),
        ("moved from Hamburg to Turin", ["Hamburg", "Turin"]),
        ("I have lived in Lyon, Turin and Vienna", ["Lyon", "Turin", "Vienna"]),
        ("She grew up in Reading.", ["Reading"]),
        ("They are from the Netherlands", ["Netherlands"]),
        ("his order was imported from Brazil", ["Brazil"]),
        ("i live in switzerland", ["switzerland"]),
        ("City: Springfield", ["Springfield"]),
        ('{"country": "Germany"}', ["Germany"]),
        ("place of birth | Chicago", ["Chicago"]),
        ("We live in\nVienna", ["Vienna"]),
        ("my office in downtown Seattle", ["Seattle"]),
        ("born 12/14/1980 in Falmouth", ["Falmouth"]),
        ("a call from Ana Silva from Lyon", ["Lyon"]),
    ],
)
def test_after_cues(text: str, places: list[str]) -> None:
    assert names(text) == places


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Paris is the capital of France.",
        "living in a box",
        "i live in lyon",
        "interested in Reading",
        "my trip to Reading",
        "Plan a trip to Lyon",
        "imported from Brazil",
        "the best time to travel to Peru",
        "Which hotels near Lyon take dogs?",
        "I need help with a guide to hotels in Lyon",
        "my message from Lyon",
        "a letter from Austin",
        "he is from Marketing",
        "country: string",
        "lives in Parisian style",
        "delivered in Paris_1",
        "she is from Lyon-Meyer",
        "\ud800 lives in \ud800",
    ],
)
def test_no_places(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [
        ("de", "Ich wohne in München.", "München"),
        ("de", "Sie kommt aus Österreich", "Österreich"),
        ("de", "geb. am 14. Juni 1988 in Zwickau", "Zwickau"),
        ("de", "Kunde Sabine Ludwig aus Erfurt", "Erfurt"),
        ("fr", "Elle habite près d'Annecy", "Annecy"),
        ("fr", "né à Saint-Étienne en 1990", "Saint-Étienne"),
        ("es", "Vivo en Zaragoza", "Zaragoza"),
        ("es", "soy de Perú", "Perú"),
        ("es", "nacido el 18-01-1990 en Bilbao", "Bilbao"),
        ("it", "residente in Monza", "Monza"),
        ("it", "nata all'Aquila, vive a Torino", "Torino"),
        ("nl", "Zij woont in Den Haag", "Den Haag"),
        ("nl", "Femke de Vries uit Zwolle belde", "Zwolle"),
        ("de", "Post von Anna von der Heide aus Bamberg", "Bamberg"),
        ("da", "Jeg bor i København", "København"),
        ("pt", "Moro em Coimbra", "Coimbra"),
        ("pt", "Cidade: Braga", "Braga"),
        ("pt", "nascida em 4.5.1990 em Aveiro", "Aveiro"),
        ("pt", "moro no brasil", "brasil"),
        ("de", "Sie wurde in Bamberg geboren.", "Bamberg"),
        ("de", "Meine Tochter geht in Bamberg zur Schule.", "Bamberg"),
        ("de", "Der Patient aus Bamberg kam am Montag.", "Bamberg"),
        ("fr", "Le patient de Limoges est là.", "Limoges"),
        ("es", "El paciente de Zaragoza ingresó ayer.", "Zaragoza"),
        ("it", "Il paziente di Bergamo torna lunedì", "Bergamo"),
        ("nl", "De patiënt uit Zwolle komt morgen", "Zwolle"),
        ("da", "Patienten fra Odense kommer i morgen", "Odense"),
        ("pt", "O paciente de Coimbra volta na segunda-feira", "Coimbra"),
    ],
)
def test_languages(language: str, text: str, place: str) -> None:
    assert names(text, language) == [place]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Was kostet ein Flug nach München?"),
        ("fr", "Quand partir au Canada ?"),
        ("es", "¿Cuál es la mejor época para viajar a Perú?"),
        ("it", "Quanto costa un volo a Torino?"),
        ("nl", "Schrijf een gids voor een vakantie in Utrecht"),
        ("da", "Hvornår er det bedst at rejse til Grækenland?"),
        ("pt", "Qual é a melhor época para viajar para Portugal?"),
        ("pt", "Quanto custa um voo para Lisboa?"),
        ("de", "Der Server wurde in Frankfurt gebaut."),
        ("de", "Wie geht es in Berlin weiter?"),
    ],
)
def test_a_journey_of_nobody(language: str, text: str) -> None:
    assert names(text, language) == []


def test_scores() -> None:
    assert found("lives in Lyon")[0][1] == PlaceRecognizer.STRONG
    assert found("my trip to Lyon")[0][1] == PlaceRecognizer.WEAK
    assert found("lives in Reading")[0][1] == PlaceRecognizer.AMBIGUOUS
    assert found("lives in Reading, England")[0][1] == PlaceRecognizer.STRONG


def test_a_long_row_of_places_ends() -> None:
    assert len(names("I lived in " + "Lyon, " * 1000)) <= 4


def test_unknown_language() -> None:
    with pytest.raises(ValueError, match="no language xx"):
        PlaceRecognizer(language="xx")
