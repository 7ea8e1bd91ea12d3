"""`docs/coverage.md`: what is known of each service's requests, as measured. `make coverage-page` writes it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from tests.surfaces.measuring import Measured, bundle, measured
from tests.surfaces.shape import Shape, load_shapes

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->\n"


def written() -> str:
    """The measured part of the page."""
    results = [(shape, measured(shape)) for shape in load_shapes().values()]
    groups = itertools.groupby(results, key=lambda each: each[0].surface)
    surfaces = {surface: list(rows) for surface, rows in groups}
    return "\n".join([*summary(results, len(surfaces)), "", *HEAD, *itertools.chain(*map(rows, surfaces.values())), ""])


def summary(results: Iterable[tuple[Shape, Measured]], surfaces: int) -> list[str]:
    """The counts."""
    all_results = list(results)
    places, found = sum(shape.markers for shape, _ in all_results), sum(result.found for _, result in all_results)
    answers = [result.restored for _, result in all_results if result.restored is not None]
    native = sum(result.notice not in ("", "plain") for _, result in all_results)
    benign = sum(result.benign for _, result in all_results)
    replaced = sum(result.rewritten is True for _, result in all_results)
    blocked = sum(result.rewritten is None for _, result in all_results)
    return [
        f"**{len(all_results)} shapes of {surfaces} services.** Without a value in it, {benign} pass byte for byte. "
        f"Of {places} values planted, one in each place that holds words, {found} are found. In {replaced} shapes they "
        f"are replaced and not a byte more; in {blocked} nothing can be rewritten, and the request is blocked. "
        f"{sum(answers)} of {len(answers)} answers are restored wherever they are split. {native} notices are "
        "said in the service's own form.",
    ]


HEAD = [
    "| service | request | address | read as | found | values | answer | notice |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
]


def rows(shapes: list[tuple[Shape, Measured]]) -> list[str]:
    """The rows of one service, which is named in the first."""
    destination = bundle().registry.destination(shapes[0][0].surface)
    assert destination is not None
    return [row(destination.name if number == 0 else "", *each) for number, each in enumerate(shapes)]


def row(service: str, shape: Shape, result: Measured) -> str:
    cells = [
        service,
        shape.name,
        f"`{address(shape)}`",
        f"`{result.format}`",
        f"{result.found} of {shape.markers}",
        f"blocked: {shape.blocks}" if shape.blocks else "replaced" if result.rewritten else "**not replaced**",
        {None: "", True: "restored", False: "**not restored**"}[result.restored],
        result.notice or "**not shown**",
    ]
    return f"| {' | '.join(cells)} |"


def address(shape: Shape) -> str:
    """Host and path, ids in it shortened."""
    parts = [part if len(part) < 36 or not any(map(str.isdigit, part)) else "…" for part in shape.path.split("/")]
    return shape.host + "/".join(parts)


def replaced(page: str) -> str:
    """The page with its measured part written anew."""
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    return f"{before}{BEGIN}\n{written()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(replaced(PAGE.read_text("utf-8")), "utf-8")
