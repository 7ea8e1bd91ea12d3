from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from tests.review.incidents.conftest import BEGIN

from promptguard.errors import PromptGuardError
from promptguard.review.accounts import NotPossible
from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import Conclusion, Did, IncidentSource
from promptguard.review.incidents.change import MAX_WORDS
from promptguard.review.ledger import Act
from promptguard.storage.changes import Topic


@pytest.fixture
def ann(account):
    return account("Ann")


@pytest.fixture
def bob(account):
    return account("Bob")


@pytest.fixture
def id(book: IncidentBook, ann) -> str:
    return book.open("data_exposed", ["pg-1", "pg-2"], by=ann, what="Sent  by\nmistake", exposed=True)


def test_it_is_opened_with_all_that_is_known(book: IncidentBook, id: str, ann) -> None:
    case = book.shelf.find(id)
    assert case
    assert (case.kind_id, case.exposed, case.what, case.source) == (
        "data_exposed",
        True,
        "Sent by mistake",
        IncidentSource.HAND,
    )
    assert (case.began, case.due, case.opened_by.name) == (BEGIN, BEGIN + 900, "Ann")
    assert list(case.decisions) == ["pg-1", "pg-2"]
    assert [each.id for each in book.shelf.of_decision("pg-2")] == [id]
    assert book.shelf.of_decision("pg-3") == []


def test_a_colleague_who_does_not_say_who_they_are_can_report(book: IncidentBook, ledger) -> None:
    id = book.open("wrong_output", [], by=None, what="x" * 1000, exposed=True, source=IncidentSource.REPORT)
    case = book.shelf.find(id)
    assert case
    assert (case.opened_by.id, case.source, len(case.what)) == ("", IncidentSource.REPORT, MAX_WORDS)
    assert [(entry.act, entry.object, entry.name) for entry in ledger.entries()] == [(Act.INCIDENT_OPENED, id, "")]


def test_what_is_told_again_of_a_decision_joins_its_incident(book: IncidentBook, bob, monkeypatch) -> None:
    id = book.report("phishing", "pg-1", None, "The first", False)
    assert book.report("phishing", "pg-1", bob, "The second", True) == id
    told = [(entry.did, entry.by.name, entry.remark) for entry in book.shelf.timeline(id)]
    assert told == [(Did.OPENED, "", "The first"), (Did.REPORTED, "Bob", "The second")]
    others = {
        book.report("wrong_output", "pg-1", None, "Something else", True),
        book.report("phishing", "pg-2", None, "Another", False),
    }
    assert len(others - {id}) == 2
    looks = iter(["", *others])  # another console opens one between the look and the writing
    monkeypatch.setattr(book, "_open_about", lambda kind, decision_id: next(looks))
    joined = book.report("phishing", "pg-2", None, "At the same time", False)
    assert len(book.shelf.page()) == 3
    assert book.shelf.timeline(joined)[-1].remark == "At the same time"
    monkeypatch.undo()
    book.close(id, bob, "Done.", Conclusion.CONFIRMED)
    assert book.report("phishing", "pg-1", None, "Again", False) != id


def test_each_change_is_told_to_those_who_page(book: IncidentBook, ann, installation) -> None:
    with closing(installation.database.changes(Topic.INCIDENTS)) as changes:
        assert changes.wait(30)
        assert not changes.wait(0.01)
        id = book.open("phishing", [], by=ann, what="", exposed=False)
        assert set(changes.wait(30)) == {Topic.INCIDENTS}
        book.take_on(id, ann)
        assert set(changes.wait(30)) == {Topic.INCIDENTS}


def test_there_is_no_such_kind(book: IncidentBook, ledger) -> None:
    with pytest.raises(NotPossible):
        book.open("nothing", [], by=None, what="", exposed=False)
    assert ledger.entries() == []


def test_what_cannot_be_noted_is_not_done(book: IncidentBook, id: str, bob, ledger, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise PromptGuardError("The disk is full.")

    monkeypatch.setattr(type(ledger), "note", full)
    with pytest.raises(PromptGuardError):
        book.take_on(id, bob)
    with pytest.raises(PromptGuardError):
        book.open("data_exposed", [], by=bob, what="", exposed=True)
    assert [case.owner.name for case in book.shelf.page()] == [""]


def test_steps_come_in_their_order(book: IncidentBook, ann, bob, clock) -> None:
    id = book.open("credential_exposed", [], by=ann, what="", exposed=True)
    with pytest.raises(NotPossible, match="First comes: The credential is rotated"):
        book.do(id, "notified", bob)
    clock.pass_(3)
    book.do(id, "rotated", bob)
    book.do(id, "notified", ann)
    with pytest.raises(NotPossible, match="done already"):
        book.do(id, "rotated", ann)
    with pytest.raises(NotPossible, match="IT and security are told"):
        book.undo(id, "rotated", bob)
    book.undo(id, "notified", bob)
    case = book.shelf.find(id)
    assert case
    assert {name: (step.at, step.by.name) for name, step in case.done.items()} == {"rotated": (BEGIN + 180, "Bob")}
    assert (case.owner.name, case.acknowledged) == ("Bob", BEGIN + 180)


def test_clients_are_told_after_another_has_signed_the_assessment(book: IncidentBook, id: str, ann, bob) -> None:
    book.do(id, "notified", ann)
    with pytest.raises(NotPossible, match="The assessment is signed"):
        book.do(id, "client_notified", ann)
    with pytest.raises(NotPossible, match="Somebody else"):
        book.do(id, "assessed", ann, "nothing left")
    with pytest.raises(NotPossible, match="what the assessment comes to"):
        book.do(id, "assessed", bob, " \n ")
    book.do(id, "assessed", bob, "One client is concerned.")
    book.do(id, "client_notified", ann)
    did = [(entry.did, entry.by.name, entry.about, entry.remark) for entry in book.shelf.timeline(id)]
    assert did[-2:] == [
        (Did.ASSESSED, "Bob", "assessed", "One client is concerned."),
        (Did.STEP_DONE, "Ann", "client_notified", ""),
    ]


def test_it_is_handed_over_once_the_other_accepts(book: IncidentBook, id: str, ann, bob, account) -> None:
    cleo = account("Cleo")
    with pytest.raises(NotPossible, match="Only who has taken it on"):
        book.offer(id, ann, bob)
    book.take_on(id, ann)
    with pytest.raises(NotPossible, match="hand it over"):
        book.take_on(id, bob)
    book.offer(id, ann, bob)
    with pytest.raises(NotPossible, match="not handed over to you"):
        book.answer_offer(id, cleo, accept=True)
    book.answer_offer(id, bob, accept=False)
    book.offer(id, ann, cleo)
    book.answer_offer(id, cleo, accept=True)
    case = book.shelf.find(id)
    assert case and (case.owner.name, case.offered_to.id) == ("Cleo", "")
    did = [(entry.did, entry.by.name, entry.about) for entry in book.shelf.timeline(id)]
    assert did == [
        (Did.OPENED, "Ann", ""),
        (Did.TAKEN_ON, "Ann", ""),
        (Did.OFFERED, "Ann", "Bob"),
        (Did.DECLINED, "Bob", ""),
        (Did.OFFERED, "Ann", "Cleo"),
        (Did.ACCEPTED, "Cleo", ""),
    ]


def test_closed_it_stays_as_it_is_until_it_is_opened_again(book: IncidentBook, id: str, ann, bob) -> None:
    book.do(id, "notified", ann)
    with pytest.raises(NotPossible, match="Say why"):
        book.close(id, ann, "  ", Conclusion.CONFIRMED)
    book.close(id, ann, "Done.", Conclusion.CONFIRMED)
    for refused in (
        lambda: book.do(id, "reported", ann),
        lambda: book.take_on(id, bob),
        lambda: book.close(id, ann, "Again.", Conclusion.CONFIRMED),
        lambda: book.expose(id, ann, "More."),
    ):
        with pytest.raises(NotPossible, match="closed"):
            refused()
    book.remark(id, bob, "Seen.")
    assert [case.id for case in book.shelf.page(state="closed")] == [id]
    book.reopen(id, bob, "There is more.")
    case = book.shelf.find(id)
    assert case and (case.closed, case.round, case.owner.id, case.reason) == (None, 2, "", "")
    assert "notified" in case.done


def test_what_was_prevented_can_turn_out_to_have_left(book: IncidentBook, ann) -> None:
    id = book.open("data_exposed", [], by=ann, what="", exposed=False)
    book.expose(id, ann, "It was sent from a phone, too.")
    case = book.shelf.find(id)
    assert case and case.exposed
    with pytest.raises(NotPossible, match="known already"):
        book.expose(id, ann, "Twice.")


def test_of_many_at_once_one_takes_it_on_and_no_entry_is_lost(book: IncidentBook, id: str, account) -> None:
    people = [account(f"Person {number}") for number in range(6)]

    def try_it(person) -> bool:
        book.remark(id, person, "I am here.")
        try:
            book.take_on(id, person)
        except NotPossible:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(try_it, people)) == 1
    entries = book.shelf.timeline(id)
    assert [entry.number for entry in entries] == list(range(1, 9))
