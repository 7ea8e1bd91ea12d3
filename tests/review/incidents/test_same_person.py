"""Which incidents are a person's earlier confirmed ones: in doubt, none is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.review.incidents.conftest import BEGIN, Clock
from tests.samples.reviewing import Installation, event

from promptguard.audit.events import timestamp
from promptguard.model import Action, Event
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.incidents import same_person, shelf
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import Conclusion
from promptguard.review.incidents.same_person import SamePerson
from promptguard.review.verdicts import Verdicts

NOW = datetime.fromtimestamp(BEGIN, UTC)
sqlite = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
"""What does not differ between kinds of databases."""

ADA, EVE = "p_adaadaadaadaadaa", "p_eveeveeveeveevee"


def request(person: str = ADA, days_ago: float = 0, *, action: Action = Action.NOTIFY, **changed: object) -> Event:
    """A decision on a credential in a request of somebody who signed in, so many days before the incident."""
    made = event(timestamp(NOW - timedelta(days=days_ago)), action=action, found=["GITHUB_TOKEN"], person=person)
    return replace(made, **{"identity_source": "proxy_credentials", **changed})  # type: ignore[arg-type]


class Cabinet:
    """Incidents, and the record that they are about."""

    def __init__(self, installation: Installation, book: IncidentBook, clock: Clock, ann: Account) -> None:
        self.installation, self.book, self.clock, self.ann = installation, book, clock, ann
        self.same = SamePerson(installation.database, installation.store, book.shelf, {"services"})
        self.now = request()
        self.case = self.incident(self.now, conclusion=None)
        self.of_eve = self.incident(request(EVE), conclusion=None)

    def incident(
        self, *events: Event, conclusion: Conclusion | None = Conclusion.CONFIRMED, exposed: bool = True
    ) -> str:
        """One about new decisions, opened at the last one and closed where there is a conclusion."""
        recorded = [each for each in events if self.installation.store.find(each.id) is None]
        self.installation.record(*recorded)
        began = int(max(datetime.fromisoformat(each.time) for each in events).timestamp())
        id = self.book.open("credential_exposed", [each.id for each in events], self.ann, "", exposed, began=began)
        if conclusion is not None:
            self.book.close(id, self.ann, "It was looked into", conclusion)
        return id

    def found(self, person: str = ADA, days: float = 365) -> list[str]:
        case = self.book.shelf.find(self.case if person == ADA else self.of_eve)
        assert case
        since = datetime.fromtimestamp(self.clock.at, UTC) - timedelta(days=days)
        return [each.id for each in self.same.confirmed(case, case.decisions[0], since)]


@pytest.fixture
def cabinet(installation, book, clock, account: Callable[[str], Account]) -> Cabinet:
    return Cabinet(installation, book, clock, account("Ann"))


def test_what_was_confirmed_before_is_found_the_newest_first(cabinet: Cabinet) -> None:
    first = cabinet.incident(request(days_ago=30))
    cabinet.clock.pass_(1)
    second = cabinet.incident(request(days_ago=200), request(days_ago=2))
    cabinet.incident(request(EVE, 30))
    assert (cabinet.found(), len(cabinet.found(EVE))) == ([second, first], 1)


@sqlite
@pytest.mark.parametrize(
    "told",
    [{"conclusion": each} for each in (None, Conclusion.FALSE_ALARM, Conclusion.NOT_ESTABLISHED)]
    + [{"exposed": False}],
    ids=str,
)
def test_what_is_not_confirmed_is_not_found(cabinet: Cabinet, told: dict[str, object]) -> None:
    cabinet.incident(request(days_ago=30), **told)  # type: ignore[arg-type]
    assert cabinet.found() == []


@sqlite
@pytest.mark.parametrize(
    ("made", "why"),
    [
        (request(days_ago=366), "longer ago"),
        (request(days_ago=-1), "later"),
        (request(days_ago=0), "at the same time"),
        (request(EVE, 30), "somebody else's"),
        (request(days_ago=30, identity_source="unknown"), "nobody signed in"),
        (request(days_ago=30, identity_source="address"), "an address is no person"),
        (request(days_ago=30, identity_source=""), "it is not said how that is known"),
        (request(days_ago=30, groups=("services", "support")), "a program's"),
    ],
)
def test_what_is_another_ones_or_of_another_time_is_not_found(cabinet: Cabinet, made: Event, why: str) -> None:
    cabinet.incident(made)
    assert cabinet.found() == [], why


@sqlite
def test_what_came_between_a_request_and_its_incident_is_nothing_earlier(cabinet: Cabinet) -> None:
    """One that is opened by hand is opened later than what it is about."""
    late = request(days_ago=5)
    cabinet.installation.record(late)
    cabinet.case = cabinet.book.open("credential_exposed", [late.id], cabinet.ann, "", True)
    cabinet.incident(request(days_ago=3))
    earlier = cabinet.incident(request(days_ago=6))
    assert cabinet.found() == [earlier]


@sqlite
def test_the_same_prompt_and_the_same_decision_are_nothing_earlier(cabinet: Cabinet) -> None:
    retried = request(days_ago=0.01)
    cabinet.incident(retried)
    assert len(cabinet.found()) == 1
    cabinet.case = cabinet.incident(replace(request(), incident=retried.id), conclusion=None)
    assert cabinet.found() == []
    cabinet.case = cabinet.incident(cabinet.now, retried, conclusion=None)
    assert cabinet.found() == []


def test_of_an_incident_of_several_persons_only_what_left_of_their_own_is_theirs(cabinet: Cabinet) -> None:
    """Decisions with the same values join: one may have sent what another one was kept from sending."""
    both = cabinet.incident(request(EVE, 9), request(days_ago=9, action=Action.BLOCK))
    assert (cabinet.found(), cabinet.found(EVE)) == ([], [both])
    alone = cabinet.incident(request(days_ago=8, action=Action.BLOCK))  # it left after all, by another way
    assert cabinet.found() == [alone]


def test_what_a_reviewer_holds_to_be_a_false_alarm_does_not_count(cabinet: Cabinet, account) -> None:
    made, verdicts = request(days_ago=9), Verdicts(cabinet.installation.database)
    id = cabinet.incident(made)
    verdicts.give(made.id, account("Bob").id, right=True, comment="")
    assert cabinet.found() == [id]
    verdicts.give(made.id, cabinet.ann.id, right=False, comment="")
    assert cabinet.found() == []


@sqlite
def test_opened_again_it_is_confirmed_no_more(cabinet: Cabinet) -> None:
    id = cabinet.incident(request(days_ago=9))
    cabinet.book.reopen(id, cabinet.ann, "There is more")
    assert cabinet.found() == []
    cabinet.book.close(id, cabinet.ann, "It was a test account", Conclusion.FALSE_ALARM)
    assert cabinet.found() == []


def test_one_whose_decisions_cannot_be_read_is_nobodys(cabinet: Cabinet) -> None:
    id = cabinet.book.open("credential_exposed", ["pg-0000-0000-0000-0000"], cabinet.ann, "", True)
    cabinet.book.close(id, cabinet.ann, "It was looked into", Conclusion.CONFIRMED)
    assert cabinet.found() == []
    with pytest.raises(NotPossible, match="cannot be read"):
        cabinet.same.pseudonym("pg-0000-0000-0000-0000")


@sqlite
def test_page_after_page_is_looked_through_and_the_newest_are_shown(cabinet: Cabinet, monkeypatch) -> None:
    monkeypatch.setattr(shelf, "PAGE", 2)
    monkeypatch.setattr(same_person, "MAX_SHOWN", 2)
    oldest = cabinet.incident(request(days_ago=300))
    others = []
    for _ in range(3):
        cabinet.clock.pass_(1)
        others.append(cabinet.incident(request(EVE, 5)))
    assert cabinet.found() == [oldest]
    assert cabinet.found(EVE) == [others[2], others[1]]


@sqlite
@pytest.mark.parametrize(
    "made", [request(identity_source="unknown"), request(identity_source="address"), request(groups=("services",))]
)
def test_of_nobody_and_of_programs_nothing_is_asked(cabinet: Cabinet, made: Event) -> None:
    cabinet.installation.record(made)
    with pytest.raises(NotPossible, match="nobody signed in"):
        cabinet.same.pseudonym(made.id)
