"""The end of a proxy that others go on without: what is under way is finished, and what is new goes elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any, Final

from mitmproxy import connection

from promptguard.proxy.master import ProxyMaster
from promptguard.proxy.service_manager import wait_for_end

logger = logging.getLogger(__name__)

NOTICE_SECONDS: Final = 5.0
"""For which it goes on at least, so that load balancers have asked `/readyz`: HAProxy asks every two seconds."""

IDLE_SECONDS: Final = 1.0
"""After which a connection is closed on which nothing is under way."""

ASKED_SECONDS: Final = 1.0
"""Between two looks whether it is to end."""

STOP_SECONDS: Final = 15.0
"""That it takes beside `proxy.drain_s`: to write out the record, and to end its workers."""

_LOOK_SECONDS: Final = 0.1


class Draining:
    """Ends a proxy once nobody is on it any more, or the time of `proxy.drain_s` is over."""

    def __init__(self, master: ProxyMaster) -> None:
        self._master = master
        self._was_told = False
        self._task: asyncio.Task[None] | None = None
        self._began = time.time()
        self._watch = asyncio.get_running_loop().create_task(self._until_asked())

    def told(self) -> None:
        """End the proxy in a while; at once where it was told so before: SIGTERM."""
        if self._was_told:
            self._master.stop()
        self._was_told = True
        self.begin()

    def begin(self) -> None:
        """End the proxy in a while, if it is not about to; at once where the configuration wants no draining."""
        service = self._master.promptguard.gateway.service
        if service.draining:
            return
        seconds = service.settings.proxy.drain_s
        if not seconds:
            self._master.stop()
            return
        service.draining = True
        wait_for_end(seconds + STOP_SECONDS)
        logger.info("Ends in %g s at the latest: what is under way is finished.", seconds)
        self._task = asyncio.get_running_loop().create_task(self._drain(seconds))

    def stop(self) -> None:
        """Look no more."""
        self._watch.cancel()
        if self._task is not None:
            self._task.cancel()

    async def _until_asked(self) -> None:
        """Look whether `promptguard drain` wants it to end; also while it starts."""
        asked = self._master.promptguard.gateway.service.folder.drain
        while True:
            with contextlib.suppress(OSError):
                if asked.stat().st_mtime >= self._began:
                    return self.begin()
            await asyncio.sleep(ASKED_SECONDS)

    async def _drain(self, seconds: float) -> None:
        began = time.monotonic()
        connections: dict[Any, Any] = self._master.addons.get("proxyserver").connections
        while (passed := time.monotonic() - began) < seconds:
            for handler in list(connections.values()):
                if self._is_idle(handler.client, handler.timeout_watchdog):
                    _close(handler)
            if not connections and passed >= min(NOTICE_SECONDS, seconds):
                break
            await asyncio.sleep(_LOOK_SECONDS)
        if connections:
            logger.warning("%d connections were cut off that were still open.", len(connections))
        self._master.stop()

    def _is_idle(self, client: connection.Client, watchdog: Any) -> bool:
        under_way = self._master.promptguard.gateway.under_way.on(client) or watchdog.blocker
        # mitmproxy's watchdog notes each byte, by the clock on the wall.
        return not under_way and time.time() - watchdog.last_activity >= IDLE_SECONDS


def _close(handler: Any) -> None:
    transport = handler.transports.get(handler.client)
    if transport is not None and transport.writer is not None:
        transport.writer.close()
