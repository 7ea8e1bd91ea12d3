import pytest
from tests.review.incidents.conftest import SHIPPED

from promptguard.review.incidents.case import Conclusion
from promptguard.review.incidents.channels import SlackChannel
from promptguard.review.incidents.clock import DuePage, pages_of

CALL = SlackChannel.model_validate({"kind": "slack", "url_file": "a"}, strict=False)
LEAD = SlackChannel.model_validate({"kind": "slack", "url_file": "b", "from_min": 10}, strict=False)
FILE = SHIPPED.model_copy(update={"channels": {"call": CALL, "lead": LEAD}})


def due_pages(case, file, now: float) -> list[DuePage]:
    """Those that should have been sent by now."""
    return [page for page in pages_of(case, file) if page.at <= now]


@pytest.fixture
def id(book, clock) -> str:
    book.file = FILE
    return book.open("data_exposed", [], None, "", True, began=int(clock()) - 3600)


@pytest.mark.parametrize(
    ("minutes", "due"),
    [
        (0, [("call", 0, 1, 3)]),
        (9.9, [("call", 0, 1, 3)]),
        (10, [("call", 0, 1, 3), ("call", 10, 2, 3), ("lead", 10, 1, 2)]),
        (99, [("call", 0, 1, 3), ("call", 10, 2, 3), ("call", 15, 3, 3), ("lead", 10, 1, 2), ("lead", 15, 2, 2)]),
    ],
)
def test_pages_are_due_from_when_it_was_opened(minutes: float, due, id: str, book, clock) -> None:
    clock.pass_(minutes)
    pages = due_pages(book.shelf.find(id), FILE, clock())
    assert sorted((page.channel, page.minute, page.number, page.of) for page in pages) == due


def test_once_taken_on_or_closed_nobody_is_paged_until_it_is_opened_again(id: str, book, clock, account) -> None:
    ann = account("Ann")
    clock.pass_(12)

    def due() -> list[tuple[int, str, int]]:
        return [(page.round, page.channel, page.minute) for page in due_pages(book.shelf.find(id), FILE, clock())]

    book.take_on(id, ann)
    assert due() == []
    book.close(id, ann, "Done.", Conclusion.CONFIRMED)
    assert due() == []
    book.reopen(id, ann, "Not yet.")
    assert due() == [(2, "call", 0)]


@pytest.mark.parametrize(
    ("taken_on", "minutes", "done", "due"),
    [
        (5, 9, (), []),
        (5, 15, (), [("call", 15)]),
        (5, 29, (), [("call", 15)]),
        (5, 30, (), [("call", 15), ("late", 30)]),
        (5, 30, ("notified",), []),
        (15, 30, (), []),
    ],
    ids=["in time", "at the deadline", "once", "who is called later", "all is done", "taken on too late for it"],
)
def test_a_deadline_that_passes_after_it_was_taken_on_is_paged_once(
    taken_on: int, minutes: int, done, due, book, clock, account
) -> None:
    late = LEAD.model_copy(update={"from_min": 30})
    file = FILE.model_copy(update={"channels": {"call": CALL, "late": late}})
    book.file, ann = file, account("Ann")
    id = book.open("data_exposed", [], None, "", True)
    clock.pass_(taken_on)
    book.take_on(id, ann)
    for step in done:
        book.do(id, step, ann)
    clock.pass_(minutes - taken_on)
    pages = due_pages(book.shelf.find(id), file, clock())
    assert [(page.channel, page.minute) for page in pages] == due
    assert all(page.overdue for page in pages)


def test_what_is_to_be_done_at_once_pages_nobody_who_has_just_taken_it_on(book, clock, account) -> None:
    book.file = FILE
    id = book.open("phishing", [], None, "", True)
    book.take_on(id, account("Ann"))
    assert not due_pages(book.shelf.find(id), FILE, clock())


def test_who_is_named_is_paged_and_nobody_else(book, clock) -> None:
    kind = FILE.kinds[1].model_copy(update={"channels": ("lead",), "pages_min": (10,)})
    file = FILE.model_copy(update={"kinds": (kind,)})
    book.file = file
    id = book.open(kind.id, [], None, "", True)
    clock.pass_(10)
    case = book.shelf.find(id)
    object.__setattr__(case, "kind", kind)
    assert [page.channel for page in due_pages(case, file, clock())] == ["lead"]
