import pytest

from promptguard.detectors.names.spans import PERSON, Span
from promptguard.detectors.names.things import is_thing, without_things


def thing(text: str, name: str) -> bool:
    start = text.index(name)
    return is_thing(text, start, start + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"sku": "L-2", "name": "Charlotte Armchair", "price": 299}', "Charlotte Armchair"),
        ('{"name": "Marker red", "ean": "4006381333931"}', "red"),
        ('{"name": "Henry Table", "price": 49.9}', "Henry Table"),
        ('{"brand": {"name": "Jack Roe"}}', "Jack Roe"),
        ("<sku>1</sku><name>Ella Chair</name>", "Ella Chair"),
        ("sku: 1\nname: Ella Chair\nstock: 3\n", "Ella Chair"),
        ("sku;ean;name;price\n1;4006381333931;Oslo Bed;5\n2;4006381333948;Ella Chair;89\n", "Ella Chair"),
        ("| SKU | Name | Price |\n|---|---|---|\n| 1 | Ella Chair | 89 |\n", "Ella Chair"),
        ("metadata:\n  name: victoria\n  namespace: monitoring\n", "victoria"),
    ],
)
def test_what_stands_with_the_name_tells_of_a_thing(text: str, name: str) -> None:
    assert thing(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"name": "Charlotte Keller", "price": 299}', "Charlotte Keller"),
        ('{"name": "Ella Chair", "sku": "L-2", "email": "a@b.example"}', "Ella Chair"),
        ('{"product": {"owner": {"name": "Jane Roe"}}}', "Jane Roe"),
        ('{"name": "Jane Roe", "version": "2"}', "Jane Roe"),
        ("sku;name;customer\n1;Oslo Bed;Jane Roe\n", "Jane Roe"),
        ("name;price\nJonas Weber;20\n", "Jonas Weber"),
        ("the price is what Jane Roe asked", "Jane Roe"),
        ("Jane Roe", "Jane Roe"),
    ],
)
def test_persons_stay_persons(text: str, name: str) -> None:
    assert not thing(text, name)


def test_spans_of_things_are_left_out() -> None:
    text = '{"sku": 1, "name": "Ella Chair"}, {"contact": "Jane Roe"}'
    spans = [
        Span(text.index(name), text.index(name) + len(name), PERSON, 1.0, "") for name in ("Ella Chair", "Jane Roe")
    ]
    assert list(without_things(text, spans)) == spans[1:]
