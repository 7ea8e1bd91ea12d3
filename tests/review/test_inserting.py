from promptguard.review.inserting import insert_or_leave
from promptguard.review.tables import fact


def test_what_is_there_stays(installation) -> None:
    rows = [{"name": "one", "value": "first"}, {"name": "one", "value": "second"}, {"name": "two", "value": "x"}]
    with installation.database.writing() as connection:
        assert insert_or_leave(connection, fact, rows) == 2
        assert insert_or_leave(connection, fact, rows) == 0
        kept = dict(connection.execute(fact.select().where(fact.c.name.in_(["one", "two"]))).all())
    assert kept == {"one": "first", "two": "x"}
