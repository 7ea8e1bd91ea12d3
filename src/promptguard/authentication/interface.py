"""What is said of whoever has shown who they are, and what can tell it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum

from promptguard.errors import ReasonedError


class Wrong(Enum):
    """Instead of somebody: the password is wrong, or nobody has that name."""

    WRONG = "wrong"


WRONG = Wrong.WRONG


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has shown who they are."""

    user: str
    """By which `identities.yaml` and policies know them."""
    source: str
    """How, as records say it: `proxy_credentials`."""
    users: Users = field(repr=False, compare=False)
    """What says so."""
    groups: frozenset[str] = frozenset()
    """Beside those of `identities.yaml`."""
    proof: object = field(default=None, repr=False, compare=False)
    """What it rests on, for `users`."""
    device: str = ""
    """The id of the device whose credentials they are; empty for none."""


class Unanswered(ReasonedError):
    """It cannot be told just now: what would know is away, or may not be asked."""


class Users(ABC):
    """Something that knows users by their passwords."""

    @abstractmethod
    def knows(self, user: str) -> bool:
        """Whether it answers for a user: the first that does is asked, and no other."""

    @abstractmethod
    def remembered(self, user: str, password: str) -> SignedIn | Wrong | None:
        """What `sign_in` would say, where it said so before and still would; None where it has to be asked."""

    @abstractmethod
    async def sign_in(self, user: str, password: str, address: str = "") -> SignedIn | Wrong:
        """Who it is.

        Args:
            user: as it was given.
            password: likewise.
            address: of the client.

        Raises:
            Unanswered: it cannot be told, or has to wait.
        """

    @abstractmethod
    async def renewed(self, before: SignedIn) -> SignedIn | Wrong:
        """The same as it holds now, on a connection that is open already.

        Called at each request, so it has to answer from memory as a rule.

        Raises:
            Unanswered: it cannot be told.
        """

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of what is held, once nobody is asked any more."""


class PasswordlessUsers(Users):
    """Users who show who they are by something else."""

    def knows(self, user: str) -> bool:
        return False

    def remembered(self, user: str, password: str) -> SignedIn | Wrong | None:
        return None

    async def sign_in(self, user: str, password: str, address: str = "") -> SignedIn | Wrong:
        return WRONG


class Tickets(PasswordlessUsers):
    """Something that reads tickets."""

    @abstractmethod
    async def accepted(self, token: bytes) -> SignedIn | Wrong:
        """Whose ticket it is.

        Raises:
            Unanswered: it cannot be told.
        """
