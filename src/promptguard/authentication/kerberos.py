"""Kerberos tickets (RFC 4120) as browsers bring them: SPNEGO tokens (RFC 4178, 4559), read by GSS-API."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Final

import gssapi

from promptguard.authentication.directory_users import DirectoryUsers
from promptguard.authentication.interface import WRONG, SignedIn, Tickets, Unanswered, Wrong
from promptguard.configuration.kerberos_settings import KerberosSettings
from promptguard.reasons import Code

logger = logging.getLogger(__name__)

SOURCE: Final = "kerberos"

_NTLM: Final = b"NTLMSSP\x00"
"""How a token of NTLM begins ([MS-NLMP] 2.2.1)."""


class _Problem(Exception):
    """The proxy's own keys cannot be used."""


class KerberosUsers(Tickets):
    """Users who bring a ticket. Their groups come from a directory, where there is one.

    Args:
        settings: with an absolute path.
        directory: knows the users by the names of their principals.
    """

    def __init__(self, settings: KerberosSettings, directory: DirectoryUsers | None = None) -> None:
        self._settings = settings
        self._directory = directory
        self._told = ""
        self.problem = ""
        """Why no ticket can be read, as long as none can."""

    async def accepted(self, token: bytes) -> SignedIn | Wrong:
        """Whose ticket it is. Each token counts once: the library keeps those of the last minutes.

        Raises:
            Unanswered: it cannot be told, or it is one of NTLM.
        """
        if token.startswith(_NTLM):
            raise Unanswered(Code.SIGN_IN_NTLM)
        try:
            accepted = await asyncio.to_thread(_accept, self._settings, token)
        except _Problem as problem:
            if str(problem) != self.problem:
                logger.error("Kerberos tickets cannot be read: %s", problem)
            self.problem = str(problem)
            raise Unanswered(Code.SIGN_IN_UNANSWERED) from None
        except gssapi.exceptions.GSSError as error:
            self._tell(error)
            return WRONG
        self.problem = ""
        if accepted is None:
            return WRONG
        principal, seconds = accepted
        name, _, realm = principal.rpartition("@")
        if realm not in self._settings.realms or not name:
            return WRONG
        user = name.casefold()
        if self._directory:
            return await self._directory.vouched(user, SOURCE)
        return SignedIn(user, SOURCE, self, proof=time.monotonic() + seconds)

    async def renewed(self, before: SignedIn) -> SignedIn | Wrong:
        assert isinstance(before.proof, float)
        return before if time.monotonic() < before.proof else WRONG

    def _tell(self, error: gssapi.exceptions.GSSError) -> None:
        """Why a ticket was refused, where it is not what it was before: a clock, a key of another version."""
        why = str(error.gen_message())
        if why != self._told:
            logger.warning("A Kerberos ticket was refused. %s", why)
        self._told = why


def _accept(settings: KerberosSettings, token: bytes) -> tuple[str, float] | None:
    """The principal that a token is of, and for how many seconds its ticket holds; None where it is but a beginning.

    Raises:
        GSSError: the token is none that counts.
    """
    name = settings.principal and gssapi.Name(settings.principal, gssapi.NameType.kerberos_principal)
    try:
        keys = gssapi.Credentials(usage="accept", name=name or None, store={"keytab": f"FILE:{settings.keytab}"})
    except gssapi.exceptions.GSSError as error:
        raise _Problem(f"{settings.keytab}: {error.gen_message()}") from None
    context = gssapi.SecurityContext(creds=keys, usage="accept")
    context.step(token)
    if not context.complete or context.mech != gssapi.MechType.kerberos:
        return None
    return str(context.initiator_name), float(context.lifetime)
