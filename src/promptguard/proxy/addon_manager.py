"""mitmproxy's addons, with the handlers of each hook looked up once.

mitmproxy asks every addon for every hook of every flow anew, ten times a request.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from mitmproxy import exceptions, hooks
from mitmproxy.addonmanager import AddonManager, safecall
from mitmproxy.master import Master

type Handlers = tuple[tuple[Callable[..., Any], ...], ...]
"""The handlers of one hook, by addon of the chain."""


class QuickAddonManager(AddonManager):
    """Does what mitmproxy's own does, and takes over what the master has already.

    The addons within an addon must stay the same once it is registered.
    """

    def __init__(self, master: Master) -> None:
        self._handlers: dict[str, Handlers] = {}
        before: AddonManager | None = getattr(master, "addons", None)
        super().__init__(master)  # type: ignore[no-untyped-call]
        if before is not None:
            self.lookup, self.chain = before.lookup, before.chain

    def clear(self) -> None:
        self._handlers.clear()
        super().clear()  # type: ignore[no-untyped-call]

    def add(self, *addons: object) -> None:
        super().add(*addons)  # type: ignore[no-untyped-call]
        self._handlers.clear()

    def remove(self, addon: object) -> None:
        self._handlers.clear()
        super().remove(addon)  # type: ignore[no-untyped-call]

    async def trigger_event(self, event: hooks.Hook) -> None:
        handlers = self._handlers.get(event.name)
        if handlers is None:
            handlers = self._handlers[event.name] = self._look_up(event)
        if not handlers:
            return
        arguments = event.args()
        for of_addon in handlers:
            try:
                with safecall():
                    for handle in of_addon:
                        result = handle(*arguments)
                        if result is not None and inspect.isawaitable(result):
                            await result
            except exceptions.AddonHalt:
                return

    def _look_up(self, event: hooks.Hook) -> Handlers:
        found = (tuple(handle for _, handle in self._iter_hooks(addon, event)) for addon in self.chain)
        return tuple(handlers for handlers in found if handlers)
