from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.review.incidents.conftest import BEGIN, SHIPPED

from promptguard.errors import PromptGuardError
from promptguard.model import Action
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import Conclusion
from promptguard.review.incidents.kinds import IncidentsFile, OpenedBy
from promptguard.review.incidents.opening import BATCH, IncidentOpener, fitting, has_left

NOW = "2026-03-01T09:30:00.000Z"


@pytest.fixture
def make(make_event):
    """A decision whose findings are new, and have an action and a fingerprint of their own."""

    def made(action=Action.NOTIFY, found=("GITHUB_TOKEN",), each: str = "allow", time: str = NOW, **more):
        event = make_event(time, action=action, found=found)
        changes = {
            "action": each,
            "position": "new",
            **{k: v for k, v in more.items() if k in ("position", "fingerprint")},
        }
        findings = tuple({**finding, **changes} for finding in event.findings)
        rest = {k: v for k, v in more.items() if k not in ("position", "fingerprint")}
        return replace(event, findings=findings, **rest)

    return made


def members(event) -> dict[str, object]:
    return {name: getattr(event, name) for name in type(event).__dataclass_fields__}


def opener(installation, book: IncidentBook) -> IncidentOpener:
    return IncidentOpener(installation.store, book)


def kinds(book: IncidentBook) -> list[tuple[str, bool]]:
    return sorted((case.kind_id, case.exposed) for case in book.shelf.page())


@pytest.mark.parametrize(
    ("event", "opened"),
    [
        ({}, ["credential_exposed"]),
        ({"action": Action.ALLOW}, ["credential_exposed"]),
        ({"action": Action.BLOCK, "each": "block"}, []),
        ({"action": Action.BLOCK}, []),  # one finding would have been allowed, and another stopped it all
        ({"action": Action.JUSTIFY}, []),
        ({"action": Action.REDACT, "each": "redact"}, []),
        ({"action": Action.REDACT}, ["credential_exposed"]),  # this one was left as it is
        ({"position": "history"}, []),
        ({"purpose": "account"}, []),
        ({"would": "block"}, []),
        ({"found": ["EMAIL_ADDRESS"]}, []),  # at an approved tool: the policy's own business
        ({"found": ["EMAIL_ADDRESS"], "destination_status": "unreviewed"}, ["data_exposed"]),
        (
            {"found": ["EMAIL_ADDRESS", "GITHUB_TOKEN"], "destination_status": "prohibited"},
            ["credential_exposed", "data_exposed"],
        ),
        ({"found": []}, []),
    ],
)
def test_as_shipped_what_left_opens_and_what_was_stopped_does_not(event, opened, make, installation, book) -> None:
    installation.record(make(**event))
    assert opener(installation, book).take_up() == 1
    assert kinds(book) == [(kind, True) for kind in opened]


@pytest.mark.parametrize(
    ("opening", "event", "fits"),
    [
        ({"outcome": "prevented", "data_classes": "credentials"}, {"action": Action.BLOCK, "each": "block"}, True),
        ({"outcome": "prevented", "data_classes": "credentials"}, {}, False),
        ({"entity_types": "GITHUB_TOKEN"}, {}, True),
        ({"entity_types": "AWS_ACCESS_KEY"}, {}, False),
        ({"actions": "redact"}, {}, False),
        ({"rules": "the-rule", "destinations": "openai_api"}, {}, True),
        ({"destinations": "other"}, {}, False),
        ({"inspection": "not_inspected"}, {"inspection": "not_inspected", "found": []}, True),
        ({"inspection": "not_inspected"}, {"inspection": "not_inspected", "found": [], "action": Action.BLOCK}, False),
        ({"tried_out": True}, {"would": "block"}, True),
    ],
)
def test_all_that_is_named_must_be_the_case(opening, event, fits: bool, make) -> None:
    entry = OpenedBy.model_validate({"id": "x", "outcome": "exposed", **opening}, strict=False)
    assert (fitting(entry, members(make(**event))) is not None) is fits


def test_its_clock_begins_with_the_decision(make, installation, book, clock) -> None:
    (event,) = installation.record(make())
    clock.pass_(4)
    opener(installation, book).take_up()
    (case,) = book.shelf.page()
    assert (case.began, case.opened, list(case.decisions)) == (BEGIN, BEGIN + 240, [event.id])
    assert case.rule == "credential-sent"


def test_the_same_values_belong_to_the_same_incident(make, installation, book, account) -> None:
    events = [
        make(fingerprint="1" * 32, incident="pg-1"),
        make(fingerprint="1" * 32),  # sent again
        make(fingerprint="2" * 32, incident="pg-1"),  # on the same prompt
        make(fingerprint="3" * 32),
    ]
    installation.record(*events)
    looking = opener(installation, book)
    looking.take_up()
    assert sorted(len(case.decisions) for case in book.shelf.page()) == [1, 3]
    for case in book.shelf.page():
        book.close(case.id, account(f"Who closes {case.id}"), "Done.", Conclusion.CONFIRMED)
    installation.record(make(fingerprint="1" * 32))
    looking.take_up()
    assert len(book.shelf.page(state="open")) == 1  # what is closed takes nothing up


def test_many_do_not_flood(make, installation, book) -> None:
    book.file = SHIPPED.model_copy(update={"most_per_hour": 3})
    installation.record(*(make(fingerprint=f"{number:032}") for number in range(10)))
    opener(installation, book).take_up()
    assert sorted(len(case.decisions) for case in book.shelf.page()) == [1, 1, 8]


def test_each_decision_is_looked_at_once_by_whichever_console(make, installation, ledger, clock) -> None:
    consoles = [opener(installation, IncidentBook(installation.database, SHIPPED, ledger, clock)) for _ in range(2)]
    for number in range(6):
        installation.record(make(fingerprint=f"{number:032}"))
        assert [each.take_up() for each in consoles[:: 1 if number % 2 else -1]] == [1, 0]
    again = opener(installation, IncidentBook(installation.database, SHIPPED, ledger, clock))  # started anew
    assert again.take_up() == 0
    assert len(again._book.shelf.page()) == 6


def test_a_console_that_ends_in_the_middle_leaves_nothing_out_and_doubles_nothing(
    make, installation, ledger, clock, monkeypatch
) -> None:
    installation.record(*(make(fingerprint=f"{number:032}") for number in range(5)))
    book = IncidentBook(installation.database, SHIPPED, ledger, clock)
    opened = []
    real = IncidentBook.open

    def killed(self, *arguments, **more):
        if len(opened) == 3:
            raise PromptGuardError("The disk is full.")
        opened.append(real(self, *arguments, **more))
        return opened[-1]

    monkeypatch.setattr(IncidentBook, "open", killed)
    with pytest.raises(PromptGuardError):
        opener(installation, book).take_up()
    monkeypatch.setattr(IncidentBook, "open", real)
    assert opener(installation, book).take_up() == 5
    assert sorted(len(case.decisions) for case in book.shelf.page()) == [1] * 5


def test_what_is_old_opens_nothing_where_the_database_is_new(make, installation, book) -> None:
    day = timedelta(days=1)
    begin = datetime.fromtimestamp(BEGIN, UTC)
    old, new = ((begin - ago).isoformat(timespec="milliseconds")[:23] + "Z" for ago in (2 * day, day / 2))
    installation.record(make(time=old, fingerprint="1" * 32), make(time=new, fingerprint="2" * 32))
    assert opener(installation, book).take_up() == 1
    assert len(book.shelf.page()) == 1


def test_where_all_is_old_it_goes_on_from_the_end(make, installation, book, monkeypatch) -> None:
    installation.record(make(time="2020-03-01T09:30:00.000Z", fingerprint="1" * 32))
    looking = opener(installation, book)
    assert looking.take_up() == 0
    asked = []
    real = type(installation.store).records
    monkeypatch.setattr(type(installation.store), "records", lambda self, **of: asked.append(of) or real(self, **of))
    installation.record(make(fingerprint="2" * 32))
    assert looking.take_up() == 1
    assert not any("since" in of for of in asked)
    assert len(book.shelf.page()) == 1


def test_without_anything_to_open_nothing_is_read(make, installation, ledger, clock) -> None:
    installation.record(make())
    assert opener(installation, IncidentBook(installation.database, IncidentsFile(), ledger, clock)).take_up() == 0


def test_more_than_a_batch_is_looked_at_in_turns(make, installation, book) -> None:
    installation.record(*(make(found=[]) for _ in range(BATCH + 1)))
    looking = opener(installation, book)
    assert [looking.take_up() for _ in range(3)] == [BATCH, 1, 0]


def test_what_left_is_told_of_any_decision(make) -> None:
    assert has_left(members(make()))
    assert has_left(members(make(found=[])))
    assert not has_left(members(make(action=Action.REDACT, each="redact")))
    assert not has_left(members(make(action=Action.BLOCK, found=[])))
