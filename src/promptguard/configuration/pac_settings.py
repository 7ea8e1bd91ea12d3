"""The PAC file that laptops fetch: the section `pac` of `promptguard.yaml`."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from promptguard.typed_yaml.fields import AddressText, Section, split_address

_SCHEMES: Final = {"http": "PROXY", "https": "HTTPS", "socks5": "SOCKS5"}
"""How a URL's scheme is called in a PAC file: what Chromium and Firefox know (their documentation, “Proxy support”)."""

_PATTERN = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*")


def return_value(proxy: str) -> str:
    """What a PAC function returns for a proxy: `HOST:PORT`, or a URL with the scheme http, https or socks5.

    Raises:
        ValueError: it is none of these.
    """
    scheme, given, address = proxy.rpartition("://")
    word = _SCHEMES.get(scheme if given else "http")
    if word is None:
        raise ValueError(f"‘{scheme}’ is no scheme of a proxy; write HOST:PORT, or https:// or socks5:// before it")
    try:
        host, port = split_address(address)
    except ValueError:
        raise ValueError(f"‘{proxy}’ is no proxy; write HOST:PORT, as laptops reach it") from None
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", host) or not port:
        raise ValueError(f"‘{proxy}’ is no proxy; write HOST:PORT, as laptops reach it")
    return f"{word} {f'[{host}]' if ':' in host else host}:{port}"


def direct_pattern(pattern: str) -> str:
    """A host, or `*.domain`, in small letters.

    Raises:
        ValueError: it is none.
    """
    if not _PATTERN.fullmatch(pattern):
        raise ValueError(f"‘{pattern}’ is no host; write one in small letters, such as *.internal.example")
    return pattern


def _proxy(proxy: str) -> str:
    return_value(proxy)
    return proxy


class PacSettings(Section):
    """What a PAC file says, and where it is served."""

    listen: AddressText | None = Field(
        default=None,
        description=(
            "Host and port of a listener that serves the PAC file at `/proxy.pac` and `/wpad.dat`, over plain HTTP, to "
            "whoever reaches it: it tells public host names and the address of the proxy. By default there is none."
        ),
    )
    proxies: list[Annotated[str, AfterValidator(_proxy)]] = Field(
        default=[],
        description=(
            "The proxies as laptops reach them, `HOST:PORT`, in the order in which they are tried; `https://HOST:PORT` "
            "where TLS is spoken to the proxy itself. None of them being there, AI services are not reached."
        ),
    )
    everything: bool = Field(
        default=False,
        description="Send all hosts through the proxy, in place of those of the AI services alone.",
    )
    direct: list[Annotated[str, AfterValidator(direct_pattern)]] = Field(
        default=[],
        description=(
            "Hosts that go past the proxy with `everything`, such as `*.internal.example`. AI services go through it "
            "all the same."
        ),
    )

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port of `listen`."""
        return split_address(self.listen) if self.listen else None

    def url_at(self, proxy: str) -> str | None:
        """Where laptops fetch the file, if it is served: at `listen`, or at a proxy's host where that is any address.

        Args:
            proxy: as `proxies` names them.
        """
        if self.address is None:
            return None
        host, port = self.address
        if host in ("", "0.0.0.0", "::"):  # noqa: S104 - read, not listened on
            host = host_of(proxy)
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/proxy.pac"


def host_of(proxy: str) -> str:
    """The host of a proxy as `pac.proxies` names it; an IPv6 address without brackets."""
    return proxy.rpartition("://")[2].rpartition(":")[0].strip("[]")
