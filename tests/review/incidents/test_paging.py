import threading
from itertools import pairwise
from math import inf

import pytest
from tests.review.incidents.conftest import SHIPPED
from tests.review.incidents.senders.servers import http_server

from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import Did, PageState
from promptguard.review.incidents.channels import SlackChannel
from promptguard.review.incidents.paging import CLAIM_SECONDS, MAX_RETRY_SECONDS, RETRY_SECONDS, Pager
from promptguard.review.incidents.senders import PageMessage, PageNotSent
from promptguard.review.ledger import Act


@pytest.fixture
def file(tmp_path):
    channel = SlackChannel(kind="slack", url_file=tmp_path / "url")
    return SHIPPED.model_copy(update={"channels": {"call": channel}})


@pytest.fixture
def new_pager(installation, ledger, clock, file):
    """Consoles on the same database, each with a book of its own, that note what they send."""

    def made(send=None) -> tuple[Pager, list[str]]:
        sent: list[str] = []

        def sending(_, message) -> None:
            if send:
                send(message)
            sent.append(message.id)

        book = IncidentBook(installation.database, file, ledger, clock)
        return Pager(book, lambda id: f"https://guard.example.com/incidents/{id}", sending), sent

    return made


@pytest.fixture
def id(installation, ledger, clock, file) -> str:
    return IncidentBook(installation.database, file, ledger, clock).open("data_exposed", [], None, "", True)


def test_pages_go_out_at_their_minutes_until_somebody_takes_it_on(new_pager, id: str, book, clock, account) -> None:
    pager, sent = new_pager()
    for minutes in (0, 5, 5, 1):
        clock.pass_(minutes)
        pager.round()
    assert sent == [f"{id}.1.0.call", f"{id}.1.10.call"]
    book.take_on(id, account("Ann"))
    clock.pass_(3)
    assert pager.round() == 0
    told = [(entry.did, entry.about) for entry in book.shelf.timeline(id) if entry.did == Did.PAGED]
    assert told == [(Did.PAGED, "call, minute 0"), (Did.PAGED, "call, minute 10")]


def test_who_took_it_on_is_paged_once_when_the_deadline_passes(new_pager, id: str, book, clock, account) -> None:
    messages: list[PageMessage] = []
    pager, _ = new_pager(messages.append)
    assert pager.round() == 1
    book.take_on(id, account("Ann"))
    assert (pager.round(), pager.seconds_left) == (0, 15 * 60)
    clock.pass_(15)
    assert pager.round() == 1
    assert messages[-1].subject.endswith("the deadline has passed")
    assert messages[-1].overdue
    clock.pass_(60)
    assert (pager.round(), pager.seconds_left) == (0, inf)
    assert [each.about for each in book.shelf.timeline(id) if each.did == Did.PAGED][1:] == ["call, deadline"]


def test_it_says_how_long_there_is_nothing_to_page(new_pager, id: str, clock) -> None:
    pager, _ = new_pager()
    assert pager.round() == 1
    assert (pager.round(), pager.seconds_left) == (0, 600)

    def refused(_) -> None:
        raise PageNotSent("it answered HTTP 503")

    clock.pass_(10)
    refusing, _ = new_pager(refused)
    assert refusing.round() == 1
    assert (refusing.round(), refusing.seconds_left) == (0, RETRY_SECONDS)


def test_each_page_is_in_the_ledger(new_pager, id: str, ledger) -> None:
    new_pager()[0].round()
    newest = ledger.entries()[0]
    assert (newest.act, newest.object, newest.detail["about"]) == (Act.INCIDENT_PAGED, id, "call, minute 0")


def test_a_restart_neither_loses_nor_doubles_a_page(new_pager, id: str, clock) -> None:
    first, sent_before = new_pager()
    first.round()
    clock.pass_(20)  # nothing runs
    second, sent_after = new_pager()
    second.round()
    assert second.round() == 0
    assert sent_before == [f"{id}.1.0.call"]
    assert sorted(sent_after) == [f"{id}.1.10.call", f"{id}.1.15.call"]


def test_of_two_consoles_one_sends(new_pager, id: str, clock) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(_) -> None:
        begun.set()
        assert go_on.wait(30)

    (slow, by_slow), (quick, by_quick) = new_pager(slowly), new_pager()
    thread = threading.Thread(target=slow.round)
    thread.start()
    assert begun.wait(30)
    assert quick.round() == 0
    go_on.set()
    thread.join()
    assert (len(by_slow), by_quick) == (1, [])
    assert quick.round() == 0


def test_a_page_that_a_console_took_and_did_not_send_is_sent_by_another(new_pager, id: str, clock) -> None:
    class Killed(BaseException):
        pass

    def killed(_) -> None:
        raise Killed

    with pytest.raises(Killed):
        new_pager(killed)[0].round()
    other, sent = new_pager()
    assert other.round() == 0
    clock.pass_(CLAIM_SECONDS / 60)
    assert other.round() == 1
    assert sent == [f"{id}.1.0.call"]


def test_what_is_refused_is_tried_again_ever_more_seldom(new_pager, id: str, clock, book) -> None:
    tries = []

    def refused(_) -> None:
        tries.append(clock())
        raise PageNotSent("it answered HTTP 503", retry_after=40 if len(tries) == 1 else 0)

    pager, sent = new_pager(refused)
    for _ in range(60):
        clock.pass_(0.25)
        pager.round()
        if clock() - tries[0] > 500:
            break
    between = [later - earlier for earlier, later in pairwise(tries)]
    assert between[:3] == [45.0, 30.0, 60.0]  # the first as long as was asked for, in the steps of this test
    assert max(between) <= MAX_RETRY_SECONDS
    assert sent == []
    (page,) = book.shelf.pages(id)
    assert (page.state, page.problem) == (PageState.TRIED_AGAIN, "it answered HTTP 503")
    told = [entry.remark for entry in book.shelf.timeline(id) if entry.did == Did.NOT_PAGED]
    assert told == ["it answered HTTP 503"]  # once


def test_a_page_says_which_incident_and_nothing_of_what_happened(
    installation, make_event, ledger, clock, file, tmp_path
) -> None:
    event = make_event(found=["GITHUB_TOKEN"], person="p_secretperson")
    installation.record(event)
    book = IncidentBook(installation.database, file, ledger, clock)
    with http_server() as posts:
        (tmp_path / "url").write_text(posts.url)
        id = book.open("data_exposed", [event.id], None, "Jane Roe sent it", True)
        assert Pager(book, lambda id: f"https://guard.example.com/incidents/{id}").round() == 1
    ((_, body),) = posts.taken
    assert id.encode() in body
    for told in (event.id, "secretperson", "Jane", "GITHUB", "GitHub", "openai", "api.example.com"):
        assert told.encode() not in body


def test_without_channels_nobody_is_paged(installation, ledger, clock) -> None:
    book = IncidentBook(installation.database, SHIPPED, ledger, clock)
    book.open("phishing", [], None, "", True)
    assert Pager(book, str).round() == 0
