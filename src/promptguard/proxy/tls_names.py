"""Certificates for AI services that a CA with name constraints may sign.

mitmproxy takes all names of the service's own certificate into the one that it signs. One of them outside of the
constraints would make clients refuse it (RFC 5280 6.1.4 g), so those are left out: what the client asked for stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cryptography import x509
from mitmproxy import certs
from mitmproxy.addons import tlsconfig

from promptguard.rollout.ca_constraints import covers, permitted_of


class ConstrainedTlsConfig(tlsconfig.TlsConfig):
    """mitmproxy's own, with a store that knows what its CA may sign."""

    def configure(self, updated: Collection[str]) -> None:
        """Called by mitmproxy with the options that have changed; loads the CA."""
        super().configure(updated)  # type: ignore[no-untyped-call]
        store = getattr(self, "certstore", None)
        if store is not None and not isinstance(store, ConstrainedCertStore):
            permitted = permitted_of(store.default_ca.to_cryptography())
            if permitted is not None:
                self.certstore = ConstrainedCertStore(store, permitted)


class ConstrainedCertStore(certs.CertStore):
    """A certificate store whose certificates have no names but those that the CA may sign.

    Args:
        store: what mitmproxy has loaded.
        permitted: the names that its CA may sign, with all below them.
    """

    def __init__(self, store: certs.CertStore, permitted: Collection[str]) -> None:
        super().__init__(
            store.default_privatekey, store.default_ca, store.default_chain_file, store.default_crl, store.dhparams
        )
        self.certs = store.certs
        self._permitted = permitted

    def get_cert(
        self,
        commonname: str | None,
        sans: Iterable[x509.GeneralName],
        organization: str | None = None,
        crl_url: str | None = None,
    ) -> certs.CertStoreEntry:
        """A certificate for these names, less those outside of the constraints.

        Where none is left, for a service that was added after the CA was made, they all stay: clients that know name
        constraints refuse it, and `promptguard doctor` says why.
        """
        given = list(sans)
        kept = [name for name in given if isinstance(name, x509.DNSName) and self._may_sign(name.value)]
        if not kept:
            return super().get_cert(commonname, given, organization, crl_url)
        first = commonname if commonname and self._may_sign(commonname) else str(kept[0].value)
        return super().get_cert(first, kept, organization, crl_url)

    def _may_sign(self, name: str) -> bool:
        return covers(self._permitted, name.removeprefix("*."))
