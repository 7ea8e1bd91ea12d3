"""Suspending one person's AI access: one asks, another approves, neither of them is the person, and each has an end.

No program asks for one, and nothing here counts what a person did. A person stands in the store as a pseudonym.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from promptguard.audit.events import timestamp
from promptguard.policy.orders import MAX_REASON, Approval, Order, OrderKind, OrderState, OrderStore, new_order_id
from promptguard.policy.suspensions import ALSO, MAX_DAYS, PSEUDONYM, is_about
from promptguard.review.accounts import Account, NotPossible
from promptguard.review.database import ReviewDatabase
from promptguard.review.fitting import one_line
from promptguard.review.own_names import bare, own_pseudonyms, spelled
from promptguard.review.roles import Permission
from promptguard.review.two_persons import may, not_two_persons

_NOBODY: Final = "Nobody uses the proxy under this name: see who is in `identity.htpasswd` and identities.yaml."
_NO_NAMES: Final = "The proxy knows nobody by name, so nobody can be suspended: have people sign in to it."
_PERSON_THEMSELVES: Final = "This is about yourself: two other people have to decide on it."


class SuspensionBook:
    """For any thread.

    Args:
        database: knows the accounts, and who set them up.
        pseudonym: `Keys.pseudonym`.
        now: the time.
    """

    def __init__(
        self,
        store: OrderStore,
        database: ReviewDatabase,
        pseudonym: Callable[[str], str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._database = database
        self._pseudonym = pseudonym
        self._now = now

    def all(self) -> Sequence[Order]:
        """All of them, the latest first."""
        return [order for order in self._store.all() if order.kind is OrderKind.SUSPENSION]

    def in_force(self) -> Sequence[Order]:
        """Those in force."""
        now = timestamp(self._now())
        return [order for order in self.all() if order.holds(now)]

    def waiting(self) -> Sequence[Order]:
        """Those that wait for an answer."""
        now = timestamp(self._now())
        return [
            each for each in self.all() if each.state is OrderState.ASKED and each.genuine and not each.expired(now)
        ]

    def prepare(
        self, user: str, account: Account, *, reason: str, days: int, known: Collection[str] | None = None
    ) -> Order:
        """A suspension that is not asked for yet (`ask`).

        Args:
            user: the name under which the person uses the proxy.
            days: from now, until it ends.
            known: all who can use the proxy under a name; None where that is not known here.

        Raises:
            NotPossible: something is missing, too long, about the one who asks, or about nobody.
        """
        user, reason = user.strip(), one_line(reason, MAX_REASON)
        if not user or not reason:
            raise NotPossible("Say whose access, and why.")
        if "unknown" in spelled(user):
            raise NotPossible("“unknown” are all whom the proxy does not know: name one person.")
        if known is not None and bare(user) not in {bare(each) for each in known}:
            raise NotPossible(_NOBODY if known else _NO_NAMES)
        if not 1 <= days <= MAX_DAYS:
            raise NotPossible(f"A suspension ends after one to {MAX_DAYS} days.")
        now, pseudonym = self._now(), self._pseudonym(user)
        also = sorted({self._pseudonym(each) for each in spelled(user)} - {pseudonym})
        if bare(user) == bare(account.name) or not self._own(account).isdisjoint((pseudonym, *also)):
            raise NotPossible(_PERSON_THEMSELVES)
        if any(is_about(each, one) for each in (*self.waiting(), *self.in_force()) for one in (pseudonym, *also)):
            raise NotPossible("This person's access is suspended, or that was asked for already.")
        return Order(
            id=new_order_id(),
            kind=OrderKind.SUSPENSION,
            state=OrderState.ASKED,
            scope={PSEUDONYM: pseudonym, ALSO: also},
            reason=reason,
            asked_by=account.id,
            asked_name=account.name,
            asked=timestamp(now),
            expires=timestamp(now + timedelta(days=days)),
        )

    def ask(self, suspension: Order) -> None:
        """Ask for one.

        Raises:
            StorageError: it cannot be kept.
        """
        self._store.add(suspension)

    def problem(self, suspension: Order, account: Account) -> str:
        """Why somebody cannot approve one, as a sentence; empty if nothing is in the way."""
        if self._may_be(suspension, account):
            return _PERSON_THEMSELVES
        with self._database.reading() as connection:
            if not may(connection, suspension.asked_by, Permission.SUSPEND):
                return "Who asked for it may not ask for one any more: somebody else has to ask."
            return not_two_persons(connection, suspension.asked_by, account.id)

    def check(self, id: str, account: Account, user: str) -> Order:
        """One that waits, for somebody who may approve it.

        Args:
            user: whom they take it to be about: the page tells nobody.

        Raises:
            NotPossible: it waits no more, is theirs, or about somebody else.
        """
        suspension = self._waits(id)
        if not any(is_about(suspension, self._pseudonym(each)) for each in spelled(user.strip())):
            raise NotPossible("This is about somebody else, or the name is spelled otherwise: ask the one who asked.")
        if problem := _PERSON_THEMSELVES if bare(user) == bare(account.name) else self.problem(suspension, account):
            raise NotPossible(problem)
        return suspension

    def approve(self, id: str, account: Account, user: str) -> Order:
        """Put one in force.

        Raises:
            NotPossible: see `check`.
            OrderNotPossible: somebody else was quicker.
        """
        self.check(id, account, user)
        return self._store.approve(id, Approval(account.id, account.name, timestamp(self._now())))

    def refuse(self, id: str, account: Account) -> Order:
        """Refuse one; whoever asked for it can take it back by that, too.

        Raises:
            NotPossible: see `check_refusing`.
            OrderNotPossible: somebody else was quicker.
        """
        self.check_refusing(id, account)
        return self._store.refuse(id, by=account.id, name=account.name, now=timestamp(self._now()), reason="")

    def check_refusing(self, id: str, account: Account) -> Order:
        """One that waits, for somebody who may refuse it.

        Raises:
            NotPossible: it waits no more, or is about themselves.
        """
        suspension = self._waits(id)
        if self._may_be(suspension, account):
            raise NotPossible(_PERSON_THEMSELVES)
        return suspension

    def lift(self, id: str, account: Account, reason: str) -> Order:
        """End one at once: one person will do.

        Raises:
            NotPossible: it is not in force.
            OrderNotPossible: somebody else was quicker.
        """
        self.check_lifting(id, account)
        now = timestamp(self._now())
        return self._store.end(id, by=account.id, name=account.name, now=now, reason=one_line(reason, MAX_REASON))

    def check_lifting(self, id: str, account: Account) -> Order:
        """One that is in force, for somebody who may lift it.

        Raises:
            NotPossible: it is not, or is about themselves.
        """
        found = [each for each in self.in_force() if each.id == id]
        if not found:
            raise NotPossible("This is not in force any more.")
        if self._may_be(found[0], account):
            raise NotPossible(_PERSON_THEMSELVES)
        return found[0]

    def _waits(self, id: str) -> Order:
        found = [each for each in self.waiting() if each.id == id]
        if not found:
            raise NotPossible("This waits for no answer any more.")
        return found[0]

    def _may_be(self, suspension: Order, account: Account) -> bool:
        """Whether one looks as if it were about an account's own person."""
        return any(is_about(suspension, pseudonym) for pseudonym in self._own(account))

    def _own(self, account: Account) -> set[str]:
        return own_pseudonyms(account.name, self._pseudonym)
