"""Every obfuscation with every kind of value: what must be found, and where. And what must stay quiet."""

import base64
import codecs
import gzip
import hashlib
import json
import random
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptguard.detectors.deobfuscation.interface import Confidence
from promptguard.detectors.deobfuscation.registry import obfuscations
from promptguard.detectors.deobfuscation.self_evident import is_self_evident
from promptguard.detectors.deobfuscation.views import BUDGET, BUDGET_FACTOR, prefilters, views
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.errors import ScanFailed
from promptguard.model import Segment

AWS = "AKIA" + "Q3EGRIG5TAMPLE2X"
SLACK = "xoxb-" + "104729581147-1849275610283-" + "Kd83nVq0ZmXb72LsPw91TyRe"
CARD = "4539 1488" + " 0343 6467"
MAIL = "anna.schmidt@" + "firma-mueller.de"
IBAN = "DE89 3704 0044" + " 0532 0130 00"
PAIR = "password: " + "hunterX2xQ9"
SECRET = PAIR.partition(" ")[2]

VALUES = {"aws": AWS, "slack": SLACK, "card": CARD, "mail": MAIL, "iban": IBAN, "pair": PAIR}
TYPES = {
    "aws": "AWS_ACCESS_KEY",
    "slack": "SLACK_TOKEN",
    "card": "CREDIT_CARD",
    "mail": "EMAIL_ADDRESS",
    "iban": "IBAN_CODE",
    "pair": "PASSWORD",
}
ALL = tuple(VALUES)
SECRETS = ("aws", "slack")


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def wrapped(text: str, width: int = 16) -> str:
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


def deflated(text: str) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(text.encode() * 3) + compressor.flush()


DISGUISED: list[tuple[str, Callable[[str], str], tuple[str, ...]]] = [
    ("base64", b64, ALL),
    ("base64 without padding", lambda s: b64(s).rstrip("="), ALL),
    ("base64 of the URL alphabet", lambda s: base64.urlsafe_b64encode(("??>>" + s).encode()).decode(), ("aws", "pair")),
    ("base64 in lines", lambda s: wrapped(b64("the value is " + s)), ("aws", "mail", "iban", "card")),
    ("base64 twice", lambda s: b64(b64(s)), ALL),
    ("base64 in a data URL", lambda s: "data:text/plain;base64," + b64(s), ALL),
    ("base64 with escaped padding", lambda s: b64(s).replace("=", "%3D"), ALL),
    ("base64 of UTF-16", lambda s: base64.b64encode(s.encode("utf-16-le")).decode(), ALL),
    ("base64 of UTF-16 with a mark", lambda s: base64.b64encode(("note: " + s).encode("utf-16")).decode(), ("aws",)),
    ("base64 of another script", lambda s: b64("Это мой секретный ключ от облака: " + s), ("aws", "mail", "card")),
    ("gzip", lambda s: base64.b64encode(gzip.compress(s.encode())).decode(), ALL),
    ("zlib", lambda s: base64.b64encode(zlib.compress(s.encode())).decode(), ALL),
    ("deflate", lambda s: base64.b64encode(deflated(s + "\n")).decode(), ("slack",)),
    ("gzip in hexadecimal", lambda s: gzip.compress(s.encode()).hex(), ALL),
    ("base32", lambda s: base64.b32encode(s.encode()).decode(), ALL),
    ("ascii85", lambda s: base64.a85encode(s.encode(), adobe=True).decode(), ALL),
    ("hexadecimal", lambda s: s.encode().hex(), ALL),
    ("percent signs", lambda s: "".join(f"%{byte:02X}" for byte in s.encode()), ALL),
    ("percent signs twice", lambda s: "".join(f"%25{byte:02x}" for byte in s.encode()), ALL),
    ("quoted-printable", lambda s: "".join(f"={byte:02X}" for byte in s.encode()), ALL),
    ("soft line breaks", lambda s: f"{s[:11]}=\n{s[11:]}", ("aws", "slack", "iban", "pair")),
    ("HTML, decimal", lambda s: "".join(f"&#{ord(c)};" for c in s), ALL),
    ("HTML, hexadecimal", lambda s: "".join(f"&#x{ord(c):x};" for c in s), ALL),
    ("HTML, named", lambda s: s.replace("@", "&commat;").replace(":", "&colon;"), ("mail", "pair")),
    ("\\u", lambda s: "".join(f"\\u{ord(c):04x}" for c in s), ALL),
    ("\\u{}", lambda s: "".join(f"\\u{{{ord(c):x}}}" for c in s), ALL),
    ("\\x", lambda s: "".join(f"\\x{ord(c):02x}" for c in s), ALL),
    ("octal", lambda s: "".join(f"\\{ord(c):03o}" for c in s), ALL),
    ("one escape", lambda s: s[:3] + f"\\u{ord(s[3]):04x}" + s[4:], ALL),
    ("an escaped line end", lambda s: "see:\\n" + s, SECRETS),
    ("zero-width", "\u200b".join, ALL),
    ("soft hyphens", "\xad".join, ALL),
    ("one word joiner", lambda s: s[:6] + "\u2060" + s[6:], ALL),
    ("bidi marks", lambda s: "\u202d" + "\u202c".join(s), ALL),
    ("tags", lambda s: "hi" + "".join(chr(0xE0000 + ord(c)) for c in s), ALL),
    ("long selectors", "\U000e0101".join, ALL),
    ("struck out", lambda s: "".join(c + "\u0336" for c in s), ALL),
    ("NUL", "\0".join, ALL),
    ("colours", lambda s: s[:5] + "\x1b[31;1m" + s[5:] + "\x1b[0m", ALL),
    ("full width", lambda s: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s), ALL),
    ("mathematical", lambda s: "".join(math_letter(c) for c in s), ("aws", "mail", "card", "pair")),
    ("Cyrillic", lambda s: s.translate(str.maketrans("AKEaoepcx", "АКЕаоерсх")), ("aws", "slack", "mail", "pair")),
    ("Greek", lambda s: s.translate(str.maketrans("AKEIop", "ΑΚΕΙορ")), ("aws", "iban", "pair")),
    ("Arabic digits", lambda s: "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in s), ("aws", "card", "iban")),
    ("narrow spaces", lambda s: s.replace(" ", "\u202f"), ("card",)),
    ("dashes", lambda s: s.replace(" ", "\u2013"), ("card",)),
    ("spaced", lambda s: " ".join(s.replace(" ", "")), ALL),
    ("spaced, words apart", lambda s: "   ".join(" ".join(word) for word in s.split()), ("aws", "slack")),
    ("dotted", lambda s: ".".join(s.replace(" ", "")), ("aws", "card", "iban")),
    ("dotted, signs and all", lambda s: ".".join(s.replace(" ", "")), ("mail", "slack")),
    ("underlined", lambda s: "_".join(s.replace(" ", "")), ("aws", "slack", "mail", "card", "iban")),
    ("dashes between", lambda s: " - ".join(s.replace(" ", "")), ("aws", "slack", "mail", "card", "iban")),
    ("groups with slashes", lambda s: s.replace(" ", "/"), ("card",)),
    ("groups with dashes", lambda s: s.replace(" ", " - "), ("card",)),
    ("groups with two spaces", lambda s: s.replace(" ", "  "), ("card",)),
    ("backwards", lambda s: s[::-1], ALL),
    ("shown backwards", lambda s: f"\u202e{s[::-1]}\u202c", ALL),
    ("rot13", lambda s: codecs.encode(s, "rot13"), ("aws", "slack", "pair")),
    ("numbers, hexadecimal", lambda s: s.encode().hex(" "), ALL),
    ("numbers, colons", lambda s: s.encode().hex(":"), ALL),
    ("numbers with 0x", lambda s: ", ".join(f"0x{ord(c):02x}" for c in s), ALL),
    ("numbers, decimal", lambda s: "[" + ", ".join(str(ord(c)) for c in s) + "]", ALL),
    ("numbers, binary", lambda s: " ".join(f"{ord(c):08b}" for c in s), ALL),
    ("literals with plus", lambda s: f'x = "{s[:9]}" + "{s[9:]}"', ("aws", "slack", "mail", "card", "iban")),
    ("literals with a dot", lambda s: f"x = '{s[:9]}' . '{s[9:]}'", ("aws", "slack", "mail")),
    ("literals on lines", lambda s: f'x = ("{s[:9]}"\n    "{s[9:]}")', ("aws", "slack", "mail")),
    ("literals on continued lines", lambda s: f"x = '{s[:9]}' \\\n    '{s[9:]}'", ("aws", "slack", "mail")),
    ("lines", lambda s: f"{s[:14]}\n{s[14:]}\n", ("aws", "slack", "card", "iban")),
    ("narrow lines", lambda s: wrapped(s.replace(" ", ""), 5) + "\nIt is that.", ("aws", "slack", "mail", "iban")),
    ("a card on narrow lines", lambda s: wrapped(s.replace(" ", ""), 5), ("card",)),
    ("quoted lines", lambda s: f"> {s[:14]}\n> {s[14:]}\n", ("aws", "slack")),
    ("URL over base64 over gzip", lambda s: b64percent(base64.b64encode(gzip.compress(s.encode())).decode()), ALL),
]


def math_letter(character: str) -> str:
    for first, last, base in (("A", "Z", 0x1D400), ("a", "z", 0x1D41A), ("0", "9", 0x1D7CE)):
        if first <= character <= last:
            return chr(base + ord(character) - ord(first))
    return character


def b64percent(text: str) -> str:
    return "".join(f"%{ord(c):02x}" for c in text)


def revealed(detector: PatternDetector, text: str) -> list[tuple[str, str, str]]:
    """What is found in the views of a text: the original characters, the type and how they were hidden."""
    found = []
    for view in views(text):
        for match in detector.scan([Segment((), view.text)])[0]:
            place = view.locate(match.start, match.end)
            if place and (view.confidence is not Confidence.GUESSED or is_self_evident(match, place.kinds)):
                found.append((text[place.start : place.end], match.entity_type, ", ".join(place.kinds)))
    return found


@pytest.mark.parametrize(
    ("obfuscation", "value"),
    [
        pytest.param(obfuscation, value, id=f"{name}-{value}")
        for name, obfuscation, values in DISGUISED
        for value in values
    ],
)
@pytest.mark.parametrize("around", ["", "Look at this: "])
def test_disguised_values_are_found(
    shipped_detector: PatternDetector, obfuscation: Callable[[str], str], value: str, around: str
) -> None:
    hidden = obfuscation(VALUES[value])
    found = [
        (piece, kinds)
        for piece, entity_type, kinds in revealed(shipped_detector, around + hidden)
        if entity_type == TYPES[value]
    ]
    assert found
    for piece, kinds in found:
        assert piece in hidden
        assert kinds


@pytest.mark.parametrize(
    ("text", "piece", "entity_type", "kind"),
    [
        (f"key=%41{AWS[1:]}&x=1", f"%41{AWS[1:]}", "AWS_ACCESS_KEY", "url"),
        (f"a {AWS[:8]}\u200b{AWS[8:]} b", f"{AWS[:8]}\u200b{AWS[8:]}", "AWS_ACCESS_KEY", "invisible characters"),
        (f"to anna.schmidt%40{MAIL.partition('@')[2]}.", MAIL.replace("@", "%40"), "EMAIL_ADDRESS", "url"),
        (f"password%3A%20{SECRET} and so on", SECRET, "PASSWORD", "url"),
        (f"p4ssw0rd: {SECRET} and so on", SECRET, "PASSWORD", "leetspeak"),
        ('s3cr3t_k3y = "Zx81kdj3' + 'Qm4nfpw2"', "Zx81kdj3" + "Qm4nfpw2", "API_KEY", "leetspeak"),
        (f"&quot;password&quot;: &quot;{SECRET}&quot;", SECRET, "PASSWORD", "html"),
        (f"data:\n  password: {b64(SECRET)}\n", b64(SECRET), "PASSWORD", "base64"),
        ("john dot smith at contoso dot com!", "john dot smith at contoso dot com", "EMAIL_ADDRESS", "spelled signs"),
        ("john[at]contoso[.]com", "john[at]contoso[.]com", "EMAIL_ADDRESS", "spelled signs"),
        ("it is four five three nine one four eight eight zero three four three six four six seven, ok",
         "four five three nine one four eight eight zero three four three six four six seven",
         "CREDIT_CARD", "spelled digits"),
        ("vier fünf drei neun eins vier acht acht null drei vier drei sechs vier sechs sieben",
         "vier fünf drei neun eins vier acht acht null drei vier drei sechs vier sechs sieben",
         "CREDIT_CARD", "spelled digits"),
        ("four five three nine, one four double eight, zero three four three, six four six seven",
         "four five three nine, one four double eight, zero three four three, six four six seven",
         "CREDIT_CARD", "spelled digits"),
    ],
)  # fmt: skip
def test_a_finding_stands_where_the_value_stands(
    shipped_detector: PatternDetector, text: str, piece: str, entity_type: str, kind: str
) -> None:
    assert (piece, entity_type, kind) in revealed(shipped_detector, text)


def test_a_value_far_from_its_disguise_is_found_in_a_long_text(shipped_detector: PatternDetector) -> None:
    filler = "Nothing to see in this sentence at all. " * 200
    text = f"{filler}{b64('the key is ' + AWS)} {filler}"
    assert revealed(shipped_detector, text) == [(b64("the key is " + AWS), "AWS_ACCESS_KEY", "base64")]
    (view,) = views(text)
    assert len(view.text) < 300


def test_many_runs_make_one_view() -> None:
    text = "\n".join(b64(f"line {number} of the file") for number in range(2_000))
    assert len(views(text)) <= 2


SHADES = random.Random(7)
CLEAN = {
    "commits": "\n".join(hashlib.sha256(bytes([n])).hexdigest()[:40] + " Fix the build" for n in range(40)),
    "digests": " ".join("sha256:" + hashlib.sha256(bytes([n])).hexdigest() for n in range(20)),
    "identifiers": " ".join(f"{SHADES.getrandbits(128):032x}" for _ in range(20)),
    "UUIDs": "\n".join(
        "-".join((raw[:8], raw[8:12], "4" + raw[13:16], "a" + raw[17:20], raw[20:]))
        for raw in (f"{SHADES.getrandbits(128):032x}" for _ in range(30))
    ),
    "colours": "a{color:#41424344;background:#4b4b4b;border:1px solid #2d2d2d}",
    "hex dump": "\n".join(SHADES.randbytes(16).hex(" ") for _ in range(40)),
    "base64 image": "data:image/png;base64," + base64.b64encode(SHADES.randbytes(3000)).decode(),
    "minified": 'function e(t,n){return t<<n|t>>>32-n}var r="\\x3c\\x73",o=[65,66],i=String.fromCharCode(o[0]);' * 30,
    "Cyrillic": "Привет! Встречаемся в 10 утра у входа в кафе, телефон возьму с собой. COVID-19 и iPhone’а нет." * 5,
    "Greek": "Καλημέρα, η συνάντηση είναι στις 10 το πρωί στο γραφείο της Αθήνας, 3ος όροφος." * 5,
    "Chinese": "你好，会议在上午１０点开始，请带上您的电脑。谢谢！" * 10,
    "German": "Größere Übungen für Mädchen: Straße, Füße, Äpfel; 10–12 Uhr, 1\u202f000 Stück." * 5,
    "decomposed German": "Gro\u0308ßere U\u0308bungen fu\u0308r Ma\u0308dchen um 10 Uhr." * 5,
    "emoji": "Great \U0001f44d\U0001f3fd ❤️ \U0001f468\u200d\U0001f469\u200d\U0001f467 "
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 1\ufe0f\u20e3",
    "Persian": "می\u200cخواهم نامه\u200cای بنویسم و آن را بفرستم.",
    "a poem backwards": "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate"[::-1],
    "table of groups": "\n".join(" ".join(str(SHADES.randint(1000, 9999)) for _ in range(4)) for _ in range(60)),
    "table of pairs": "\n".join(" ".join(str(SHADES.randint(10, 99)) for _ in range(8)) for _ in range(200)),
    "matrix": "\n".join(" ".join(str(SHADES.randint(0, 9)) for _ in range(16)) for _ in range(200)),
    "list of numbers": "[" + ", ".join(str(SHADES.randint(0, 255)) for _ in range(2000)) + "]",
    "columns": "\n".join(f"{SHADES.randint(2000, 2030)} {SHADES.randint(1000, 9999)}" for _ in range(200)),
    "lines of a log": "\n".join(
        f"2026-11-{n % 28 + 1:02} 10:00:00 size={n * 37 % 9999} took {n * 31 % 9999}" for n in range(200)
    ),
    "list of years": "[1757, 1807, 6158, 8204, 8205]",
    "aligned columns": "\n".join("  ".join(str(SHADES.randint(1000, 9999)) for _ in range(4)) for _ in range(100)),
    "dotted numbers": "\n".join(".".join(f"{SHADES.randint(0, 3000):04}" for _ in range(4)) for _ in range(100)),
    "fractions": "0.33333333333333333333, 0.3456789456789, 1.77777777777777777777777777",
    "a point in the text": "It is reinserted at another point in the list, and looked at from another point of view.",
    "numbers with a check digit backwards": "\n".join(f"id={10**15 + 7919 * n}" for n in range(400)),
    "words of equal length": "\n".join(["token", "users", "email", "admin", "host1", "group", "zone2", "key"] * 40),
    "short numbers": "\n".join(str(SHADES.randint(10**4, 10**5 - 1)) for _ in range(300)),
    "short numbers, apart": "\n\n".join(
        "\n".join(str(SHADES.randint(1000, 9999)) for _ in range(4)) for _ in range(300)
    ),
    "rows of digits": "\n".join("_".join(str(SHADES.randint(0, 9)) for _ in range(16)) for _ in range(200)),
    "settings": "\n".join(f"KEY{n % 10}=ab{n:03}" for n in range(100)),
    "long numbers": "\n".join(str(SHADES.randint(10**7, 10**8 - 1)) for _ in range(200)),
    "counting": "one two three four five six seven eight nine ten, and then one two three four five six seven eight",
    "at and dot": "Look at the dot com boom. We met at noon. The company at the dot org side is at a dot net level.",
    "concatenation": 'message = "Hello " + name + ", " + "how are you" + "?"\nlog("a" + "b")\n',
    "paths": "\n".join(f"/usr/lib/python3/site-packages/promptguardtests/modules/number{n}.py" for n in range(50)),
    "escapes in code": 'printf("%d of %5.2f\\n", n, x); s = "C:\\\\new\\table\\x00"; re.compile(r"\\d{3}\\.\\w+")',
    "entities": "<p>Tom &amp; Jerry&nbsp;&mdash; 5 &lt; 6 &copy; 2026</p>" * 10,
    "query": "https://example.org/search?q=caf%C3%A9%20au%20lait&page=40&sort=2E&lang=fr",
    "markers": "The prefixes AKIA, ghp_ and sk-ant- name vendors.\nA key such as AKIA follows.\nxoxb- is Slack's.",
}  # fmt: skip


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_clean_text_stays_quiet(shipped_detector: PatternDetector, text: str) -> None:
    assert revealed(shipped_detector, text) == []


TRICKY = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.text(alphabet="0123456789 -./,\n", max_size=40),
        st.text(alphabet="ABCDEFabcdef0123456789+/=_-\n", max_size=60),
        st.text(alphabet="%\\&#;xuU{}=0123456789abcdefABCDEF\n\r\"'+. ", max_size=60),
        st.text(alphabet="\u200b\u202e\xad\U000e0041АаΑｆ１\u0301\u0336 a1\n\ud800", max_size=20),
        st.sampled_from([AWS, CARD, MAIL, IBAN, PAIR, "one two ", " dot com", "p4ssw0rd", "drowssap", "YEK ETAVIRP "]),
        st.binary(max_size=40).map(lambda data: base64.b64encode(data).decode()),
        st.text(max_size=40).map(
            lambda text: base64.b64encode(gzip.compress(text.encode("utf-8", "replace"))).decode()
        ),
        st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace").hex(" ")),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(TRICKY, st.data())
def test_any_text_has_views_with_places_in_it(text: str, data: st.DataObject) -> None:
    found = views(text)
    assert sum(len(view.text) for view in found) <= 3 * (BUDGET_FACTOR * len(text) + BUDGET)
    for view in found:
        for start, end in [(0, len(view.text)), *((at, at + 1) for at in range(0, len(view.text), 7))]:
            place = view.locate(start, end)
            assert place is None or 0 <= place.start < place.end <= len(text)
        start = data.draw(st.integers(0, len(view.text)))
        place = view.locate(start, data.draw(st.integers(start, len(view.text))))
        assert place is None or (text[place.start : place.end] and place.kinds)


@settings(max_examples=200, deadline=None)
@given(TRICKY)
def test_gates_point_into_the_text(text: str) -> None:
    names = {obfuscation.name for obfuscation in obfuscations()}
    for name, starts in prefilters()(text).items():
        assert name in names
        assert list(starts) == sorted(set(starts))
        assert all(0 <= start < len(text) for start in starts)


def bomb(levels: int) -> str:
    data = b"\0" * 100_000 + b"a" * 5_000_000
    for _ in range(levels):
        data = gzip.compress(data)
    return base64.b64encode(data).decode()


HOSTILE = {
    "a bomb": bomb(1),
    "a bomb in a bomb": bomb(2),
    "many bombs": " ".join([bomb(1)[:4000]] * 200),
    "runs of base64": "aGVsbG8gd29ybGQg" * 20_000,
    "runs that begin well": ("aGVsbG8gd29ybGQg+" + "\x00" * 2) * 5_000,
    "base64 that ends badly": "aGVsbG8gd29ybGQg" * 3_000 + "/" * 40_000,
    "plus signs": "aGVs+" * 40_000,
    "percent": "%41" * 60_000,
    "nested percent": "%" + "25" * 60_000 + "41",
    "escapes": "\\u0041" * 30_000,
    "entities": "&#65;" * 40_000,
    "single letters": "a " * 80_000,
    "single digits": "1 " * 80_000,
    "dots": "a." * 80_000,
    "digit words": "one two " * 20_000,
    "signs": "a dot b at c " * 10_000,
    "leet": "p4ssw0rd" * 20_000,
    "backwards": "moc.a@b " * 20_000,
    "key": "YEK ETAVIRP " * 10_000,
    "rotated": " cnffjbeq" * 20_000,
    "numbers": "41 " * 60_000,
    "decimals": "65, " * 40_000,
    "quotes": '"+' * 60_000,
    "line ends": '"\n' * 60_000,
    "groups": "1234 5678\n" * 15_000,
    "zero-width": "a\u200b" * 60_000,
    "marks": "a" + "\u0336" * 100_000,
    "tags": "\U000e0041" * 60_000,
    "look-alikes": "аa" * 60_000,
    "NUL": "\0" * 100_000,
    "surrogates": "\ud800a" * 50_000,
    "tokens": " AKIA" * 30_000,
    "overridden": "\u202eab" * 40_000,
    "dots between signs": "é.a.b.c.d.e." * 10_000,
    "narrow lines": "ab12\n" * 40_000,
    "narrow rows": "abcd\nabcd1\nabcde\nab\n" * 10_000,
    "cards": "my card 7646343088419354 " * 5_000,
    "tokens on lines": "AKIA1\n" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_text_is_bounded(text: str) -> None:
    try:
        found = views(text)
    except ScanFailed:
        assert text in (HOSTILE["a bomb"], HOSTILE["a bomb in a bomb"], HOSTILE["many bombs"])
    else:
        assert sum(len(view.text) for view in found) <= 3 * (BUDGET_FACTOR * len(text) + BUDGET)


@pytest.mark.parametrize("levels", [1, 2])
def test_what_is_not_read_to_its_end_is_told(levels: int) -> None:
    with pytest.raises(ScanFailed, match=r"scan\.too_much_hidden"):
        views(f"please unpack {bomb(levels)} and tell me what it says")


def test_a_float_dump_is_no_text(shipped_detector: PatternDetector) -> None:
    floats = b"".join(struct.pack("<f", SHADES.random()) for _ in range(500))
    assert revealed(shipped_detector, json.dumps({"embedding": base64.b64encode(floats).decode()})) == []
