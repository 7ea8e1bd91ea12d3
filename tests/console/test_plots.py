import re
from xml.etree import ElementTree

import pytest

from promptguard.console.plots import bars, columns, marks

COUNTS = {"2026-03-01": {"block": 1, "allow": 3}, "2026-03-02": {}, "2026-03-03": {"redact": 2}}


def rectangles(plot: str) -> list[tuple[str, float]]:
    found = re.findall(r'width="([\d.]+)" height="([\d.]+)" class="(\w+)"', plot)
    return [(name, float(width) * float(height)) for width, height, name in found]


@pytest.mark.parametrize("counts", [{}, {"a": {}}, COUNTS])
def test_any_counts_make_a_picture(counts) -> None:
    for plot in (columns(counts, "Title"), bars(counts, "Title", {})):
        for layout in ElementTree.fromstring(f"<p>{plot}</p>"):  # noqa: S314 - see above
            assert layout.get("aria-label") == "Title"


def test_one_picture_is_shown_on_wide_screens_and_another_on_narrow_ones() -> None:
    for plot in (columns(COUNTS, "Title"), bars(COUNTS, "Title", {})):
        layouts = list(ElementTree.fromstring(f"<p>{plot}</p>"))  # noqa: S314 - see above
        assert [layout.get("class") for layout in layouts] == ["plot wide", "plot narrow"]
        assert [str(layout.get("viewBox")).split()[2] for layout in layouts] == ["960", "360"]
    assert plot.count("2026-03-03") == 2, "a name on either"


def test_areas_are_as_the_numbers() -> None:
    areas = dict(rectangles(columns(COUNTS, "")))
    assert areas["allow"] == pytest.approx(3 * areas["block"], rel=0.01)
    assert areas["redact"] == pytest.approx(2 * areas["block"], rel=0.01)
    assert "2026-03-01: 1 block, 3 allow" in columns(COUNTS, "")


def test_names_are_escaped() -> None:
    plot = bars({"a<b": {"block": 1}, "c": {"allow": 1}}, 'x"y', {"c": "C & D"})
    assert "a&lt;b" in plot
    assert "C &amp; D" in plot
    assert 'aria-label="x&#34;y"' in plot


@pytest.mark.parametrize(
    ("top", "numbers"),
    [
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6]),
        (40, [0, 10, 20, 30, 40]),
        (41, [0, 20, 40]),
        (1234, [0, 500, 1000]),
        (99_999, [0, 50_000]),
    ],
)
def test_a_scale_has_few_round_numbers(top: int, numbers: list[int]) -> None:
    assert marks(top) == numbers
