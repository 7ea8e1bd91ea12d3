from pathlib import Path

import pytest

from promptguard.detectors.tenants.build import build_index
from promptguard.detectors.tenants.detector import TenantDetector
from promptguard.errors import ConfigError
from promptguard.model import Segment

KEY = bytes(range(32))
SEGMENTS = [Segment(("a",), "x"), Segment(("b",), "at Quarzwerke")]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text("tenant,name\nT1,Quarzwerke GmbH\n")
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


async def test_takes_up_a_new_index(table: Path, index: Path) -> None:
    detector = TenantDetector(index, KEY)
    await detector.start()
    assert await detector.find(SEGMENTS) == [[], []]
    versions = {detector.version}
    for label in ("T1", "T2"):
        table.write_text(f"tenant,name\n{label},Quarzwerke GmbH\n")
        build_index(table, index, KEY)
        assert detector.reload() is True
        assert detector.reload() is False
        versions.add(detector.version)
        assert [[match.subject for match in matches] for matches in await detector.find(SEGMENTS)] == [[], [label]]
    assert len(versions) == 3


@pytest.mark.parametrize(
    ("content", "problem"), [(b"rubbish", "no tenant index"), (None, "another key"), (b"", "no tenant index")]
)
async def test_keeps_the_last_good_index(table: Path, index: Path, content: bytes | None, problem: str) -> None:
    build_index(table, index, KEY)
    detector = TenantDetector(index, KEY)
    await detector.start()
    if content is None:
        build_index(table, index, bytes(32))
    else:
        # In place of the mapped file, as `build_index` does it; not into it.
        (index.parent / "new").write_bytes(content)
        (index.parent / "new").replace(index)
    for _ in range(2):
        with pytest.raises(ConfigError, match=problem):
            detector.reload()
        assert (await detector.find(SEGMENTS))[1]
    build_index(table, index, KEY)
    assert detector.reload() is True


async def test_an_index_that_vanishes_stays_in_force(table: Path, index: Path) -> None:
    build_index(table, index, KEY)
    detector = TenantDetector(index, KEY)
    await detector.start()
    index.unlink()
    with pytest.raises(ConfigError, match="is gone"):
        detector.reload()
    assert (await detector.find(SEGMENTS))[1]


async def test_long_texts(table: Path, index: Path) -> None:
    build_index(table, index, KEY)
    detector = TenantDetector(index, KEY)
    await detector.start()
    text = "lorem ipsum dolor " * 20_000 + "Quarzwerke"
    [[match]] = await detector.find([Segment((), text)])
    assert (match.start, match.end) == (len(text) - 10, len(text))


async def test_small_texts_are_searched_together_and_each_by_itself(table: Path, index: Path) -> None:
    table.write_text("tenant,name,customer id\nT1,Quiet Orchard Lane Ltd,QN-10442\nT2,Quarzwerke GmbH,QN-10443\n")
    build_index(table, index, KEY)
    detector = TenantDetector(index, KEY)
    await detector.start()
    texts = ["", "at quiet", "orchard lane", "--", "Quiet Orchard Lane!", "QN", "10442", "für qn-10443", "x" * 5_000]
    texts += ["Quarzwerke: QN 10443", "...", "quarzwerke"]
    found = await detector.find([Segment((str(number),), text) for number, text in enumerate(texts)])
    assert [
        [text[match.start : match.end] for match in matches] for text, matches in zip(texts, found, strict=True)
    ] == [
        *([] for _ in range(4)),
        ["Quiet Orchard Lane"],
        [],
        [],
        ["qn-10443"],
        [],
        ["Quarzwerke", "QN 10443"],
        [],
        ["quarzwerke"],
    ]
    alone = [(await detector.find([Segment(("x",), text)]))[0] for text in texts]
    assert found == alone
