from promptguard.review.incidents.book import IncidentBook
from promptguard.review.incidents.case import Conclusion


def test_lists_go_from_the_newest_page_by_page(book: IncidentBook, clock, account) -> None:
    ids = []
    for number in range(5):
        clock.pass_(number % 2)  # some within the same second
        ids.append(book.open("phishing", [], by=None, what="", exposed=True))
    book.close(ids[0], account("Ann"), "A test.", Conclusion.CONFIRMED)
    shelf = book.shelf
    first = shelf.page(size=3)
    rest = shelf.page(size=3, before=(first[-1].opened, first[-1].id))
    assert {case.id for case in (*first, *rest)} == set(ids)
    assert [case.opened for case in (*first, *rest)] == sorted((case.opened for case in (*first, *rest)), reverse=True)
    assert [case.id for case in shelf.page(state="closed")] == [ids[0]]
    assert ids[0] not in [case.id for case in shelf.page(state="open")]
    assert shelf.find("in-nothing") is None
