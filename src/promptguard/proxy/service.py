"""Everything behind the addon: the configuration, the detectors, the record; started in the background, kept current.

What routing needs (registry, identities) is there at once; what takes seconds to import or load (Presidio, models) is
loaded in a thread while the proxy already listens, closed.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from promptguard.configuration.bundle import Bundle, BundleStore, Identities
from promptguard.configuration.settings import Settings
from promptguard.destinations.registry import Registry
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.proxy.routing import Address
from promptguard.storage.keys import Keys

if TYPE_CHECKING:
    from promptguard.assembly import Assembly
    from promptguard.destinations.formats import Formats
    from promptguard.guard import Guard

logger = logging.getLogger(__name__)

# How often the configuration's files are looked at for changes, and expired placeholders are deleted, in seconds.
_REFRESH_SECONDS = 2.0
_FORGET_SECONDS = 600.0


class Service:
    """Owns what lives as long as the proxy.

    Raises:
        ConfigError: a configuration file is wrong (at construction; later mistakes keep the last good version).
    """

    def __init__(self, config: Path, data: Path) -> None:
        self._store = BundleStore(config)
        self._data = data
        data.mkdir(parents=True, exist_ok=True)
        self._keys = Keys.load_or_create(data / "keys")
        self._assembly: Assembly | None = None
        self._ready = asyncio.Event()
        self._failure = ""
        self._upkeep: asyncio.Task[None] | None = None
        self.listening: list[Address] = []
        self.on_change: Callable[[str], None] = logger.warning
        self.exit_status = 0

    @property
    def bundle(self) -> Bundle:
        """The configuration in force."""
        return self._store.current

    @property
    def settings(self) -> Settings:
        return self._store.current.settings

    @property
    def registry(self) -> Registry:
        return self._store.current.registry

    @property
    def identities(self) -> Identities:
        return self._store.current.identities

    @property
    def guard(self) -> Guard | None:
        """None until `start` has finished."""
        return self._assembly.guard if self._assembly else None

    @property
    def formats(self) -> Formats | None:
        """None until `start` has finished."""
        return self._assembly.guard.formats if self._assembly else None

    def pseudonym(self, name: str) -> str:
        """The keyed pseudonym under which a name is recorded."""
        return self._keys.pseudonym(name)

    async def start(self) -> None:
        """Load the detectors and open the record.

        Raises:
            PromptGuardError: something cannot be loaded; the message says what, and what to do.
        """
        self._write_state(whole=False)
        started = time.monotonic()

        def build() -> Assembly:
            from promptguard.assembly import assemble  # imports Presidio, which takes seconds

            return assemble(self._store.current, self._keys, self._data)

        assembly = await asyncio.to_thread(build)
        await assembly.start()
        self._assembly = assembly
        self._ready.set()
        # What is loaded by now stays for good: the garbage collector need not walk it again.
        gc.collect()
        gc.freeze()
        self._write_state(whole=True)
        self._upkeep = asyncio.get_running_loop().create_task(self._keep_current())
        logger.info("Detectors are ready after %.1f s.", time.monotonic() - started)

    async def ready(self) -> Guard:
        """The guard, as soon as it is whole.

        Raises:
            PromptGuardError: it is not whole within the configured time.
        """
        if self._assembly is None:
            try:
                async with asyncio.timeout(self.settings.start_deadline_seconds):
                    await self._ready.wait()
            except TimeoutError:
                raise PromptGuardError("PromptGuard is still starting.") from None
            if self._assembly is None:
                raise PromptGuardError(self._failure)
        return self._assembly.guard

    def failed(self, error: Exception) -> None:
        """Note that `start` failed: waiting requests are refused at once."""
        self._failure = "PromptGuard could not start."
        self.exit_status = 2 if isinstance(error, ConfigError) else 1
        logger.error("%s", error if isinstance(error, PromptGuardError) else f"{type(error).__name__}: {error}")
        self._ready.set()

    async def stop(self) -> None:
        """Stop the workers and write out the record."""
        if self._upkeep:
            self._upkeep.cancel()
        if self._assembly:
            await self._assembly.stop()
        (self._data / "ready.json").unlink(missing_ok=True)

    async def _keep_current(self) -> None:
        forget_at = time.monotonic() + _FORGET_SECONDS
        while True:
            await asyncio.sleep(_REFRESH_SECONDS)
            try:
                await self._refresh()
                if time.monotonic() >= forget_at:
                    forget_at += _FORGET_SECONDS
                    assert self._assembly is not None
                    await self._assembly.guard.vault.forget_expired()
            except Exception as error:
                logger.error("Upkeep failed, and will be tried again: %s.", type(error).__name__)

    async def _refresh(self) -> None:
        assert self._assembly is not None
        problem_before = self._store.problem
        if await self._assembly.refresh_tenants():
            logger.warning("A new index of customers is in force.")
        changed = await asyncio.to_thread(self._store.refresh)
        if changed:
            try:
                await self._assembly.take_up(self._store.current)
            except PromptGuardError as error:
                self._assembly.problem = str(error)
                logger.error("The changed configuration is not taken up: %s", error)
            else:
                self._assembly.problem = ""
                logger.warning("The changed configuration is in force: policy %s.", self._store.current.policy.version)
        elif self._store.problem and self._store.problem is not problem_before:
            logger.error("The last good configuration stays in force. %s", self._store.problem)
        if changed or self._store.problem is not problem_before:
            self._write_state(whole=True)

    def _write_state(self, *, whole: bool) -> None:
        """Tell `promptguard doctor` and whoever waits for the start how things stand."""
        problem = str(self._store.problem or (self._assembly.problem if self._assembly else "") or "")
        state = {
            "pid": os.getpid(),
            "listen": [f"{host}:{port}" for host, port in self.listening],
            "whole": whole,
            "config": str(self._store.folder.resolve()),
            "policy_version": self._store.current.policy.version,
            "policy_hash": self._store.current.policy.hash,
            "problem": problem,
        }
        path = self._data / "ready.json"
        temporary = path.with_suffix(".json.new")
        temporary.write_bytes(orjson.dumps(state, option=orjson.OPT_INDENT_2))
        temporary.replace(path)
