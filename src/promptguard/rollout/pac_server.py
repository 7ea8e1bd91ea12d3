"""Serves the PAC file, as the registry in force has it."""

from __future__ import annotations

from collections.abc import Callable

from promptguard.configuration.bundle import Bundle
from promptguard.configuration.pac_settings import PacSettings, return_value
from promptguard.rollout.pac import CONTENT_TYPE, proxy_auto_config
from promptguard.runtime.small_server import SmallAnswer, SmallServer

_PATHS = frozenset({"/proxy.pac", "/wpad.dat"})
"""A name of one's own choice, and that of the Web Proxy Auto-Discovery Protocol (draft-ietf-wrec-wpad-01, 1999)."""

_KEPT_SECONDS = 300
"""For how long clients may keep it. So long a new service goes direct, unless everything goes through the proxy."""


def pac_of(bundle: Bundle, settings: PacSettings) -> str:
    """The PAC file of a configuration."""
    proxies = [return_value(proxy) for proxy in settings.proxies]
    return proxy_auto_config(
        bundle.registry.destinations,
        proxies,
        everything=settings.everything,
        direct=settings.direct,
        besides=bundle.workspaces.sign_in_hosts,
    )


class PacServer(SmallServer):
    """See `SmallServer`.

    Args:
        settings: with `listen` and `proxies`.
        bundle: gives the configuration in force.

    Raises:
        PromptGuardError: nothing can listen there.
    """

    def __init__(self, settings: PacSettings, bundle: Callable[[], Bundle]) -> None:
        assert settings.address is not None
        self._settings = settings
        self._bundle = bundle
        self._made: tuple[Bundle, bytes] | None = None
        super().__init__(settings.address, self._found, "pac.listen")

    def _found(self, path: str) -> SmallAnswer | None:
        if path not in _PATHS:
            return None
        return SmallAnswer(
            "200 OK", CONTENT_TYPE, self._content(), [("cache-control", f"public, max-age={_KEPT_SECONDS}")]
        )

    def _content(self) -> bytes:
        bundle, made = self._bundle(), self._made
        if made is None or made[0] is not bundle:
            made = self._made = bundle, pac_of(bundle, self._settings).encode("ascii")
        return made[1]
