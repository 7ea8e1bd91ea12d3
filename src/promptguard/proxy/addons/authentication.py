"""Who signs in to the proxy: asked once a connection through which others are reached, else at each request."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from mitmproxy import connection, ctx, http, tls
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.mode_specs import RegularMode, UpstreamMode

from promptguard.authentication.devices import ID
from promptguard.authentication.interface import SignedIn, Unanswered, Wrong
from promptguard.proxy.basic_credentials import parse_basic_credentials
from promptguard.proxy.gateway import Gateway
from promptguard.proxy.hooks import ends_with
from promptguard.proxy.identity import note_signed_in
from promptguard.proxy.outer_tls import is_before_proxy
from promptguard.reasons import Code, Reason

REALM: Final = "PromptGuard"

_ASKED_HERE: Final = "any"
"""What the option of mitmproxy's ProxyAuth says, while that addon itself is silenced."""

_CLOSE_SECONDS: Final = 1.0
"""After which a connection is closed whose sign-in has ended: time for the answer to get there."""


class _Terms(NamedTuple):
    """How HTTP calls it (RFC 9110, 11.6 and 11.7)."""

    credentials: str
    status: int
    challenge: str


_OF_PROXIES = _Terms("proxy-authorization", 407, "proxy-authenticate")
_OF_SERVERS = _Terms("authorization", 401, "www-authenticate")
"""For clients that do not know of the proxy, in mitmproxy's other modes."""


class Authentication:
    """Asks for credentials where the settings say so, and notes on each request whose it is."""

    name = "promptguard_authentication"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._has_option = False
        self._signed_in: WeakKeyDictionary[connection.Client, SignedIn] = WeakKeyDictionary()

    def _leave(self, *_: object) -> None:
        """Then a SOCKS client is not asked, and every request of its connection is refused for it."""

    @ends_with(_leave)
    def client_connected(self, client: connection.Client) -> None:
        """Have SOCKS clients asked: mitmproxy's layer for them looks at the option of its own ProxyAuth."""
        asks = self._gateway.service.authenticator.asks
        if asks != self._has_option:
            self._has_option = asks
            ctx.options.update(proxyauth=_ASKED_HERE if asks else None)
            if of_mitmproxy := ctx.master.addons.get("proxyauth"):
                of_mitmproxy.validator = None

    def _shut(self, data: modes.Socks5AuthData, _: Exception) -> None:
        data.valid = False

    @ends_with(_shut)
    async def socks5_auth(self, data: modes.Socks5AuthData) -> None:
        authenticator = self._gateway.service.authenticator
        if not authenticator.asks:
            data.valid = True  # the setting has changed since it was greeted
            return
        try:
            found = await authenticator.sign_in(data.client_conn.peername[0], data.username, data.password)
        except Unanswered:
            return
        if isinstance(found, SignedIn):
            data.valid = True
            self._signed_in[data.client_conn] = found

    def _leave_unknown(self, *_: object) -> None:
        """Then the certificate counts for nothing, and it is asked for something else."""

    @ends_with(_leave_unknown)
    async def tls_established_client(self, data: tls.TlsData) -> None:
        """Take a certificate of the client's, which TLS has found to be good."""
        authenticator = self._gateway.service.authenticator
        if not authenticator.asks or data.ssl_conn is None or not is_before_proxy(data.context):
            return
        certificate = data.ssl_conn.get_peer_certificate(as_cryptography=True)
        if certificate is None or self._gateway.service.settings.tls is None:
            return
        try:
            found = await authenticator.show(certificate)
        except Unanswered:
            return
        if isinstance(found, SignedIn):
            self._signed_in[data.context.client] = found

    def _close(self, flow: http.HTTPFlow, _: Exception) -> None:
        self._refuse(flow, Reason(Code.SIGN_IN_UNANSWERED), 503)

    @ends_with(_close)
    async def http_connect(self, flow: http.HTTPFlow) -> None:
        if not self._gateway.service.authenticator.asks or flow.response is not None:
            return
        before = self._signed_in.get(flow.client_conn)
        if found := await (self._asked(flow) if before is None else self._renewed(flow, before)):
            self._signed_in[flow.client_conn] = found

    @ends_with(_close)
    async def requestheaders(self, flow: http.HTTPFlow) -> None:
        authenticator = self._gateway.service.authenticator
        if not authenticator.asks or flow.is_replay or flow.response is not None:
            return
        before = self._signed_in.get(flow.client_conn)
        found = await (self._asked(flow) if before is None else self._renewed(flow, before))
        if found is not None:
            note_signed_in(flow, found)
            if _is_explicit(flow):  # whoever is known may say it all the same
                flow.request.headers.pop(_OF_PROXIES.credentials, None)

    async def _renewed(self, flow: http.HTTPFlow, before: SignedIn) -> SignedIn | None:
        try:
            found = await self._gateway.service.authenticator.renewed(before)
        except Unanswered as unanswered:
            self._refuse(flow, unanswered.reason, 503)
            return None
        if isinstance(found, Wrong):
            self._refuse(flow, Reason(Code.SIGN_IN_ENDED), 403)
            asyncio.get_running_loop().call_later(_CLOSE_SECONDS, _close, flow.client_conn)
            return None
        return found

    async def _asked(self, flow: http.HTTPFlow) -> SignedIn | None:
        """Who it is; None where the flow was answered instead."""
        authenticator = self._gateway.service.authenticator
        terms = _OF_PROXIES if _is_explicit(flow) else _OF_SERVERS
        field = flow.request.headers.get(terms.credentials, "")
        needed = self._needed()
        wrong = Reason(Code.SIGN_IN_WRONG)
        try:
            if authenticator.takes_tickets and field[:10].lower() == "negotiate ":
                wrong = Reason(Code.SIGN_IN_TICKET_WRONG)
                found = await authenticator.accept(b64decode(field[10:].strip(), validate=True))
            else:
                user, password = parse_basic_credentials(field)
                if ID.fullmatch(user):
                    wrong = needed
                found = await authenticator.sign_in(flow.client_conn.peername[0], user, password)
        except ValueError:
            self._challenge(flow, needed, terms)
            return None
        except Unanswered as unanswered:
            self._tell(flow, unanswered.reason, terms)
            return None
        if isinstance(found, Wrong):
            self._challenge(flow, wrong, terms)
            return None
        del flow.request.headers[terms.credentials]
        if wrong.code == Code.SIGN_IN_TICKET_WRONG:
            self._signed_in[flow.client_conn] = found  # clients bring a ticket once a connection
        return found

    def _needed(self) -> Reason:
        """What somebody is told who has shown nothing, or is a device that has to sign in again."""
        service = self._gateway.service
        if openid := service.settings.identity.openid:
            return Reason(Code.SIGN_IN_DEVICE, {"url": f"{openid.url}/device"})
        if service.authenticator.takes_passwords:
            return Reason(Code.SIGN_IN_NEEDED)
        takes_tickets = service.authenticator.takes_tickets
        return Reason(Code.SIGN_IN_TICKET_NEEDED if takes_tickets else Code.SIGN_IN_CERTIFICATE_NEEDED)

    def _tell(self, flow: http.HTTPFlow, why: Reason, terms: _Terms) -> None:
        if why.code == Code.SIGN_IN_NTLM:
            self._challenge(flow, why, terms)
        else:
            self._refuse(flow, why, 429 if why.code == Code.SIGN_IN_HELD_OFF else 503)

    def _challenge(self, flow: http.HTTPFlow, why: Reason, terms: _Terms) -> None:
        authenticator = self._gateway.service.authenticator
        self._refuse(flow, why, terms.status)
        assert flow.response is not None
        if not authenticator.takes_tickets and not authenticator.takes_passwords:
            flow.response.status_code = 403  # there is nothing that a header could say
        if authenticator.takes_tickets:
            flow.response.headers.add(terms.challenge, "Negotiate")
        if authenticator.takes_passwords:
            flow.response.headers.add(terms.challenge, f'Basic realm="{REALM}", charset="UTF-8"')

    def _refuse(self, flow: http.HTTPFlow, why: Reason, status: int) -> None:
        fields = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
        if "seconds" in why.parameters:
            fields["retry-after"] = str(why.parameters["seconds"])
        flow.response = http.Response.make(status, self._gateway.said(why), fields)


def _is_explicit(flow: http.HTTPFlow) -> bool:
    """Whether the client knows that it speaks to a proxy."""
    return isinstance(flow.client_conn.proxy_mode, RegularMode | UpstreamMode)


def _close(client: connection.Client) -> None:
    """Close a connection, so that its client makes another and is asked again."""
    handler = ctx.master.addons.get("proxyserver").connections.get(client.id)
    transport = handler.transports.get(client) if handler else None
    if transport is not None and transport.writer is not None:
        transport.writer.close()
