"""TLS to the proxy itself: with the company's certificate, and users' certificates where these are asked for."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.x509 import load_pem_x509_crl
from mitmproxy import http, tls
from mitmproxy.proxy.mode_specs import RegularMode, UpstreamMode
from OpenSSL import SSL, crypto

from promptguard.configuration.certificate_settings import CertificateSettings
from promptguard.configuration.tls_settings import TlsSettings
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.outer_tls import is_before_proxy
from promptguard.reasons import Code, Reason

logger = logging.getLogger(__name__)

_HTTP1: Final = b"http/1.1"
"""What is spoken to the proxy: mitmproxy knows no CONNECT over HTTP/2."""

_END_OF_CRL: Final = b"-----END X509 CRL-----"


class _Made(NamedTuple):
    of: object
    context: SSL.Context


class ProxyTls:
    """Answers TLS on the port that the proxy listens on. Without a certificate of its own it is mitmproxy's CA that
    certifies it, as it does services."""

    name = "promptguard_proxy_tls"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._made: _Made | None = None

    def _cut(self, data: tls.TlsData, _: Exception) -> None:
        """Without a certificate no handshake succeeds."""
        data.ssl_conn = SSL.Connection(SSL.Context(SSL.TLS_SERVER_METHOD))
        data.ssl_conn.set_accept_state()

    @ends_with(_cut)
    def tls_start_client(self, data: tls.TlsData) -> None:
        settings = self._gateway.service.settings
        if settings.tls is None or not is_before_proxy(data.context):
            return
        data.ssl_conn = SSL.Connection(self._context(settings.tls, settings.identity.certificates))
        data.ssl_conn.set_accept_state()

    def _close(self, flow: http.HTTPFlow, _: Exception) -> None:
        flow.response = http.Response.make(403, self._gateway.said(Reason(Code.SIGN_IN_UNENCRYPTED)))

    @ends_with(_close)
    def http_connect(self, flow: http.HTTPFlow) -> None:
        self._refuse_plain(flow)

    @ends_with(_close)
    def requestheaders(self, flow: http.HTTPFlow) -> None:
        if flow.request.scheme == "http" and not flow.client_conn.tls_established:
            self._refuse_plain(flow)

    def _refuse_plain(self, flow: http.HTTPFlow) -> None:
        settings = self._gateway.service.settings.tls
        explicit = isinstance(flow.client_conn.proxy_mode, RegularMode | UpstreamMode)
        if settings and settings.only and explicit and not flow.client_conn.tls_established:
            flow.response = http.Response.make(403, self._gateway.said(Reason(Code.SIGN_IN_UNENCRYPTED)))

    def _context(self, tls: TlsSettings, certificates: CertificateSettings | None) -> SSL.Context:
        """As the files are now; as they were, where they cannot be used now: certificates are renewed while it runs."""
        files = [tls.certificate, tls.key]
        if certificates:
            files += filter(None, (certificates.ca_file, certificates.crl_file))
        try:
            of = tls, certificates, [(path.stat().st_mtime_ns, path.stat().st_size) for path in files]
            if self._made is None or self._made.of != of:
                self._made = _Made(of, _make_context(tls, certificates))
        except (OSError, ValueError, SSL.Error, crypto.Error) as error:
            if self._made is None:
                raise
            logger.error("Changed certificates for TLS to the proxy cannot be used (%s).", type(error).__name__)
            self._made = _Made(of, self._made.context)
        return self._made.context


def _make_context(tls: TlsSettings, certificates: CertificateSettings | None) -> SSL.Context:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.use_certificate_chain_file(str(tls.certificate))
    context.use_privatekey_file(str(tls.key))
    context.check_privatekey()
    context.set_alpn_select_callback(lambda _, offered: _HTTP1 if _HTTP1 in offered else SSL.NO_OVERLAPPING_PROTOCOLS)
    if certificates:
        context.set_session_id(b"promptguard")  # with client certificates, sessions are not taken up again without
        context.load_verify_locations(str(certificates.ca_file))
        context.load_client_ca(bytes(certificates.ca_file))
        if certificates.crl_file:
            _take_lists(context, certificates.crl_file)
        required = SSL.VERIFY_FAIL_IF_NO_PEER_CERT if certificates.required else 0
        context.set_verify(SSL.VERIFY_PEER | required)
    return context


def _take_lists(context: SSL.Context, file: Path) -> None:
    store = context.get_cert_store()
    assert store is not None
    pieces = file.read_bytes().split(_END_OF_CRL)[:-1]
    if not pieces:
        raise ValueError("no revocation list")
    for piece in pieces:
        store.add_crl(load_pem_x509_crl(piece.lstrip() + _END_OF_CRL + b"\n"))
    store.set_flags(crypto.X509StoreFlags.CRL_CHECK)
