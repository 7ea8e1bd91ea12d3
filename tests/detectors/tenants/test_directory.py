import numpy as np

from promptguard.detectors.tenants.directory import TermDirectory


def build(digests: list[int], columns: list[int] | None = None, most: int = 2) -> TermDirectory:
    count = len(digests)
    return TermDirectory.build(
        np.array(digests, np.uint64),
        np.array(columns or [0] * count, np.uint8),
        np.arange(count, dtype=np.uint32),
        most,
    )


def cells(directory: TermDirectory, digest: int) -> list[tuple[int, bool]]:
    _, places = directory.find(np.array([digest], np.uint64))
    return [directory.cell(int(place)) for place in places]


def test_finds_each_of_many_and_no_other() -> None:
    draw = np.random.default_rng(3)
    digests = draw.integers(0, 2**63, 20_000, np.uint64) * np.uint64(2)
    directory = build(digests.tolist())
    indexes, places = directory.find(digests)
    assert sorted(indexes.tolist()) == list(range(20_000))
    assert [directory.find_one(int(digest)) for digest in digests[indexes[:500]]] == [[each] for each in places[:500]]
    assert all(directory.cell(int(place)) == (index, False) for index, place in zip(indexes, places, strict=True))
    # 32 bits and those of the bucket tell: of other digests next to none is there.
    assert len(directory.find(draw.integers(0, 2**63, 20_000, np.uint64) * np.uint64(2))[0]) == 0


def test_few_cells_of_one_term_are_listed() -> None:
    assert cells(build([7 << 50, 9 << 50, 7 << 50]), 7 << 50) == [(0, False), (2, False)]


def test_of_many_cells_the_first_stands_for_all() -> None:
    assert cells(build([7 << 50] * 5), 7 << 50) == [(0, True)]


def test_columns_are_shared_apart() -> None:
    directory = build([7 << 50] * 4, [0, 1, 0, 0])
    assert sorted(cells(directory, 7 << 50)) == [(0, True), (1, False)]


def test_of_none() -> None:
    assert cells(build([]), 5) == []
    assert len(build([1]).find(np.zeros(0, np.uint64))[0]) == 0
