import random
from pathlib import Path

import pytest

from promptguard.detectors.tenants import TenantDetector, TenantIndex, build_index
from promptguard.errors import ConfigError
from promptguard.model import DataClass, Segment

KEY = bytes(range(32))
CUSTOMERS = """\
tenant,name,aliases,customer id,domain
T1,Quarzwerke Nordheim GmbH & Co. KG,Quarzwerke;QWN Nordheim,QN-10442,quarzwerke.test
T2,Müller & Söhne AG,,MS/77_81,müller-söhne.test
T3,Blå Bølge A/S,,99887766,https://www.blaabolge.test/kontakt
T4,Société Générique S.A.R.L.,,,
"""


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS, "utf-8")
    return path


@pytest.fixture
def index(csv_file: Path) -> TenantIndex:
    return build_index(csv_file, KEY)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call Quarzwerke Nordheim GmbH & Co. KG now", [("Quarzwerke Nordheim GmbH & Co. KG", "TENANT_NAME", "T1")]),
        ("QUARZWERKE   nordheim, today", [("QUARZWERKE   nordheim", "TENANT_NAME", "T1")]),
        ("Quarzwerke\nNordheim", [("Quarzwerke\nNordheim", "TENANT_NAME", "T1")]),
        ("the quarzwerke people", [("quarzwerke", "TENANT_NAME", "T1")]),
        ("ask qwn-nordheim", [("qwn-nordheim", "TENANT_NAME", "T1")]),
        ("invoice QN-10442.", [("QN-10442", "TENANT_ID", "T1")]),
        ("see /files/qn-10442/a.txt", [("qn-10442", "TENANT_ID", "T1")]),
        ("ms/77_81 is due", [("ms/77_81", "TENANT_ID", "T2")]),
        ("number 99887766", [("99887766", "TENANT_ID", "T3")]),
        ("mail ana@crm.quarzwerke.test please", [("crm.quarzwerke.test", "TENANT_DOMAIN", "T1")]),
        ("https://quarzwerke.test/x", [("quarzwerke.test", "TENANT_DOMAIN", "T1")]),
        ("https://xn--mller-shne-kcb9d.test", [("xn--mller-shne-kcb9d.test", "TENANT_DOMAIN", "T2")]),
        ("at müller-söhne.test", [("müller-söhne.test", "TENANT_DOMAIN", "T2")]),
        ("blaabolge.test.", [("blaabolge.test", "TENANT_DOMAIN", "T3")]),
        ("Bei Mu\u0308ller & So\u0308hne", [("Mu\u0308ller & So\u0308hne", "TENANT_NAME", "T2")]),
        ("🙂🙂 Blå Bølge", [("Blå Bølge", "TENANT_NAME", "T3")]),
        ("ＢＬÅ bølge", [("ＢＬÅ bølge", "TENANT_NAME", "T3")]),
        ("la Société Générique", [("Société Générique", "TENANT_NAME", "T4")]),
        ("\ud800 Quarzwerke", [("Quarzwerke", "TENANT_NAME", "T1")]),
        # Near misses
        ("Quarz werke", []),
        ("Quarzwerkes", []),
        ("QN-10442-B and XQN-10442 and A-QN-10442", []),
        ("QN 10442", []),
        ("998877660", []),
        ("notquarzwerke.test.example", []),
        ("quarzwerke.testing", [("quarzwerke", "TENANT_NAME", "T1")]),
        ("Société. A new paragraph\n\nGénérique", []),
        ("müller and sons", []),
        ("", []),
    ],
)
def test_find(index: TenantIndex, text: str, expected: list[tuple[str, str, str]]) -> None:
    matches = index.find(text)
    assert [(text[match.start : match.end], match.entity_type, match.subject) for match in matches] == expected
    assert all(match.data_class is DataClass.TENANT_DATA and 0.4 < match.score <= 1 for match in matches)


def test_no_match_in_random_words(index: TenantIndex) -> None:
    draw = random.Random(7)
    text = " ".join("".join(draw.choices("abcdefghij-./_", k=draw.randint(2, 12))) for _ in range(20_000))
    assert index.find(text) == []


def test_file_holds_no_plaintext(index: TenantIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    content = (tmp_path / "index").read_bytes().lower()
    for term in ("quarzwerke", "nordheim", "qn-10442", "müller", "söhne", "99887766", "blaabolge", "test", "T1", "T4"):
        assert term.lower().encode() not in content, term
    assert (tmp_path / "index").stat().st_mode & 0o077 == 0


def test_hashes_depend_on_the_key(csv_file: Path, tmp_path: Path) -> None:
    versions = set()
    for key in (KEY, bytes(32)):
        index, _ = build_index(csv_file, key)
        index.save(tmp_path / "index")
        versions.add(index.version)
        assert TenantIndex.load(tmp_path / "index", key).version == index.version
    assert len(versions) == 2


def test_load_gives_back_what_was_saved(index: TenantIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    loaded = TenantIndex.load(tmp_path / "index", KEY)
    text = "Quarzwerke Nordheim and ana@quarzwerke.test and MS/77_81"
    assert loaded.find(text) == index.find(text) != []
    assert (len(loaded), loaded.tenants, loaded.version) == (len(index), index.tenants, index.version)


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:40] + bytes([b[40] ^ 1]) + b[41:], lambda b: b""])
def test_load_refuses_damage(index: TenantIndex, tmp_path: Path, damage) -> None:
    path = tmp_path / "index"
    index.save(path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ConfigError, match="damaged"):
        TenantIndex.load(path, KEY)


def test_load_refuses_another_key(index: TenantIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    with pytest.raises(ConfigError, match="another key"):
        TenantIndex.load(tmp_path / "index", bytes(32))


def test_short_key(csv_file: Path) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        build_index(csv_file, b"short")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("T,abc,,,", "name: shorter than 4 characters"),
        ("T,Orange,,,", "name: an ordinary English word"),
        ("T,---,,,", "name: no letters or digits in it"),
        ("T,12345,,,", "name: a number of fewer than 6 digits"),
        ("T," + "word " * 13 + ",,,", "name: more than 12 words"),
        ("T,,,1042,", "id: a number of fewer than 6 digits"),
        ("T,,,A-1,", "id: shorter than 4 characters"),
        ("T,,,AB 1042,", "id: an id may hold letters and digits, and single - _ / between them"),
        ("T,,,-AB1042,", "id: an id may hold letters and digits, and single - _ / between them"),
        ("T,,,,localhost", "domain: no host name with a dot"),
        ("T,,,,gmail.com", "domain: a mail provider, a public suffix or a site that is nobody's own"),
        ("T,,,,", "no name, id or domain in it"),
        ("T,Umbrellix,,", "has 4 cells where the header has 5"),
    ],
)
def test_rejected_rows(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f'tenant,name,alias,id,domain\nT0,"Zwei\nZeilen",,,\n{row}\nT9,Umbrellix,,,\n')
    index, rejected = build_index(path, KEY)
    assert [(rejection.line, rejection.reason) for rejection in rejected] == [(4, reason)]
    assert [match.subject for match in index.find("Umbrellix and zwei zeilen")] == ["T9", "T0"]


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"", 1, "no column"),
        (b"colour,size\nred,4\n", 1, "no column"),
        (b"name\nok name\nM\xfcller\n", 3, "not UTF-8"),
        (b'name\n"never closed\n', 2, "well-formed"),
    ],
)
def test_bad_files(tmp_path: Path, content: bytes, line: int, problem: str) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=problem) as raised:
        build_index(path, KEY)
    assert raised.value.line == line
    assert "M\xfcller" not in str(raised.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        build_index(tmp_path / "none.csv", KEY)


@pytest.mark.parametrize(
    ("content", "text", "subject"),
    [
        ("\ufeffName;Domain\nUmbrellix;umbrellix.test\n", "umbrellix", "row 2"),
        ("Customer_Name\tAccount ID\nUmbrellix\tUX-4711\n", "umbrellix", "UX-4711"),
        ("id,name\r\nUX-4711,Umbrellix\r\n", "UX-4711", "UX-4711"),
    ],
)
def test_headers_delimiters_and_labels(tmp_path: Path, content: str, text: str, subject: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(content, "utf-8", newline="")
    index, rejected = build_index(path, KEY)
    assert rejected == []
    assert [match.subject for match in index.find(text)] == [subject]


def test_explicit_columns(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("Kunde,Nr\nUmbrellix,UX-4711\n")
    index, _ = build_index(path, KEY, {"Kunde": "name", "Nr": "tenant"})
    assert [match.subject for match in index.find("umbrellix")] == ["UX-4711"]
    with pytest.raises(ConfigError, match="no column 'Ort'"):
        build_index(path, KEY, {"Ort": "name"})
    with pytest.raises(ConfigError, match="cannot be 'colour'"):
        build_index(path, KEY, {"Kunde": "colour"})


async def test_detector_takes_up_a_new_index(csv_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "index"
    detector = TenantDetector(path, KEY)
    await detector.start()
    segments = [Segment(("a",), "x"), Segment(("b",), "at Quarzwerke")]
    assert await detector.find(segments) == [[], []]
    before = detector.version
    build_index(csv_file, KEY)[0].save(path)
    assert detector.refresh() is True
    assert detector.refresh() is False
    assert detector.version != before
    assert [len(matches) for matches in await detector.find(segments)] == [0, 1]


async def test_detector_keeps_the_last_good_index(index: TenantIndex, tmp_path: Path) -> None:
    path = tmp_path / "index"
    index.save(path)
    detector = TenantDetector(path, KEY)
    await detector.start()
    path.write_bytes(b"rubbish")
    with pytest.raises(ConfigError):
        detector.refresh()
    path.unlink()
    with pytest.raises(ConfigError, match="is gone"):
        detector.refresh()
    assert (await detector.find([Segment((), "Quarzwerke")]))[0]


async def test_long_texts(index: TenantIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    detector = TenantDetector(tmp_path / "index", KEY)
    await detector.start()
    text = "lorem ipsum dolor " * 2_000 + "Quarzwerke"
    [[match]] = await detector.find([Segment((), text)])
    assert (match.start, match.end) == (len(text) - 10, len(text))
