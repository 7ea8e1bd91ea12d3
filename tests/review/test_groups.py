from datetime import UTC, datetime, timedelta

import pytest
from tests.samples.reviewing import event

from promptguard.audit.events import timestamp
from promptguard.review.groups import DAYS, FEWEST, SECONDS, GroupSizes


def made(people: int, *, group: str = "legal", days: int = 0, times: int = 1):
    at = timestamp(datetime.now(UTC) - timedelta(days=days, minutes=1))
    return [event(at, groups=[group], person=f"p_{number}") for number in range(people) for _ in range(times)]


@pytest.mark.parametrize(
    ("events", "large"),
    [
        (made(FEWEST), True),
        (made(FEWEST - 1, times=4), False),  # people count, not decisions
        (made(FEWEST, group="other"), False),
        (made(FEWEST, days=DAYS + 1), False),
        (made(FEWEST - 1) + made(FEWEST, days=DAYS + 1), False),
        ([], False),
    ],
)
def test_a_group_is_large_where_five_people_were_in_it_lately(events, large, installation) -> None:
    installation.take_up(*events)
    sizes = GroupSizes(installation.database, installation.store)
    assert sizes.is_large("legal") is large
    assert ("legal" in sizes.large()) is large


def test_it_is_asked_again_after_a_while(installation) -> None:
    now = [0.0]
    sizes = GroupSizes(installation.database, installation.store, lambda: now[0])
    assert not sizes.is_large("legal")
    installation.take_up(*made(FEWEST))
    assert not sizes.is_large("legal")
    now[0] += SECONDS + 1
    assert sizes.is_large("legal")
