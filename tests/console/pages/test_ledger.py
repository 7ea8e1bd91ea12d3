import sqlite3
from contextlib import closing

from promptguard.review.ledger import PAGE, Act
from promptguard.review.roles import Role


def test_it_shows_who_did_what_and_that_it_is_whole(somebody, console) -> None:
    somebody(Role.ANALYST, name="Ann").get("/decisions?rule=%3Cb%3E")
    page = somebody(Role.AUDITOR).get("/ledger").text
    assert "checked just now" in page
    assert "listed" in page
    assert "Ann" in page
    assert "<b>" not in page.split("<tbody>")[1]


def test_it_says_when_it_is_not(somebody, installation) -> None:
    auditor = somebody(Role.AUDITOR)
    auditor.get("/")
    with closing(sqlite3.connect(installation.folder / "review.db")) as connection, connection:
        connection.execute("UPDATE review_ledger SET act = 'x' WHERE sequence = 1")
    assert "Entry 1 of the ledger was not written" in auditor.get("/ledger").text


def test_it_goes_on_on_further_pages(somebody, console) -> None:
    auditor = somebody(Role.AUDITOR)
    for number in range(PAGE):
        console.ledger.note(Act.LISTED, object=f"object-{number}")
    link = auditor.get("/ledger").text.split('class="button" href="')[1].split('"')[0]
    assert "object-0" in auditor.get(link).text


def test_everybody_can_read_what_is_recorded(somebody) -> None:
    page = somebody().get("/what-is-recorded").text
    assert "until they are moved away" in page
    assert "sees no decisions" in page
