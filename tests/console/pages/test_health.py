from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from promptguard.console.application import make_application
from promptguard.console.health_watch import Watch
from promptguard.review.roles import Role
from promptguard.rollout.health import Check, CheckStanding

CHECKS = [
    Check("Disk", CheckStanding.FINE, "1.0 GB free."),
    Check("Sink", CheckStanding.LOOK, "It was handed no records <since>.", name="siem"),
    Check("Database", CheckStanding.BAD, "It cannot be reached."),
    Check("Queues and workers", CheckStanding.UNKNOWN, "Not told."),
]


@pytest.fixture
def console(console):
    return replace(console, watch=Watch(lambda: CHECKS))


def test_what_does_not_work_stands_first(somebody) -> None:
    page = somebody(Role.AUDITOR).get("/health").text
    assert "2 things to look at" in page
    places = [page.index(f'<th scope="row">{each.subject}') for each in (CHECKS[2], CHECKS[1], CHECKS[0], CHECKS[3])]
    assert places == sorted(places)
    assert "&lt;since&gt;" in page
    assert "not since this console started" in page


def test_the_overview_says_it_in_a_line(somebody) -> None:
    page = somebody(Role.ANALYST).get("/").text
    assert "2 things to look at" in page
    assert "database, sink (siem)" in page


def test_it_is_not_for_those_who_see_no_counts(console) -> None:
    person = TestClient(make_application(console), base_url="http://127.0.0.1:8081", follow_redirects=False)
    assert person.get("/health").status_code == 303
