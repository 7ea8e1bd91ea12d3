"""Each shape in `shapes/`, and the page that tells what became of them."""

from __future__ import annotations

import pytest
from tests.surfaces import page
from tests.surfaces.measuring import measured
from tests.surfaces.shape import Shape, load_shapes

SHAPES = load_shapes()

every_shape = pytest.mark.parametrize("shape", [pytest.param(shape, id=id) for id, shape in SHAPES.items()])


@every_shape
def test_the_host_is_known_as_the_service(shape: Shape) -> None:
    assert measured(shape).known


@every_shape
def test_a_value_is_found_in_every_place(shape: Shape) -> None:
    assert shape.markers
    assert measured(shape).found == shape.markers


@every_shape
def test_values_are_replaced_and_not_a_byte_more(shape: Shape) -> None:
    assert measured(shape).rewritten is (None if shape.blocks else True)


@every_shape
def test_without_a_value_it_passes_as_it_came(shape: Shape) -> None:
    assert measured(shape).benign


@every_shape
def test_the_answer_is_restored_wherever_it_is_split(shape: Shape) -> None:
    assert measured(shape).restored is (None if shape.answer is None else True)


@every_shape
def test_the_notice_stands_where_the_client_looks(shape: Shape) -> None:
    notice = measured(shape).notice
    assert notice
    assert (notice == "plain") is (not shape.notice)


def test_the_page_is_as_measured() -> None:
    text = page.PAGE.read_text("utf-8")
    assert text == page.replaced(text), "run `make coverage-page`"
