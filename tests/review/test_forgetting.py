from sqlalchemy import func, select

from promptguard.model import Action
from promptguard.review import tables
from promptguard.review.forgetting import forget


def test_expired_decisions_leave_lists_and_counts_stay(installation, make_event) -> None:
    events = installation.take_up(
        *(make_event(action=Action.BLOCK, found=["EMAIL_ADDRESS", "GITHUB_TOKEN"], groups=["staff"]) for _ in range(3))
    )
    forget(installation.database, [1, 3, 99])
    forget(installation.database, [1])
    with installation.database.reading() as connection:
        assert list(connection.scalars(select(tables.decision.c.id))) == [events[1].id]
        for table, rows in ((tables.decision_entity, 2), (tables.decision_class, 2), (tables.decision_group, 1)):
            assert connection.scalar(select(func.count()).select_from(table)) == rows
        assert connection.scalar(select(func.sum(tables.hour_count.c.count))) == 3
