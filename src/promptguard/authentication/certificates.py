"""Users who show a certificate that a CA of the company has made (RFC 5280)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier

from promptguard.authentication.directory_users import DirectoryUsers
from promptguard.authentication.interface import WRONG, PasswordlessUsers, SignedIn, Wrong
from promptguard.configuration.certificate_settings import CertificateSettings, NamedBy

SOURCE: Final = "client_certificate"

_UPN: Final = ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")
"""szOID_NT_PRINCIPAL_NAME ([MS-WCCE] 2.2.2.7.5), whose value is a UTF8String."""

_UTF8_STRING: Final = 0x0C
_MAX_SHORT: Final = 0x80


@dataclass(frozen=True, slots=True)
class _Proof:
    until: float
    """When the certificate runs out, in seconds since 1970."""
    vouched: SignedIn | None
    """What the directory said of the user."""


class CertificateUsers(PasswordlessUsers):
    """Tells users by certificates that TLS has found to be good. Their groups come from a directory, if there is one.

    Args:
        directory: knows the users by the same names.
    """

    def __init__(self, settings: CertificateSettings, directory: DirectoryUsers | None = None) -> None:
        self._settings = settings
        self._directory = directory

    async def shown(self, certificate: x509.Certificate) -> SignedIn | Wrong:
        """Whose it is.

        Raises:
            Unanswered: it cannot be told.
        """
        user, until = user_of(certificate, self._settings), certificate.not_valid_after_utc.timestamp()
        if user is None or until <= time.time():  # one that ran out since may open a TLS session again
            return WRONG
        vouched = await self._directory.vouched(user, SOURCE) if self._directory else None
        return WRONG if isinstance(vouched, Wrong) else self._said(user, until, vouched)

    async def renewed(self, before: SignedIn) -> SignedIn | Wrong:
        proof = before.proof
        assert isinstance(proof, _Proof)
        if proof.until <= time.time():
            return WRONG
        vouched = await self._directory.renewed(proof.vouched) if self._directory and proof.vouched else None
        return WRONG if isinstance(vouched, Wrong) else self._said(before.user, proof.until, vouched)

    def _said(self, user: str, until: float, vouched: SignedIn | None) -> SignedIn:
        groups = vouched.groups if vouched else frozenset[str]()
        return SignedIn(vouched.user if vouched else user, SOURCE, self, groups, _Proof(until, vouched))


def user_of(certificate: x509.Certificate, settings: CertificateSettings) -> str | None:
    """The one user that a certificate names, in small letters; None where it names none, or several."""
    if settings.named_by is NamedBy.COMMON_NAME:
        found = {str(each.value) for each in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)}
    else:
        given = [name.rpartition("@") for name in _alternative_names(certificate, settings.named_by)]
        domains = {domain.casefold() for domain in settings.domains}
        found = {name for name, _, domain in given if domain.casefold() in domains}
    users = {name.strip().casefold() for name in found} - {""}
    return users.pop() if len(users) == 1 else None


def _alternative_names(certificate: x509.Certificate, kind: NamedBy) -> Iterator[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return
    if kind is NamedBy.EMAIL:
        yield from names.get_values_for_type(x509.RFC822Name)
        return
    for other in names.get_values_for_type(x509.OtherName):
        value = other.value
        if other.type_id == _UPN and value[:1] == bytes([_UTF8_STRING]) and 2 + value[1] == len(value) < _MAX_SHORT + 2:
            yield value[2:].decode("utf-8", "replace")
