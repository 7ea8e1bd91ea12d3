import csv
import io
import json
from datetime import UTC, datetime

import pytest

from promptguard.audit.events import timestamp
from promptguard.destinations.sightings import Sighting, Sign
from promptguard.model import Action
from promptguard.review.roles import Role


@pytest.fixture
def services(bundles) -> dict[str, str]:
    """The names of the shipped services, by id."""
    return dict(bundles.current.registry.names())


def names_on(page: str, services: dict[str, str]) -> list[str]:
    """Ids of services in the order in which a page lists them."""
    rows = page.split('aria-label="Services"')[1].split("</table>")[0].split("<tr>")[2:]
    return [next(id for id in services if f'<p class="faint">{id},' in row) for row in rows]


@pytest.mark.parametrize("role", [Role.REGISTRY_OWNER, Role.AUDITOR, Role.ANALYST])
def test_all_services_are_there_with_how_often_they_were_used(role, somebody, installation, make_event, services):
    now = timestamp(datetime.now(UTC))
    installation.take_up(
        *(make_event(now, destination="openai-api") for _ in range(1234)),
        make_event(now, destination="openai-api", action=Action.BLOCK),
    )
    page = somebody(role).get("/destinations").text
    assert set(names_on(page, services)) == set(services)
    row = next(row for row in page.split("<tr>") if '<p class="faint">openai-api,' in row)
    assert "1,235" in row
    assert "1 not sent" in row
    assert ("/decisions?destination=openai-api" in row) is (role is not Role.REGISTRY_OWNER)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("text=API.OPENAI.com", lambda each: "api.openai.com" in (*each.hosts, *each.undecrypted_hosts)),
        ("kind=embedded", lambda each: each.kind == "embedded"),
        ("status=approved&kind=api", lambda each: (each.status, each.kind) == ("approved", "api")),
        ("kind=nonsense&status=%3Cb%3E", lambda each: True),
        ("text=no-such-service-anywhere", lambda each: False),
    ],
)
def test_filters_take_what_is_asked_for(query: str, wanted, somebody, services, bundles) -> None:
    page = somebody(Role.REGISTRY_OWNER).get(f"/destinations?{query}").text
    expected = {each.id for each in bundles.current.registry.destinations if wanted(each)}
    assert set(names_on(page, services)) == expected


def test_overdue_reviews_come_first_the_oldest_before_the_others(somebody, services, bundles, monkeypatch) -> None:
    dated = sorted((each.review_due, each.id) for each in bundles.current.registry.destinations if each.review_due)
    late = datetime.fromisoformat(f"{dated[-1][0]}T12:00:00+00:00").replace(year=2999)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return late

    monkeypatch.setattr("promptguard.console.pages.destinations.datetime", Later)
    page = somebody(Role.REGISTRY_OWNER).get("/destinations?due=1").text
    listed = names_on(page, services)
    due = [bundles.current.registry.destination(id).review_due for id in listed]
    past = [each for each in due if each is not None]
    assert past == sorted(past) == due[: len(past)]
    assert page.count("overdue</span>") == len(past) > 0


def test_tools_that_nobody_listed_are_told_with_what_to_do(somebody, installation) -> None:
    today = datetime.now(UTC).date().isoformat()
    installation.backend.sightings().add(
        [
            Sighting(Sign.NAME, "chat.unheard-of.example", "", today, 7),
            Sighting(Sign.NAME, "api.openai.com", "", today, 3),  # it was listed since
            Sighting(Sign.NAME, "old.example", "", "2026-01-01", 3),  # long ago
            Sighting(Sign.NAME, "a.example;reboot", "", today, 3),
        ]
    )
    page = somebody(Role.REGISTRY_OWNER).get("/destinations").text.split("Tools that nobody listed", 1)[1]
    assert "promptguard destinations adopt chat.unheard-of.example" in page
    assert "adopt api.openai.com" not in page
    assert "old.example" not in page
    assert "a.example;reboot" in page
    assert "adopt a.example" not in page


@pytest.mark.parametrize("form", ["csv", "json", "md"])
def test_it_is_taken_away_as_the_command_writes_it(form: str, somebody, console, bundles) -> None:
    answer = somebody(Role.REGISTRY_OWNER).get(f"/destinations/export?form={form}&status=approved")
    approved = {each.id for each in bundles.current.registry.destinations if each.status == "approved"}
    match form:
        case "csv":
            assert {row["id"] for row in csv.DictReader(io.StringIO(answer.text))} == approved
        case "json":
            assert {each["id"] for each in json.loads(answer.text)} == approved
        case _:
            assert answer.text.count("\n") == len(approved) + 2
    assert answer.headers["content-disposition"].endswith(f'.{form}"')
    entry = next(each for each in console.ledger.entries() if each.act == "destinations_exported")
    assert entry.detail == {"form": form, "filter": "status=approved"}


def test_there_is_no_other_form(somebody) -> None:
    assert somebody(Role.REGISTRY_OWNER).get("/destinations/export?form=exe").status_code == 404


def test_a_mistake_in_the_files_is_told(somebody, bundles, monkeypatch) -> None:
    monkeypatch.setattr(bundles, "problem", "destinations.yaml:3: there is no such kind")
    assert "there is no such kind" in somebody(Role.REGISTRY_OWNER).get("/destinations").text
