"""What can go wrong with a provider: light, since pages know it where there is none, too."""

from __future__ import annotations

from promptguard.errors import PromptGuardError


class InvalidToken(PromptGuardError):
    """What the provider said is not to be believed; the message is a word or two, for the ledger."""


class UnknownKey(InvalidToken):
    """None of the provider's keys that are known made the signature: they may have been changed."""


class ProviderFailed(PromptGuardError):
    """The provider cannot be used; the message says why, for whoever set it up."""


class ProviderRefused(ProviderFailed):
    """The provider says no.

    Args:
        message: see `ProviderFailed`.
        code: the provider's own word for why (RFC 6749, section 5.2), or empty.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code
