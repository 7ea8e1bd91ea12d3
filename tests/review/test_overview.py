from datetime import UTC, datetime, timedelta

import pytest

from promptguard.audit.events import timestamp
from promptguard.model import Action
from promptguard.review.overview import Counts, Period, hours_until

NOW = datetime(2026, 3, 8, 12, 30, tzinfo=UTC)


@pytest.fixture
def counts(installation, make_event) -> Counts:
    installation.take_up(
        make_event("2026-02-25T09:00:00.000Z", action=Action.BLOCK, found=["GITHUB_TOKEN"]),  # the week before
        make_event("2026-03-08T11:59:59.999Z", action=Action.REDACT, found=["EMAIL_ADDRESS", "PERSON"]),
        make_event("2026-03-08T12:00:00.000Z", destination="claude"),
        make_event("2026-03-08T12:10:00.000Z", destination="claude", action=Action.BLOCK, found=["GITHUB_TOKEN"]),
        make_event("2026-03-08T13:00:00.000Z"),  # not yet
    )
    return Counts(installation.database)


def test_counts_a_week_and_the_one_before(counts: Counts) -> None:
    overview = counts.overview(NOW, 7 * 24)
    assert overview.totals.actions == {"redact": 1, "allow": 1, "block": 1}
    assert overview.totals.all == 3
    assert overview.before.actions == {"block": 1}
    assert list(overview.by_destination.items()) == [
        ("claude", {"allow": 1, "block": 1}),
        ("openai_api", {"redact": 1}),
    ]
    assert overview.by_class == {"credentials": {"block": 1}, "personal_data": {"redact": 1}}


def test_every_step_of_the_time_is_there(counts: Counts) -> None:
    by_hour = counts.overview(NOW, 24).by_time
    assert len(by_hour) == 24
    assert by_hour["2026-03-08T11"] == {"redact": 1}
    assert by_hour["2026-03-08T12"] == {"allow": 1, "block": 1}
    by_day = counts.overview(NOW, 7 * 24).by_time
    assert list(by_day)[-1] == "2026-03-08"
    assert sum(sum(actions.values()) for actions in by_day.values()) == 3


@pytest.mark.parametrize("now", ["2026-03-08T12:30", "2026-03-08T23:30", "2026-03-08T00:30"])
@pytest.mark.parametrize("hours", [73, 96, 7 * 24])
def test_whole_days_and_the_hours_around_them_are_counted_once(now, hours, installation, make_event) -> None:
    """One an hour for ten days, up to the end of the last."""
    start = datetime(2026, 2, 27, tzinfo=UTC)
    times = (start + timedelta(hours=hour) for hour in range(10 * 24))
    installation.take_up(*(make_event(timestamp(time), found=["PERSON"]) for time in times))
    moment = datetime.fromisoformat(f"{now}Z")
    counts = Counts(installation.database)
    overview = counts.overview(moment, hours)
    assert (overview.totals.all, overview.by_class["personal_data"]["allow"]) == (hours, hours)
    assert counts.by_destination(moment, hours) == {"openai_api": {"allow": hours}}
    by_day = [sum(actions.values()) for actions in overview.by_time.values()]
    assert sum(by_day) == hours
    assert set(by_day[1:-1]) == {24}
    assert overview.before.all == len([at for at in times_before(moment, hours) if at >= start])


def times_before(now: datetime, hours: int) -> list[datetime]:
    end = now.replace(minute=0) + timedelta(hours=1 - hours)
    return [end - timedelta(hours=hour + 1) for hour in range(hours)]


def test_a_period_ends_with_the_present_hour() -> None:
    assert hours_until(NOW, 2) == Period("2026-03-08T11", "2026-03-08T13")
