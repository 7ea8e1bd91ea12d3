"""What is asked of an OpenID Connect provider: where things are, its keys, and what a code stands for.

It is spoken to directly: a proxy of the environment may be PromptGuard itself.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import certifi
import httpx
import orjson
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from promptguard.configuration.openid_settings import OpenIDClient
from promptguard.errors import ConfigError
from promptguard.openid.failures import InvalidToken, ProviderFailed, ProviderRefused, UnknownKey
from promptguard.openid.id_token import checked
from promptguard.openid.logout_token import LogoutToken, checked_logout
from promptguard.openid.metadata import Metadata, read_metadata

WELL_KNOWN = "/.well-known/openid-configuration"
MAX_ANSWER = 1024 * 1024
"""Bytes of an answer of the provider."""
TIMEOUT_SECONDS = 10.0
METADATA_SECONDS = 3600.0
"""How long what the provider says of itself, and its keys, are held to be so."""
KEYS_AGAIN_SECONDS = 30.0
"""How soon its keys are asked for again where a token names one that is not known."""


class OpenIDProvider:
    """One provider. For any thread.

    Args:
        secret: the client's; empty for a public client.
        transport: for tests.
        now: seconds since 1970.
    """

    def __init__(
        self,
        settings: OpenIDClient,
        secret: str,
        *,
        transport: httpx.BaseTransport | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._secret = secret
        self._now = now
        self._asking = threading.Lock()
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, list[Mapping[str, Any]]] | None = None
        trusted = ssl.create_default_context(cafile=settings.ca_file or certifi.where())
        self._client = httpx.Client(
            verify=trusted, timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False, transport=transport
        )

    @property
    def settings(self) -> OpenIDClient:
        """What is said of it."""
        return self._settings

    @property
    def host(self) -> str:
        """Its name for people."""
        return urlsplit(self._settings.issuer).hostname or ""

    def authorization_url(self, back: str, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in.

        Args:
            back: where it comes back to.
            verifier: of PKCE (RFC 7636).
        """
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": back,
            "scope": self._settings.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        return _with_query(self.metadata().authorization, asked)

    def sign_out_url(self, back: str) -> str:
        """Where the browser goes to sign out there, too (RP-Initiated Logout 1.0); empty where that cannot be."""
        try:
            where = self.metadata().end_session
        except ProviderFailed:
            return ""
        asked = {"client_id": self._settings.client_id, "post_logout_redirect_uri": back}
        return _with_query(where, asked) if where else ""

    def claims(self, code: str, back: str, *, nonce: str, verifier: str) -> dict[str, Any]:
        """What the provider tells of whoever came back with a code.

        Raises:
            ProviderFailed: it did not take the code, or cannot be reached.
            InvalidToken: what it says is not to be believed.
        """
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        return self.told(self.granted(form), nonce)

    def told(self, answer: Mapping[str, Any], nonce: str | None) -> dict[str, Any]:
        """What the answer of the token endpoint tells of somebody, and the endpoint for it, where that has more.

        Args:
            nonce: that the sign-in was begun with; None for those that have none.

        Raises:
            ProviderFailed: it cannot be asked for more.
            InvalidToken: what it says is not to be believed.
        """
        token, access = answer.get("id_token"), answer.get("access_token")
        access = access if isinstance(access, str) else ""
        if not isinstance(token, str):
            raise InvalidToken("no token")
        claims = self._checked(token, nonce, access)
        if access and not _has_all(claims, self._settings) and (where := self.metadata().userinfo):
            headers = {"authorization": f"Bearer {access}", "accept": "application/json"}
            more = self.ask("GET", where, "userinfo", headers=headers)
            if more.get("sub") != claims["sub"]:  # OpenID Connect Core 1.0, section 5.3.2
                raise InvalidToken("userinfo of somebody else")
            claims = {**more, **claims}
        return claims

    def logout(self, token: str) -> LogoutToken:
        """Whom the provider signs out by a logout token.

        Raises:
            ProviderFailed: its keys cannot be asked for.
            InvalidToken: it is not to be believed.
        """
        metadata, settings = self.metadata(), self._settings

        def believed(keys: list[Mapping[str, Any]]) -> LogoutToken:
            return checked_logout(
                token,
                keys,
                issuer=settings.issuer,
                client_id=settings.client_id,
                now=self._now(),
                algorithms=metadata.algorithms,
            )

        return self._with_keys(metadata, believed)

    def metadata(self) -> Metadata:
        """What the provider says of itself.

        Raises:
            ProviderFailed: it cannot be reached, or is another one.
        """
        with self._asking:
            if self._metadata is None or not 0 <= self._now() - self._metadata[0] < METADATA_SECONDS:
                said = self.ask("GET", self._settings.issuer.rstrip("/") + WELL_KNOWN, "configuration")
                self._metadata = self._now(), read_metadata(said, self._settings)
            return self._metadata[1]

    def _checked(self, token: str, nonce: str | None, access: str) -> dict[str, Any]:
        metadata, settings = self.metadata(), self._settings

        def believed(keys: list[Mapping[str, Any]]) -> dict[str, Any]:
            return checked(
                token,
                keys,
                issuer=settings.issuer,
                client_id=settings.client_id,
                nonce=nonce,
                access_token=access,
                now=self._now(),
                algorithms=metadata.algorithms,
            )

        return self._with_keys(metadata, believed)

    def _with_keys[Claims](self, metadata: Metadata, believed: Callable[[list[Mapping[str, Any]]], Claims]) -> Claims:
        """What is believed by the provider's keys, which are asked for again where they may have been changed."""
        known = self._keys
        try:
            return believed(self._all_keys(metadata))
        except UnknownKey:
            if known is None or self._now() - known[0] < KEYS_AGAIN_SECONDS:
                raise
            self._keys = None
            return believed(self._all_keys(metadata))

    def _all_keys(self, metadata: Metadata) -> list[Mapping[str, Any]]:
        with self._asking:
            if self._keys is None or not 0 <= self._now() - self._keys[0] < METADATA_SECONDS:
                found = self.ask("GET", metadata.keys, "keys").get("keys")
                listed: list[Mapping[str, Any]] = []
                listed += (each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()
                self._keys = self._now(), listed
            return self._keys[1]

    def granted(self, form: Mapping[str, str]) -> dict[str, Any]:
        """What the token endpoint gives for a grant (RFC 6749, section 4).

        Raises:
            ProviderRefused: nothing.
            ProviderFailed: it cannot be asked.
        """
        return self.ask_as_client(self.metadata().token, "token", form)

    def ask_as_client(self, url: str, what: str, form: Mapping[str, str]) -> dict[str, Any]:
        """Send a form, with what shows that it is this client's (RFC 6749, section 2.3.1).

        Raises:
            ProviderRefused: it was not taken.
            ProviderFailed: it cannot be asked.
        """
        client, credentials = self._settings.client_id, None
        sent = dict(form)
        if not self._secret:
            sent["client_id"] = client
        elif self.metadata().secret_in_form:
            sent |= {"client_id": client, "client_secret": self._secret}
        else:  # both encoded as in a form
            credentials = httpx.BasicAuth(quote_plus(client), quote_plus(self._secret))
        headers = {"accept": "application/json"}
        return self.ask("POST", url, what, data=sent, headers=headers, auth=credentials)

    def ask(self, method: str, url: str, what: str, **request: Any) -> dict[str, Any]:
        """The JSON object that an address of the provider answers with.

        Raises:
            ProviderRefused: it says no.
            ProviderFailed: it does not answer, or with something else.
        """
        try:
            with self._client.stream(method, url, **request) as answer:
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MAX_ANSWER:
                        raise ProviderFailed(f"{self.host} ({what}) answers with more than 1 MiB")
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            # Its own words may quote the address, and with it a code.
            raise ProviderFailed(f"{self.host} ({what}) does not answer: {type(error).__name__}") from None
        try:
            said = orjson.loads(body)
        except ValueError:
            said = None
        if status != 200:
            code = said.get("error") if isinstance(said, dict) else ""
            told = code if isinstance(code, str) and code.replace("_", "").isalnum() and len(code) < 64 else ""
            raise ProviderRefused(f"{self.host} ({what}) answers {status}{f', {told}' if told else ''}", told)
        if not isinstance(said, dict):
            raise ProviderFailed(f"{self.host} ({what}) answers with no JSON object")
        return said


def _has_all(claims: Mapping[str, Any], settings: OpenIDClient) -> bool:
    root = settings.groups_claim if settings.groups_claim in claims else settings.groups_claim.split(".")[0]
    return root in claims and settings.name_claim in claims


def _with_query(url: str, parameters: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(parameters)}"


def open_provider(settings: OpenIDClient) -> OpenIDProvider:
    """The provider that is configured. It is asked for nothing yet: it may start later than we do.

    Raises:
        ConfigError: the client's secret, or a certificate to trust, cannot be read.
    """
    secret = ""
    if (file := settings.client_secret_file) is not None:
        try:
            secret = file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            secret = ""
        if not secret:
            raise ConfigError(file, None, "there is no client secret", "Write it into the file, and nothing else.")
    try:
        return OpenIDProvider(settings, secret)
    except OSError:  # ssl.SSLError is one
        raise ConfigError(
            settings.ca_file or "ca_file", None, "these are no certificates", "Write them in PEM."
        ) from None
