import pytest

from promptguard.detectors.patterns.ascii_projection import ascii_projection
from promptguard.detectors.patterns.prefilter import Expression, PatternPrefilter
from promptguard.detectors.recognizers.types.phone import PhoneRecognizer

RECOGNIZER = PhoneRecognizer(context=["phone", "call"])


def found(text: str) -> list[tuple[str, float]]:
    return [(text[r.start : r.end], round(r.score, 2)) for r in RECOGNIZER.analyze(text, ["PHONE_NUMBER"])]


@pytest.mark.parametrize(
    ("text", "number", "score"),
    [
        ("+44 20 8123 4567", "+44 20 8123 4567", PhoneRecognizer.INTERNATIONAL),
        ("dial 0049 30 901820 now", "0049 30 901820", PhoneRecognizer.INTERNATIONAL),
        ("+41 (0)44 668 18 00", "+41 (0)44 668 18 00", PhoneRecognizer.INTERNATIONAL),
        ("+1 (415) 867-5309", "+1 (415) 867-5309", PhoneRecognizer.INTERNATIONAL),
        ("+41 11 111 11 11", "+41 11 111 11 11", PhoneRecognizer.POSSIBLE),
        ("at (415) 867-5309.", "(415) 867-5309", PhoneRecognizer.NATIONAL),
        ("123-456-7890", "123-456-7890", PhoneRecognizer.NATIONAL),
        ("415.867.5309", "415.867.5309", PhoneRecognizer.NATIONAL),
        ("415-867-5309 ext. 12", "415-867-5309 ext. 12", PhoneRecognizer.NATIONAL),
        ("415-867-5309x12", "415-867-5309x12", PhoneRecognizer.NATIONAL),
        ("030 901820", "030 901820", PhoneRecognizer.NATIONAL),
        ("01 42 68 53 00", "01 42 68 53 00", PhoneRecognizer.NATIONAL),
        ("020–7946–0958", "020–7946–0958", PhoneRecognizer.NATIONAL),
        ("phone 2125557890", "2125557890", 0.5),
        ("call 33 12 34 56", "33 12 34 56", PhoneRecognizer.BARE),
        ("at (212 555 7890", "212 555 7890", PhoneRecognizer.NATIONAL),
        ("699 956 915 (mobile)", "699 956 915", 0.45),
        ("2125557890-Office", "2125557890", 0.5),
        ("my number's 07400120561", "07400120561", 0.5),
        ("Tel:2125557890", "2125557890", 0.5),
        ("Roe,415-867-5309,Boise", "415-867-5309", PhoneRecognizer.NATIONAL),
        ("phone=415-867-5309", "415-867-5309", PhoneRecognizer.NATIONAL),
        ("call 867-5309", "867-5309", PhoneRecognizer.UNKNOWN),
        ("(11) 96123-8701", "(11) 96123-8701", PhoneRecognizer.NATIONAL),
        ("mein mobil 612.37.15.94", "612.37.15.94", 0.5),
        ("tlf. 32.12.46.18", "32.12.46.18", PhoneRecognizer.INTERNATIONAL),
        ("(0151-28708545)", "0151-28708545", PhoneRecognizer.NATIONAL),
        ("(+49 (0)40 35419290)", "+49 (0)40 35419290", PhoneRecognizer.INTERNATIONAL),
        ("(+45) 86 90 28 12", "(+45) 86 90 28 12", PhoneRecognizer.INTERNATIONAL),
        ("34 42 69 41 ext. 800", "34 42 69 41 ext. 800", 0.5),
        ("2. 617-435-2875", "617-435-2875", PhoneRecognizer.NATIONAL),
        ("a:\n -617-435-2875", "617-435-2875", PhoneRecognizer.NATIONAL),
        ("> *617-435-2875", "617-435-2875", PhoneRecognizer.NATIONAL),
        ("-+44 20 8123 4567", "+44 20 8123 4567", PhoneRecognizer.INTERNATIONAL),
        ("Ph.617-435-2875", "617-435-2875", PhoneRecognizer.NATIONAL),
        ("Hr.0171 7161575", "0171 7161575", PhoneRecognizer.NATIONAL),
        ("ToNumber=+447825962651&a=1", "+447825962651", PhoneRecognizer.INTERNATIONAL),
        ("sip:+447825962651@pbx", "+447825962651", PhoneRecognizer.INTERNATIONAL),
        ("msisdn=617-435-2875", "617-435-2875", PhoneRecognizer.NATIONAL),
        ("call me on 0171 / 7161575", "0171 / 7161575", 0.5),
        ("+49 (0) 175 / 3522223", "+49 (0) 175 / 3522223", PhoneRecognizer.INTERNATIONAL),
        ("+43 (0) 1 / 58858", "+43 (0) 1 / 58858", PhoneRecognizer.INTERNATIONAL),
        ("+49 30 / 90 18 20", "+49 30 / 90 18 20", PhoneRecognizer.INTERNATIONAL),
        ("call 415 - 863 - 6374", "415 - 863 - 6374", PhoneRecognizer.BARE),
        ("+1 (617) 435 - 2875", "+1 (617) 435 - 2875", PhoneRecognizer.INTERNATIONAL),
    ],
)
def test_numbers(text: str, number: str, score: float) -> None:
    assert found(text) == [(number, score)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2125557890",
        "3.14159265358979",
        "0.2125557890",
        "2024-01-15 10:30",
        "31.01.2024 12",
        "10.15.7.1234",
        "1234567890abc",
        "abc2125557890",
        "id=212-555-7890",
        "bot 2125557:AaBbCc_dd",
        "a/212-555-7890",
        "212-555-7890-12-3456",
        "$2125557890",
        "2125557890€",
        "4539 1488 0343 6467",
        "536-22-8726",
        "12 000 000",
        "704 1436",
        "12345 67890",
        "call 1234567",
        "867-5309",
        "487 94 1327",
        "32.12.46.18",
        "02111-1307",
        "3375 2008-02-13",
        "1,212,555,7890",
        "0171 / 7161575",
        "415 - 863 - 6374",
        "x = 5 -617-435-2875",
        "v1.617-435-2875",
        "2026/11/0417",
        "call 502/503/504",
        "ISSN 0317-8471",
        "0317-8471",
        "phone 00000000",
        'call viewBox="64 64 896 896"',
        "h=i+(o^s[2]+606105819&4294967295,",
        "b+=x[14]+681279174;",
    ],
)
def test_other_numbers(text: str) -> None:
    assert found(text) == []


def test_several() -> None:
    assert [number for number, _ in found("call 617-435-2875 / 617-435-2876")] == ["617-435-2875", "617-435-2876"]
    assert [number for number, _ in found("call 12 / 617-435-2875")] == ["617-435-2875"]
    assert [number for number, _ in found("030 901820, or +44 20 8123 4567\n(415) 867-5309")] == [
        "030 901820",
        "+44 20 8123 4567",
        "(415) 867-5309",
    ]


def test_regions() -> None:
    (result,) = PhoneRecognizer(supported_regions=["DK"], context=["call"]).analyze("call 030 901820", ["PHONE_NUMBER"])
    assert result.score == PhoneRecognizer.UNKNOWN
    assert PhoneRecognizer(supported_regions=["DK"]).analyze("901820123", ["PHONE_NUMBER"]) == []
    with pytest.raises(ValueError, match="no region UK"):
        PhoneRecognizer(supported_regions=["UK"])


@pytest.fixture(scope="module")
def prefilter() -> PatternPrefilter:
    return PatternPrefilter([Expression(0, "phone", PhoneRecognizer.prefilter, 0)])


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31T10:15:30Z worker[17] took=93ms",
        "2024-01-31 10:15:30,123 request 4f21a0b7",
        "id=1234567 /items/12345678 #12345678",
        "trace=0123456789abcdef v1.22.333.4444",
        "12 of 34567 files, 2 MB/s",
    ],
)
def test_logs_do_not_pass_the_prefilter(prefilter: PatternPrefilter, text: str) -> None:
    assert prefilter.scan(ascii_projection(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "+44 20 7946 0958",
        "(555) 010-4477",
        "call 2012 555 0143",
        "20 7946 0958x12",
        "?tel=2025550143&a=1",
        "1 800 555 0199-fax",
        "030/1234567.",
        "2024 123456",
    ],
)
def test_phone_numbers_pass_the_prefilter(prefilter: PatternPrefilter, text: str) -> None:
    assert prefilter.scan(ascii_projection(text))
