from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy.dialects.sqlite import dialect

from promptguard.review.criteria import Anything, Criterion, Listed, Named, NamedOneOf, Noteworthy, Span
from promptguard.review.database import ReviewDatabase
from promptguard.review.tables import decision, decision_entity


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewDatabase]:
    """Its plans are the same however much there is, unlike PostgreSQL's."""
    with closing(ReviewDatabase.open(tmp_path_factory.mktemp("criteria") / "review.db")) as database:
        yield database


ENTITY = Listed(decision_entity, "entity_type", "PERSON")


@pytest.mark.parametrize(
    ("criterion", "index"),
    [
        (Anything(), "review_decision_time"),
        (Named({"action": "block"}), "review_decision_action"),
        (Named({"destination": "x", "action": "block"}), "review_decision_destination_action"),
        (Named({"rule": "x", "action": "block"}), "review_decision_rule_action"),
        (Noteworthy(), "review_decision_noteworthy"),
        (ENTITY, "review_decision_entity"),
        (NamedOneOf(["x"], []), "review_decision_destination"),
    ],
)
def test_each_is_found_by_an_index_in_the_order_of_the_list(criterion: Criterion, index: str, on_sqlite) -> None:
    span = Span("2026-03-01", "2026-03-02", ("2026-03-01T09:00:00.000Z", 7))
    statement = criterion.places(span, 50).compile(dialect=dialect(), compile_kwargs={"literal_binds": True})
    with on_sqlite.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
    told = "\n".join(row[-1] for row in plan)
    assert index in told
    assert "SCAN review_decision\n" not in told
    assert ("TEMP B-TREE FOR ORDER BY" in told) is isinstance(criterion, NamedOneOf)


def test_words_of_no_name_hold_for_nothing(installation, make_event) -> None:
    installation.take_up(make_event())
    with installation.database.reading() as connection:
        assert connection.execute(NamedOneOf([], []).candidates(Span(), 5)).all() == []
        assert len(connection.execute(Anything().candidates(Span(), 5)).all()) == 1


def test_a_span_without_bounds_bounds_nothing() -> None:
    assert Span().bounds(decision.c) == []
