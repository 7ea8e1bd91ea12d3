"""Asks whoever knows a user, unless an address has tried too many wrong passwords."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Sequence

from cryptography.x509 import Certificate

from promptguard.authentication.attempts import Attempts
from promptguard.authentication.certificates import CertificateUsers
from promptguard.authentication.interface import WRONG, PasswordlessUsers, SignedIn, Tickets, Unanswered, Users, Wrong
from promptguard.reasons import Code


class Authenticator:
    """Tells who somebody is. One for each process.

    Args:
        users: what knows users, in the order in which it is asked. Without any, nobody is asked who they are.
    """

    def __init__(self, users: Sequence[Users] = (), attempts: Attempts | None = None) -> None:
        self._users = tuple(users)
        self._attempts = attempts or Attempts()
        self._asking: dict[tuple[str, str, str], asyncio.Task[SignedIn | Wrong]] = {}
        self.refused = 0
        """Wrong passwords."""
        self.held_off = 0
        """Attempts while an address, or an account, had to wait."""
        self.unanswered = 0
        """Attempts that could not be told right from wrong."""

    @property
    def _tickets(self) -> Tickets | None:
        return next((each for each in self._users if isinstance(each, Tickets)), None)

    @property
    def takes_tickets(self) -> bool:
        """Whether `accept` is any use."""
        return self._tickets is not None

    @property
    def takes_passwords(self) -> bool:
        """Whether `sign_in` is."""
        return any(not isinstance(each, PasswordlessUsers) for each in self._users)

    @property
    def asks(self) -> bool:
        """Whether everybody has to say who they are."""
        return bool(self._users)

    async def sign_in(self, address: str, user: str, password: str) -> SignedIn | Wrong:
        """Who somebody at an address is.

        Raises:
            Unanswered: it cannot be told, or the address has to wait.
        """
        owner = next((each for each in self._users if each.knows(user)), None)
        known = owner.remembered(user, password) if owner else None
        if known is not None:  # a laptop that keeps an old password repeats it: that guesses nothing
            self.refused += known is WRONG
            return known
        key = address, user, password
        task = self._asking.get(key)
        if task is None:  # a browser opens many connections at once: to ask for each could lock its user out
            task = self._asking[key] = asyncio.get_running_loop().create_task(self._asked(owner, *key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def show(self, certificate: Certificate) -> SignedIn | Wrong:
        """Whose certificate it is, which TLS has found to be good.

        Raises:
            Unanswered: it cannot be told.
        """
        shown = next((each for each in self._users if isinstance(each, CertificateUsers)), None)
        return await self._counted(shown.shown(certificate)) if shown else WRONG

    async def accept(self, token: bytes) -> SignedIn | Wrong:
        """Whose ticket it is. Nobody guesses tickets: no address waits for it.

        Raises:
            Unanswered: it cannot be told.
        """
        return await self._counted(self._tickets.accepted(token)) if self._tickets else WRONG

    async def _counted(self, asked: Awaitable[SignedIn | Wrong]) -> SignedIn | Wrong:
        try:
            found = await asked
        except Unanswered:
            self.unanswered += 1
            raise
        self.refused += found is WRONG
        return found

    async def renewed(self, before: SignedIn) -> SignedIn | Wrong:
        """The same as it holds now, on a connection that is open already.

        Raises:
            Unanswered: it cannot be told.
        """
        if before.users not in self._users:
            return WRONG
        try:
            return await before.users.renewed(before)
        except Unanswered:
            self.unanswered += 1
            raise

    async def _asked(self, owner: Users | None, address: str, user: str, password: str) -> SignedIn | Wrong:
        async with self._attempts.trying(address) as wait:
            if wait:
                self.held_off += 1
                raise Unanswered(Code.SIGN_IN_HELD_OFF, seconds=math.ceil(wait))
            try:
                found = await owner.sign_in(user, password, address) if owner else WRONG
            except Unanswered as unanswered:
                self._count(unanswered)
                raise
            if found is WRONG:
                self.refused += 1
                self._attempts.failed(address)
            return found

    def _count(self, unanswered: Unanswered) -> None:
        if unanswered.reason.code == Code.SIGN_IN_HELD_OFF:
            self.held_off += 1
        else:
            self.unanswered += 1

    def replace(self, users: Sequence[Users]) -> None:
        """Ask others from now on. Who signed in with those before has to do so again."""
        before, self._users = self._users, tuple(users)
        for each in before:
            each.close()
