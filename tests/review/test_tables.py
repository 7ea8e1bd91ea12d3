import re

import pytest

from promptguard.review.schema import REVIEW

PERSON = re.compile("pseudonym|person|user|client|score|risk|rank|address", re.IGNORECASE)
VALUE = re.compile("value|text|prompt|body|content", re.IGNORECASE)
COLUMNS = [(table, column) for table in REVIEW.metadata.tables.values() for column in table.columns]


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table.name}.{column.name}" for table, column in COLUMNS])
def test_no_column_is_about_a_person_or_holds_what_was_found(table, column) -> None:
    facts = table.name == "review_fact"  # names and values of facts about the database
    assert not PERSON.search(column.name)
    assert facts or not VALUE.search(column.name)


def test_no_count_is_kept_by_anything_that_leads_to_a_person() -> None:
    counted = {
        table.name: {column.name for column in table.primary_key}
        for table in REVIEW.metadata.tables.values()
        if "count" in table.c
    }
    assert counted == {
        "review_hour_count": {"hour", "destination", "action", "inspection"},
        "review_hour_class_count": {"hour", "data_class", "action"},
        "review_day_count": {"day", "destination", "action", "inspection"},
        "review_day_class_count": {"day", "data_class", "action"},
    }
