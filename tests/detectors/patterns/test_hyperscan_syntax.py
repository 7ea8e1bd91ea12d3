import hyperscan
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from promptguard.detectors.patterns.ascii_projection import ascii_projection
from promptguard.detectors.patterns.hyperscan_syntax import UNBOUNDED, Untranslatable, translate

FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL


def ends(expression: str, text: str, flags: int = FLAGS) -> set[int]:
    """Where Hyperscan sees matches of a translated regex end."""
    caseless = hyperscan.HS_FLAG_CASELESS if flags & regex.IGNORECASE else 0
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[translate(expression, flags).expression.encode()],
        ids=[0],
        flags=[hyperscan.HS_FLAG_MULTILINE | hyperscan.HS_FLAG_DOTALL | caseless],
    )
    found: set[int] = set()
    database.scan(
        ascii_projection(text), match_event_handler=lambda _id, _start, end, _flags, _context: found.add(end) or None
    )
    return found


@pytest.mark.parametrize(
    ("expression", "width"),
    [
        ("abc", 3),
        ("a|bcd", 3),
        ("a{2,5}b?", 6),
        ("(?:ab){3}", 6),
        ("a{,3}b", 4),
        ("a+b", UNBOUNDED),
        (r"(a|bc)\1", 4),
        (r"(?P<x>ab)(?P=x)", 4),
        (r"\bword\b", 4),
        (r"x(?=yz)", 1),
        (r"(?<!\w)x", 2),
        (r"(?<!\d )x(?!\w)", 2),
        (r"(?x) a b  # comment", 2),
        (r"[]a]", 1),
        (r"{a}", 3),
        ("a{3,}", UNBOUNDED),
        (r"\$\{\w{1,20}\}", 23),
    ],
)
def test_width(expression: str, width: int) -> None:
    assert translate(expression).width == width


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r"\bMüller\b", "Herr MÜLLER kommt"),
        (r"stra(?:ß|ss)e", "Große Straße"),
        (r"[äöü]x", "ÄX"),
        (r"[^_]x", "éx"),
        (r"[^\s\"']{3}", "äöü"),
        (r"\p{Lu}{2}\d", "ÄÖ7"),
        (r"(?<![\w.])\d{4}(?![\w])", "=1234,"),
        (r"(?<![\w.])\d{4}(?![\w])", "1234"),
        (r"kilo", "\u212aILO"),
        (r"a{20,100}b", "a" * 100 + "b"),
        (r"(?>a+)b", "aab"),
        (r"a++b", "aab"),
        (r"\Aab\Z", "ab"),
        (r"(?i:AB)c", "abc"),
        (r"(?i)x(?P<value>y)", "XY"),
        (r"\u00e9\x41", "éa"),
        (r"[[:alpha:]]{2}", "éa"),
        (r"(?:(a)|b)\d", "b1"),
        (r"a\hb", "a b"),
        (r"\w+@\w+", "josé@firma"),
        (r"\d{3}", "٣٤٥"),
    ],
)
def test_matches_where_the_original_does(expression: str, text: str) -> None:
    assert regex.search(expression, text, FLAGS)
    assert ends(expression, text)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r"(?<![\w.])\d{4}(?!\w)", "12345 0.1234 x1234"),
        (r"\bMüller\b", "Xmüllers"),
        (r"a\d{2}(?!\d)", "a123"),
    ],
)
def test_outer_look_around_is_kept(expression: str, text: str) -> None:
    assert not ends(expression, text)


@pytest.mark.parametrize(
    "expression",
    [
        "(a",
        "a)",
        "[a",
        "a\\",
        "(?:a){e<=1}",
        "(?(1)a|b)",
        "(?R)",
        r"\1(a)",
        "(?P=x)",
        r"\X",
        r"\qa",
        "(?a:b)",
        "(?V1)a",
    ],
)
def test_what_cannot_be_translated(expression: str) -> None:
    with pytest.raises(Untranslatable):
        translate(expression)


EXPRESSIONS = (
    r"\b\w+@\w+\.\w{2,4}\b",
    r"(?<![\w.,+/-])\d{3}-?\d{2}(?![\w/-]|[.,]\d)",
    r"[^\s:]{2,20}: ?(?P<value>[^\s]+)",
    r"é[a-zß]+\b",
    r"(?:\d[ .-]?){5}",
    r"(?i)key\s*=\s*\S{2,}",
    r"^\w+$",
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(EXPRESSIONS), st.text(st.sampled_from("aé1٣-. :@=\nßſKkey\u00a0_,😀"), max_size=40))
def test_a_sieve_misses_nothing(expression: str, text: str) -> None:
    found = ends(expression, text)
    for match in regex.finditer(expression, text, FLAGS):
        assert {match.end(), match.end() + 1} & found
