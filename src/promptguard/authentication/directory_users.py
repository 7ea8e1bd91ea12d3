"""Users of a directory: asked when it has to be, remembered for a while."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol

from promptguard.authentication.account_guesses import AccountGuesses
from promptguard.authentication.accounts import Account, DirectoryAway
from promptguard.authentication.attempts import network_of
from promptguard.authentication.interface import WRONG, SignedIn, Unanswered, Users, Wrong
from promptguard.authentication.remembered import Remembered
from promptguard.reasons import Code

logger = logging.getLogger(__name__)

SOURCE: Final = "proxy_credentials"

AGAIN_SECONDS: Final = 15.0
"""After a failure it is not asked for open connections for so long."""

_AT_ONCE: Final = 8
_MAX_ACCOUNTS: Final = 20_000


class Asked(Protocol):
    """See `directory.Directory`."""

    def signed_in(self, user: str, password: str, before: Callable[[str], None]) -> Account | None: ...

    def account(self, user: str) -> Account | None: ...


@dataclass(slots=True)
class _Known:
    """What was told of an account last."""

    account: Account | None
    at: float
    next: float


class DirectoryUsers(Users):
    """Checks passwords by signing in as the user, and follows their groups.

    Args:
        directory: blocks while it asks.
        refresh: seconds for which an answer holds.
        keep: seconds for which open connections go on with it while no server answers.
        guesses: how many wrong passwords of an account it is asked for; None for any number.
        now: a clock in seconds that never goes back.
    """

    def __init__(
        self,
        directory: Asked,
        *,
        refresh: float,
        keep: float,
        guesses: AccountGuesses | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._directory = directory
        self._guesses = guesses or AccountGuesses(sys.maxsize, 1.0, now)
        self._refresh = refresh
        self._keep = keep
        self._now = now
        self._answers = Remembered[SignedIn | Wrong](now)
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="promptguard-directory")
        self.problem = ""
        """Why no server can be asked, as long as none can."""

    def knows(self, user: str) -> bool:
        """Any: it is asked last."""
        return bool(user)

    def remembered(self, user: str, password: str) -> SignedIn | Wrong | None:
        return self._answers.get(user, password)

    async def sign_in(self, user: str, password: str, address: str = "") -> SignedIn | Wrong:
        guess = self._guesses.begin(network_of(address))
        try:
            account = await self._ask(lambda: self._directory.signed_in(user, password, guess.is_of))
            guess.was(right=account is not None)
        finally:
            guess.is_over()
        found = self._taken(account) if account else WRONG
        self._answers.put(user, password, found, self._refresh)
        return found

    async def vouched(self, user: str, source: str) -> SignedIn | Wrong:
        """Somebody who has shown to another who they are, with the groups that the directory says.

        Raises:
            Unanswered: it cannot be told.
        """
        account = await self._ask(lambda: self._directory.account(user))
        return self._taken(account, source) if account else WRONG

    async def renewed(self, before: SignedIn) -> SignedIn | Wrong:
        known = self._known.get(before.user)
        if known is None or known.next <= self._now():
            await self._look_again(before.user)
            known = self._known.get(before.user)
        if known is None or self._now() - known.at > self._refresh + self._keep:
            raise Unanswered(Code.SIGN_IN_UNANSWERED)
        return self._said(known.account, before.source) if known.account else WRONG

    def close(self) -> None:
        self._threads.shutdown(wait=False)  # who waits for an answer gets it

    def _taken(self, account: Account, source: str = SOURCE) -> SignedIn:
        self._note(account.user, account)
        return self._said(account, source)

    def _said(self, account: Account, source: str) -> SignedIn:
        return SignedIn(account.user, source, self, account.groups)

    def _note(self, user: str, account: Account | None) -> None:
        now = self._now()
        self._known[user] = _Known(account, now, now + self._refresh)
        self._known.move_to_end(user)
        if len(self._known) > _MAX_ACCOUNTS:
            self._known.popitem(last=False)

    async def _look_again(self, user: str) -> None:
        """Once for all requests that wait for it."""
        task = self._asking.get(user)
        if task is None:
            task = self._asking[user] = asyncio.get_running_loop().create_task(self._looked_up(user))
            task.add_done_callback(lambda _: self._asking.pop(user, None))
        await asyncio.shield(task)

    async def _looked_up(self, user: str) -> None:
        try:
            account = await self._ask(lambda: self._directory.account(user))
        except Unanswered:
            if known := self._known.get(user):
                known.next = self._now() + AGAIN_SECONDS
            return
        self._note(user, account)

    async def _ask(self, ask: Callable[[], Account | None]) -> Account | None:
        """Raises `Unanswered` where no server answers, and what `ask` raises so."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        except DirectoryAway as away:
            if str(away) != self.problem:
                logger.error("The directory of users cannot be asked. %s", away)
            self.problem = str(away)
            raise Unanswered(Code.SIGN_IN_UNANSWERED) from None
        except RuntimeError:  # closed since
            raise Unanswered(Code.SIGN_IN_UNANSWERED) from None
        if self.problem:
            logger.info("The directory of users answers again.")
        self.problem = ""
        return found
