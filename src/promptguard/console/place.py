"""Where a console listens, and under which names it is reached."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from promptguard.configuration.console_settings import ConsoleSettings
from promptguard.errors import PromptGuardError
from promptguard.typed_yaml.fields import is_this_machine, joined_address

_HERE = frozenset({"127.0.0.1", "localhost", "::1", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True)
class Place:
    """Where a console listens, and under which names it is reached."""

    host: str
    port: int
    secure: bool
    names: tuple[str, ...] = ()
    published: tuple[str, int] | None = None
    """Host and port by which it is reached, where that is not where it listens: the published port of a container."""

    before: str = ""
    """The address of what stands before it, as browsers see it; empty where nothing does."""

    @property
    def public_url(self) -> str:
        """The address for people, wherever they are."""
        return self.before or self.url

    @property
    def url(self) -> str:
        """The address for people who reach it without what stands before it."""
        host, port = self.published or (self.host, self.port)
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared, not bound
        name = self.names[0] if self.names else f"[{host}]" if ":" in host and not host.startswith("[") else host
        return f"{'https' if self.secure else 'http'}://{name}:{port}"

    @property
    def inside(self) -> str:
        """Host and port at which programs beside it reach it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return joined_address(host, self.port)

    @property
    def hosts(self) -> frozenset[str]:
        """What `Host` may say."""
        own = (
            ["127.0.0.1", "localhost", "[::1]"]
            if self.host in _HERE
            else [f"[{self.host}]" if ":" in self.host else self.host]
        )
        published = [self.published[0]] if self.published and not self.names else []
        named = (*published, *self.names)
        names = [*own, *(f"[{name}]" if ":" in name and not name.startswith("[") else name.lower() for name in named)]
        ports = {self.port, self.published[1]} if self.published else {self.port}
        ends = {f":{port}" for port in ports} | ({""} if ports & {80, 443} or self.names else set())
        return frozenset(name + end for name in names for end in ends) | self._hosts_before

    @property
    def secure_hosts(self) -> frozenset[str]:
        """What `Host` says where browsers reach it over TLS: its own, or that of what stands before it."""
        if self.secure:
            return self.hosts
        if not self.before.startswith("https://"):
            return frozenset()
        return self._hosts_before - replace(self, before="", names=()).hosts

    @property
    def _hosts_before(self) -> frozenset[str]:
        """What stands before it may hand on what it was asked for, with the port or without."""
        if not self.before:
            return frozenset()
        asked = urlsplit(self.before)
        name = asked.netloc.lower().removesuffix(f":{asked.port}")
        return frozenset({name, f"{name}:{asked.port or (443 if asked.scheme == 'https' else 80)}"})


def place_of(
    settings: ConsoleSettings, listen: tuple[str, int] | None = None, published: tuple[str, int] | None = None
) -> Place:
    """Where it listens by the settings, or where somebody asks it to.

    Args:
        settings: the section `console`.
        listen: host and port, in place of those of the settings.
        published: host and port of the machine to which a container's port is published. A container has to listen on
            all its addresses; who comes in is decided by what is published, and by `Host`, which then has to say this
            address.

    Raises:
        PromptGuardError: other machines would reach it, and nothing there is encrypted.
    """
    host, port = listen or settings.address
    if settings.certificate is None and not is_this_machine((published or (host, port))[0]):
        does = f"is not published on {published[0]}" if published else f"does not listen on {host}"
        raise PromptGuardError(
            f"The console {does}: other machines reach it, and nothing there is encrypted. Name console.certificate "
            f"and console.key in promptguard.yaml, or {'publish' if published else 'listen'} on 127.0.0.1."
        )
    return Place(
        host, port, settings.certificate is not None, tuple(settings.hosts), published, before=settings.url or ""
    )


def check_certificate(settings: ConsoleSettings) -> None:
    """See that certificate and key can be read and belong together, before anything waits for anything.

    Raises:
        PromptGuardError: they cannot be used.
    """
    if settings.certificate is None:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(settings.certificate, settings.key)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        told = error.strerror if not isinstance(error, ssl.SSLError) and isinstance(error, OSError) else "not a pair"
        raise PromptGuardError(
            f"console.certificate {settings.certificate} and console.key {settings.key} cannot be used: {told}. "
            "The one has to be a certificate with its chain, the other its key without a password, both PEM."
        ) from None


@contextmanager
def bound_to(place: Place) -> Iterator[socket.socket]:
    """A socket that listens there.

    Raises:
        PromptGuardError: none can.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise PromptGuardError(f"The console cannot listen on {place.host}: {error.strerror}.") from None
    with closing(bound):
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen()  # who follows the address as soon as it is printed waits for a moment
        except OSError as error:
            raise PromptGuardError(
                f"The console cannot listen on {place.host}:{place.port}: {error.strerror}. Choose another with "
                "--console HOST:PORT, or console.listen in promptguard.yaml."
            ) from None
        yield bound
