"""What is rolled out, and what a target platform makes of it."""

from __future__ import annotations

import base64
import re
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from promptguard.configuration.pac_settings import direct_pattern, return_value

_PAC_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+/[A-Za-z0-9._~:/?=&%-]*")
"""URLs that need no quoting in any of the languages of the kit."""

LOCAL: Final = ("localhost", "127.0.0.1", "::1")
"""What never goes through a proxy."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """What laptops are told.

    Raises:
        ValueError: a value is not what its field says.
    """

    certificate: x509.Certificate
    """The CA that they are to trust."""
    proxy: str
    """The proxy as laptops reach it, for programs that read no PAC file: `HOST:PORT`, or `https://HOST:PORT`."""
    pac: str | None = None
    """The address of the PAC file, for browsers and systems. Without it, they send everything to the proxy."""
    direct: Sequence[str] = ()
    """Hosts that go past the proxy: names, or `*.domain`."""
    organisation: str = "PromptGuard"
    """Whose profiles they are, as people see it."""
    git: bool = False
    """Whether git's own configuration names the proxy too."""
    asks: bool = False
    """Whether the proxy asks who uses it, so that programs need credentials in their variables."""

    def __post_init__(self) -> None:
        if return_value(self.proxy).startswith("SOCKS"):
            raise ValueError("command-line tools know no SOCKS proxy; name one of http or https")
        if self.pac is not None and not _PAC_URL.fullmatch(self.pac):
            raise ValueError(f"‘{self.pac}’ is no address of a PAC file; write http://HOST:PORT/proxy.pac")
        for pattern in self.direct:
            direct_pattern(pattern)
        if not self.organisation.isprintable():
            raise ValueError("the name of the organisation holds characters that do not print")

    @property
    def address(self) -> str:
        """Host and port of the proxy."""
        return self.proxy.rpartition("://")[2]

    @property
    def host(self) -> str:
        """The proxy's host, an IPv6 address without its brackets."""
        return self.address.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The proxy's port."""
        return int(self.address.rpartition(":")[2])

    @property
    def url(self) -> str:
        """The proxy as environment variables name it."""
        return self.proxy if "://" in self.proxy else f"http://{self.proxy}"

    @property
    def no_proxy(self) -> str:
        """`direct` as the variable `NO_PROXY` has it: a domain begins with a dot."""
        return ",".join((*LOCAL, *(each.removeprefix("*") for each in self.direct)))

    @property
    def pem(self) -> str:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM).decode("ascii")

    @property
    def der(self) -> bytes:
        """The certificate as DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def base64(self) -> str:
        """The certificate's DER in Base64, on one line."""
        return base64.b64encode(self.der).decode("ascii")

    @property
    def thumbprint(self) -> str:
        """The certificate's SHA-1 in upper-case hexadecimal digits: the name by which Windows knows it."""
        return self.certificate.fingerprint(SHA1()).hex().upper()  # noqa: S303 - a name, which Windows gives it

    def identifier(self, name: str) -> str:
        """A UUID that stays the same for a part of the kit as long as the CA does (RFC 9562, version 5)."""
        fingerprint = self.certificate.fingerprint(SHA256()).hex()
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"promptguard:{fingerprint}:{name}")).upper()


class Target(ABC):
    """A device management, or a system without one: a public class below this one in `targets` is found by itself."""

    id: ClassVar[str]
    """What `promptguard rollout make --for` calls it."""

    @abstractmethod
    def files(self, rollout: Rollout) -> Mapping[str, bytes]:
        """The kit: contents by file name, in folders with `/`. `README.txt` says in steps what goes where."""
