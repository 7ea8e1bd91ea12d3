"""Nothing is decided about a person without two others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptguard.audit.events import timestamp
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.policy.orders import Order
from promptguard.policy.suspensions import Suspensions
from promptguard.review.accounts import Account, Accounts, NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.roles import Role
from promptguard.review.suspensions import SuspensionBook
from promptguard.storage.sqlite.backend import SQLiteBackend

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


class Desk:
    """An installation with three officers, and a clock that stands."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        keys = Keys.load_or_create(folder / "keys")
        backend = running.enter_context(closing(SQLiteBackend.open(folder / "a.db")))
        database = running.enter_context(closing(ReviewDatabase.open(folder / "review.db")))
        accounts = Accounts(database, keys.second_factor)
        self.accounts = accounts
        self.ann, self.ben, self.ada = (accounts.make(name, [Role.ACCESS_OFFICER]) for name in ("Ann", "Ben", "Ada"))
        self.days = 0.0
        self.store = backend.orders(keys)
        self.pseudonym = keys.pseudonym
        self.book = SuspensionBook(self.store, database, keys.pseudonym, self.now)

    def now(self) -> datetime:
        return START + timedelta(days=self.days)

    def ask(self, by: Account | None = None, user: str = "ada", days: int = 7, reason: str = "A matter of HR") -> Order:
        order = self.book.prepare(user, by or self.ann, reason=reason, days=days)
        self.book.ask(order)
        return order

    def clear(self) -> None:
        self.days += 400
        self.store.forget(self.now().isoformat())


@pytest.fixture(scope="module")
def _desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with ExitStack() as running:
        yield Desk(tmp_path_factory.mktemp("desk"), running)


@pytest.fixture
def desk(_desk: Desk) -> Desk:
    _desk.clear()
    return _desk


def test_from_being_asked_for_to_its_end(desk: Desk) -> None:
    order = desk.ask()
    with pytest.raises(NotPossible, match="about somebody else"):
        desk.book.approve(order.id, desk.ben, "eve")
    assert (desk.book.in_force(), [each.id for each in desk.book.waiting()]) == ([], [order.id])
    assert order.scope["pseudonym"].startswith("p_") and "ada" not in str(order.scope)
    desk.book.approve(order.id, desk.ben, "ada")
    (suspension,) = desk.book.in_force()
    assert (suspension.asked_name, [each.name for each in suspension.approvals]) == ("Ann", ["Ben"])
    assert desk.book.waiting() == []
    desk.days += 7
    assert desk.book.in_force() == []


@pytest.mark.parametrize("written", ["eve", "Eve", "EVE", "ＥＶＥ", " eve "])
@pytest.mark.parametrize("known", ["eve", "Eve"])
def test_it_is_about_the_person_however_the_name_is_spelled(desk: Desk, written: str, known: str) -> None:
    order = desk.ask(user=written)
    with pytest.raises(NotPossible, match="already"):
        desk.ask(user=known)
    desk.book.approve(order.id, desk.ben, known)
    suspensions = Suspensions.of(desk.book.in_force())
    now = timestamp(desk.now())
    assert suspensions.of_person(desk.pseudonym(known), now) and not suspensions.of_person(desk.pseudonym("eva"), now)


def test_one_lifts_it_at_once(desk: Desk) -> None:
    order = desk.ask()
    desk.book.approve(order.id, desk.ben, "ada")
    assert desk.book.lift(order.id, desk.ann, "It is settled").end_reason == "It is settled"
    assert desk.book.in_force() == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"user": " "}, "whose access"),
        ({"reason": " "}, "whose access"),
        ({"days": 0}, "one to 30 days"),
        ({"days": 31}, "one to 30 days"),
        ({"user": "unknown"}, "name one person"),
        ({"user": "ann"}, "about yourself"),
        ({"user": "Ann@firm.example"}, "about yourself"),
        ({"user": "FIRM\\ann"}, "about yourself"),
        ({"user": "ＡＮＮ"}, "about yourself"),
        ({"user": "Unknown"}, "name one person"),
    ],
)
def test_what_cannot_be_asked_for(asked: dict[str, object], told: str, desk: Desk) -> None:
    with pytest.raises(NotPossible, match=told):
        desk.ask(**asked)  # type: ignore[arg-type]
    assert desk.book.all() == []


ACTS: list[Callable[[Desk, Order], object]] = [
    lambda desk, order: desk.book.approve(order.id, desk.ann, "ada"),
    lambda desk, order: desk.book.approve(order.id, desk.ada, "ada"),
    lambda desk, order: desk.book.refuse(order.id, desk.ada),
    lambda desk, order: desk.book.lift(order.id, desk.ann, ""),
]


@pytest.mark.parametrize("act", ACTS)
def test_neither_who_asked_nor_the_person_approves(act: Callable[[Desk, Order], object], desk: Desk) -> None:
    order = desk.ask()
    with pytest.raises(NotPossible):
        act(desk, order)
    assert (desk.book.in_force(), desk.book.waiting()) == ([], [order])


def test_the_person_does_not_lift_it(desk: Desk) -> None:
    order = desk.ask()
    desk.book.approve(order.id, desk.ben, "ada")
    with pytest.raises(NotPossible, match="about yourself"):
        desk.book.lift(order.id, desk.ada, "")
    assert desk.book.in_force()


def test_twice_is_asked_for_once(desk: Desk) -> None:
    order = desk.ask()
    for _ in range(2):
        with pytest.raises(NotPossible, match="already"):
            desk.ask(desk.ben)
        with suppress(NotPossible):
            desk.book.approve(order.id, desk.ben, "ada")
    desk.book.lift(order.id, desk.ben, "")
    desk.book.refuse(desk.ask(desk.ben).id, desk.ann)
    assert desk.book.waiting() == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["ask", "approve", "refuse", "lift"]), st.integers(0, 3)), max_size=12))
def test_one_person_alone_suspends_nobody(_desk: Desk, acts: list[tuple[str, int]]) -> None:
    _desk.clear()
    book, ann = _desk.book, _desk.ann
    for act, number in acts:
        asked = book.all()
        id = asked[number % len(asked)].id if asked else "or-0"
        with suppress(PromptGuardError):
            match act:
                case "ask":
                    _desk.ask(user=f"person-{number}")
                case "approve":
                    book.approve(id, ann, f"person-{number}")
                case "refuse":
                    book.refuse(id, ann)
                case "lift":
                    book.lift(id, ann, "")
        assert book.in_force() == []
