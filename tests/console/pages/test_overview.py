from datetime import UTC, datetime, timedelta

import pytest

from promptguard.audit.events import timestamp
from promptguard.model import Action
from promptguard.review.roles import Role


def test_it_counts_what_was_done(somebody, installation, make_event) -> None:
    now, then = datetime.now(UTC), datetime.now(UTC) - timedelta(days=8)
    installation.take_up(
        make_event(timestamp(now), action=Action.BLOCK, found=["GITHUB_TOKEN"]),
        make_event(timestamp(now), action=Action.BLOCK, found=["GITHUB_TOKEN"]),
        make_event(timestamp(now)),
        make_event(timestamp(then), action=Action.BLOCK, found=["GITHUB_TOKEN"]),
    )
    page = somebody(Role.AUDITOR).get("/").text
    assert "<dd>3</dd>" in page
    assert "+100 % compared with the week before" in page
    assert "OpenAI API" in page
    assert "Credentials" in page


@pytest.mark.parametrize("period", ["day", "week", "month", "", "x' OR 1"])
def test_nothing_recorded_is_told(period: str, somebody) -> None:
    answer = somebody(Role.ANALYST).get("/", params={"period": period})
    assert answer.status_code == 200
    assert "No request was made" in answer.text


def test_administrators_see_no_counts(somebody, installation, make_event) -> None:
    installation.take_up(make_event(action=Action.BLOCK))
    page = somebody(Role.ADMINISTRATOR).get("/").text
    assert "Welcome" in page
    assert "Overview" not in page


def test_who_may_answer_is_told_of_what_waits(somebody, installation, make_event) -> None:
    (event,) = installation.take_up(make_event(found=["EMAIL_ADDRESS"]))
    words = "1 false alarm to answer"
    owner = somebody(Role.POLICY_OWNER, name="Bob")
    assert words not in owner.get("/").text
    analyst = somebody(Role.ANALYST, name="Ann")
    asked = analyst.submit(f"/decision/{event.id}/false-alarm", value="0", reason="ours", days="9")
    assert asked.status_code == 303, asked.text
    assert words in owner.get("/").text
    assert words not in analyst.get("/").text
