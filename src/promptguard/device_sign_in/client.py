"""The device's side of it: what `promptguard devices sign-in` asks of the listener at a proxy."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import httpx
import orjson
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from promptguard.errors import PromptGuardError
from promptguard.openid.device_flow import GRANT_TYPE, Unfinished
from promptguard.typed_yaml.fields import is_encrypted_or_here

TIMEOUT_SECONDS: Final = 15.0
MAX_ANSWER: Final = 8 * 1024 * 1024
"""Bytes: of a PAC file with all services of a registry, many times over."""
_SLOWER: Final = 5
_MAX_INTERVAL: Final = 60
_LATER = ("temporarily_unavailable", "")
"""What is asked again (RFC 8628, 3.5): the provider is away, or nothing of ours answers."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a person is shown."""

    user_code: str
    verification_uri: str
    verification_uri_complete: str
    """Empty where the provider has none."""


@dataclass(frozen=True, slots=True)
class Device:
    """What a device has got."""

    user: str
    password: str = field(repr=False)
    expires_at: str
    """As RFC 3339, UTC."""
    proxies: tuple[str, ...]
    """Addresses without user and password."""
    pac_url: str
    pac_key: str
    """The public key (Ed25519, PEM) that PAC files are signed under."""


class DeviceClient:
    """Speaks to the listener of a proxy, directly: the proxy of the environment may be this one.

    Args:
        url: of the listener, as `identity.openid.url` has it.
        ca_file: certificates (PEM) to trust, in place of the system's.
        transport: for tests.
        pause: waits for so many seconds.

    Raises:
        PromptGuardError: the address is none to send a password over, or the certificates cannot be read.
    """

    def __init__(
        self,
        url: str,
        ca_file: Path | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        if not is_encrypted_or_here(url):
            raise PromptGuardError(f"{url}: write an address such as https://proxy.corp.example:8443.")
        self._url = url.rstrip("/").removesuffix("/device")
        self._pause = pause
        try:
            trusted = ssl.create_default_context(cafile=ca_file)
        except OSError:  # ssl.SSLError is one
            raise PromptGuardError(f"{ca_file}: these are no certificates; write them in PEM.") from None
        self._client = httpx.Client(
            verify=trusted, timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def sign_in(self, tell: Callable[[Waiting], None]) -> Device:
        """Wait until somebody has signed in for this device.

        Args:
            tell: is given what the person has to know.

        Raises:
            PromptGuardError: it came to nothing; the message says why.
        """
        status, said = self._posted("/device/authorization", {})
        if status != 200:
            raise PromptGuardError(_sentence(said, "The proxy does not begin a sign-in."))
        handle, interval, left = said.get("device_code"), said.get("interval", _SLOWER), said.get("expires_in")
        if not (isinstance(handle, str) and isinstance(interval, int) and isinstance(left, int)):
            raise PromptGuardError(f"{self._url} is no address where devices sign in.")
        tell(
            Waiting(_line(said, "user_code"), _line(said, "verification_uri"), _line(said, "verification_uri_complete"))
        )
        waited = 0
        while waited < left:
            self._pause(interval)
            waited += interval
            status, said = self._posted("/device/token", {"grant_type": GRANT_TYPE, "device_code": handle}, again=True)
            if status == 200:
                return _device(said, self._url)
            match said.get("error", ""):
                case Unfinished.PENDING:
                    pass
                case Unfinished.SLOW_DOWN:
                    interval += _SLOWER
                case code if code in _LATER:
                    interval = min(interval * 2, _MAX_INTERVAL)
                case _:
                    raise PromptGuardError(_sentence(said, "The sign-in was refused."))
        raise PromptGuardError("Nobody has signed in for this device in time. Begin anew.")

    def pac(self, pac_url: str, pac_key: str) -> tuple[bytes, bytes]:
        """The device's PAC file, and the signature that shows that it is the proxy's.

        Raises:
            PromptGuardError: it cannot be had, or is not signed by that key.
        """
        for _ in range(2):  # it may be made anew between the two
            content, signature = self._got(pac_url), self._got(f"{pac_url}.sig")
            if is_signed(content, signature, pac_key):
                return content, signature
        raise PromptGuardError(f"{pac_url} is not signed by the key of this device's proxy. It was not taken.")

    def _got(self, url: str) -> bytes:
        status, body = self._asked("GET", url)
        if status == 410:
            raise PromptGuardError("This device's sign-in has ended: promptguard devices sign-in begins another.")
        if status != 200:
            raise PromptGuardError(f"{url} answers {status}.")
        return body

    def _posted(self, path: str, form: Mapping[str, str], *, again: bool = False) -> tuple[int, dict[str, Any]]:
        """Status and JSON object; 0 and an empty one where nothing answers that may in a while."""
        try:
            status, body = self._asked("POST", self._url + path, data=form)
        except PromptGuardError:
            if again:
                return 0, {}
            raise
        try:
            said = orjson.loads(body)
        except ValueError:
            said = None
        return status, said if isinstance(said, dict) else {}

    def _asked(self, method: str, url: str, **request: Any) -> tuple[int, bytes]:
        try:
            with self._client.stream(method, url, **request) as answer:
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MAX_ANSWER:
                        raise PromptGuardError(f"{self._url} answers with more than {MAX_ANSWER} bytes.")
                return answer.status_code, body
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                problem = f"{self._url}: its certificate is none that is trusted here. --ca-file names its CA."
                raise PromptGuardError(problem) from None
            raise PromptGuardError(f"{self._url} does not answer: {type(error).__name__}.") from None


def is_signed(content: bytes, signature: bytes, key: str) -> bool:
    """Whether a PAC file was signed under a key (Ed25519, PEM)."""
    try:
        public = load_pem_public_key(key.encode())
        if not isinstance(public, Ed25519PublicKey):
            return False
        public.verify(signature, content)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        return False
    return True


def _device(said: Mapping[str, Any], url: str) -> Device:
    proxies = said.get("proxies")
    user, password, expires_at, pac_url = (_line(said, name) for name in ("user", "password", "expires_at", "pac_url"))
    listed = tuple(each for each in proxies if isinstance(each, str)) if isinstance(proxies, list) else ()
    if not (user and password and listed and pac_url.startswith(f"{url}/")):
        raise PromptGuardError(f"{url} gave this device something else than credentials for a proxy.")
    return Device(user, password, expires_at, listed, pac_url, _text(said, "pac_key"))


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _line(said: Mapping[str, Any], name: str) -> str:
    """A text that may be shown in a terminal; empty where it may not."""
    text = _text(said, name)
    return text if text.isprintable() else ""


def _sentence(said: Mapping[str, Any], otherwise: str) -> str:
    return _line(said, "error_description") or otherwise
