"""What the listener of devices is encrypted with, as the files are now: certificates are renewed while it runs."""

from __future__ import annotations

import logging
import ssl
import threading

from promptguard.configuration.tls_settings import TlsSettings

logger = logging.getLogger(__name__)


class ServerCertificate:
    """A context for each connection, made anew once the files have changed. For any thread.

    Args:
        settings: with absolute paths.

    Raises:
        OSError: the files cannot be used; `ssl.SSLError` is one.
    """

    def __init__(self, settings: TlsSettings) -> None:
        self._files = settings.certificate, settings.key
        self._changing = threading.Lock()
        self._of = self._stamps()
        self._context = self._make()

    def __call__(self) -> ssl.SSLContext:
        """As the files are; as they were, where they cannot be used now."""
        with self._changing:
            if (of := self._stamps()) != self._of:
                self._of = of
                try:
                    self._context = self._make()
                except (OSError, ValueError) as error:
                    told = type(error).__name__
                    logger.error("The changed certificate cannot be used where devices sign in (%s).", told)
            return self._context

    def _stamps(self) -> list[tuple[int, int] | None]:
        """Times and sizes of the files; None for one that is not there."""
        found: list[tuple[int, int] | None] = []
        for file in self._files:
            try:
                status = file.stat()
                found.append((status.st_mtime_ns, status.st_size))
            except OSError:
                found.append(None)
        return found

    def _make(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        certificate, key = self._files
        context.load_cert_chain(certificate, key, lambda: "")
        context.set_alpn_protocols(["http/1.1"])
        return context
