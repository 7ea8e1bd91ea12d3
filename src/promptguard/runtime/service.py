"""Everything behind the addon: the configuration, the detectors, the record; started in the background, kept current.

What routing needs (registry, identities) is there at once; what takes seconds to import or load (Presidio, models) is
loaded in a thread while the proxy already listens, closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import certifi

from promptguard import process_memory
from promptguard.audit.events import timestamp
from promptguard.configuration.bundle import Bundle, Identities
from promptguard.configuration.bundle_store import BundleStore
from promptguard.configuration.reading_settings import read_settings
from promptguard.configuration.settings import Settings
from promptguard.destinations.registry import Registry
from promptguard.destinations.reviews import reviews, switched_off
from promptguard.destinations.sightings import Sightings
from promptguard.detectors.names.detector import NamesDetector, names_detector
from promptguard.errors import ConfigError, PromptGuardError, StorageAway, Unavailable
from promptguard.keys import Keys
from promptguard.notices.writer import NoticeWriter
from promptguard.reasons import Code
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.key_material import open_keys
from promptguard.runtime.member import Member
from promptguard.runtime.metrics import Metrics
from promptguard.runtime.monitoring import Monitoring
from promptguard.runtime.names_server import count_server
from promptguard.runtime.notices import make_notices
from promptguard.runtime.prepared import take_prepared
from promptguard.runtime.publication_following import PublicationFollowing
from promptguard.runtime.publications import Publications
from promptguard.runtime.sign_in import SignIn
from promptguard.runtime.small_server import SmallServer
from promptguard.runtime.state import State, read_state, remove_state, runs, spooling_sentence, write_state
from promptguard.wire.formats import load_formats

if TYPE_CHECKING:
    from collections.abc import Callable

    from promptguard.audit.interface import Spooled
    from promptguard.authentication.authenticator import Authenticator
    from promptguard.guard import Guard
    from promptguard.runtime.assembly import Assembly
    from promptguard.wire.formats import Formats

logger = logging.getLogger(__name__)

# How often the configuration's files are looked at for changes, and expired placeholders are deleted, in seconds.
_REFRESH_SECONDS = 2.0
_FORGET_SECONDS = 600.0

_KEEP_SECONDS = 30.0
"""How often what was seen is written down."""


class Service:
    """Owns what lives as long as the proxy.

    Raises:
        ConfigError: a configuration file is wrong (at construction; later mistakes keep the last good version).
    """

    def __init__(self, config: Path, data: Path, member: Member | None = None) -> None:
        """Read the configuration.

        Args:
            member: which of several processes of one port this is; None where it is the only one.
        """
        self._member = member
        self._assembly: Assembly | None = None
        self.folder = DataFolder(data)
        self._publications = Publications(config, self.folder, read_settings(config).configuration.signed_by)
        self._store = BundleStore(self._publications.in_force, check=self._check, formats=load_formats())
        self._started_in = self._store.current.folder.absolute()
        self._started_with = self._store.current.settings
        self._published: PublicationFollowing | None = None
        data.mkdir(parents=True, exist_ok=True)
        self._keys = open_keys(self.folder, self._started_with)
        self._sign_in = SignIn(lambda: self._store.current, self._keys.devices, member)
        self._state_file = self.folder.state
        self._ready = asyncio.Event()
        self._untaken = ""
        self._unreviewed = ""
        self._told_problems: list[str] = []
        self._told_spooling = ""
        self._names: NamesDetector | None = None
        self._told_busy = 0
        self._busy_at = ""
        self._index_problems: list[str] = []
        self._upkeep: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        """Set when reviewers may have changed something."""
        self.monitoring: Monitoring | None = None
        """What it says of itself, where somebody may ask; there once it starts."""
        self._listener: SmallServer | None = None
        self.sightings = Sightings()
        """Of services and requests that are not known."""
        self.listening: list[tuple[str, int]] = []
        """Where the front takes connections: the proxy never relays to itself."""
        self.listens = asyncio.Event()
        """Set when `listening` says where."""
        self.draining = False
        """Whether the front is about to end: it still serves, and wants no new connections."""
        self.exit_status = 0

    def _check(self, bundle: Bundle) -> None:
        """Let a mistake in the recognizers keep the last good version too.

        At the start this is left to `assemble`: what it imports would keep the proxy from listening.
        """
        if self._assembly is not None:
            from promptguard.runtime.recognizers import not_fewer

            recognizers = self._assembly.recognizers_of(bundle)
            if bundle.place == self._store.current.place:
                not_fewer(self._assembly.recognizers, recognizers, bundle.recognizers_folder)

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
    def authenticator(self) -> Authenticator:
        """Tells who signs in to the proxy."""
        return self._sign_in.authenticator

    @property
    def notices(self) -> NoticeWriter:
        """What says things to people, before there is a guard too."""
        return make_notices(self._store.current)

    @property
    def guard(self) -> Guard | None:
        """None until `start` has finished."""
        return self._assembly.guard if self._assembly else None

    @property
    def formats(self) -> Formats | None:
        """None until `start` has finished."""
        return self._assembly.guard.formats if self._assembly else None

    @property
    def keys(self) -> Keys:
        """Those of the installation."""
        return self._keys

    def pseudonym(self, name: str) -> str:
        """The keyed pseudonym under which a name is recorded."""
        return self._keys.pseudonym(name)

    def trusted_with(self, ca_file: Path) -> Path:
        """A file with the public CAs and those in `ca_file`; mitmproxy takes one file, in place of the public ones."""
        path = self.folder.trusted
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(Path(certifi.where()).read_bytes() + b"\n" + ca_file.read_bytes())
        return path

    async def start(self) -> None:
        """Load the detectors and open the record.

        Raises:
            PromptGuardError: something cannot be loaded; the message says what, and what to do.
        """
        if (self._member and not self._member.is_first) or runs(read_state(self.folder.state)):
            self._state_file = self.folder.state_of(os.getpid())
        self._write_state(whole=False)
        started = time.monotonic()

        await asyncio.to_thread(take_prepared, self.folder.cache)
        names = self._names = names_detector(
            self.settings.names, self.folder.cache, (self._member or Member()).share_of
        )
        metrics = self._start_monitoring(names)

        def build() -> Assembly:
            from promptguard.runtime.assembly import assemble  # imports Presidio, which takes seconds

            return assemble(
                self._store.current,
                self._keys,
                self.folder.path,
                starting=names,
                metrics=metrics,
                sightings=self.sightings,
            )

        async def build_and_start() -> Assembly:
            assembly = await asyncio.to_thread(build)
            await assembly.start(partial(asyncio.get_running_loop().call_soon_threadsafe, self._news.set))
            return assembly

        try:
            # The workers load their model beside all else, on another core if there is one.
            assembly, *_ = await asyncio.gather(build_and_start(), *([names.start()] if names else []))
        except BaseException:
            if names:
                await names.stop()
            raise
        self._assembly = assembly
        await self._follow_publications()
        await self._share_with_reviewers()
        self._ready.set()
        process_memory.settle()
        self._log_remarks()
        self._log_overdue()
        self._write_state(whole=True)
        self._upkeep = asyncio.get_running_loop().create_task(self._keep_current())
        logger.info("Detectors are ready after %.1f s.", time.monotonic() - started)

    def _start_monitoring(self, names: NamesDetector | None) -> Metrics | None:
        """Answer Prometheus and load balancers, where the settings say so.

        Raises:
            PromptGuardError: nothing can listen there.
        """
        address = self.settings.monitoring.address
        if address is None and self._member is None:
            return None
        metrics = Metrics()
        self.sightings.seen = metrics.saw
        self._sign_in.count(metrics)
        metrics.gauge("ready", "Whether detectors and record are loaded.", lambda: float(self._assembly is not None))
        metrics.gauge("problems", "What of the configuration is not in force.", lambda: float(len(self._problems())))
        if names:
            metrics.gauge(
                "names_queue", "Texts, or chunks of some, that wait for a names worker.", lambda: names.queued_texts
            )
            metrics.total("names_refused", "Requests that too many others waited before.", lambda: names.refused)
            metrics.gauge("names_workers", "Names workers that run.", lambda: len(names.worker_pids))
            if self.settings.names.server is not None:
                count_server(metrics, names)
        failing = "Sinks that take no records now; they are tried again."
        metrics.gauge("sinks_failing", failing, lambda: self._assembly.failing_sinks if self._assembly else 0)
        self._spool_gauges(metrics)
        self.monitoring = Monitoring(
            metrics.exposition,
            lambda: self._problems() if self._assembly else None,
            lambda: self._assembly.problem if self._assembly else "",
            lambda: self._spooling,
            lambda: self.draining,
        )
        if address is not None and self._member is None:
            self._listener = SmallServer(address, self.monitoring.found, "monitoring.listen")
            self._listener.start()
        return metrics

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
                raise Unavailable(Code.START_PENDING) from None
            if self._assembly is None:
                raise Unavailable(Code.START_FAILED)
        return self._assembly.guard

    async def loaded(self) -> bool:
        """Whether the start has made it whole. Waits for its end, however long that takes."""
        await self._ready.wait()
        return self._assembly is not None

    def failed(self, error: Exception) -> None:
        """Note that `start` failed: waiting requests are refused at once."""
        self.exit_status = 2 if isinstance(error, ConfigError) else 1
        logger.error("%s", _described(error))
        self._ready.set()

    async def stop(self) -> None:
        """Stop the workers and write out the record."""
        if self._upkeep:
            self._upkeep.cancel()
        if self._listener:
            await asyncio.to_thread(self._listener.stop)
        if self._assembly:
            if self._published:
                await asyncio.to_thread(self._published.ended)
            with contextlib.suppress(PromptGuardError):  # counts, which nobody waits for
                await self._assembly.keep(self.sightings)
            await self._assembly.stop()
        remove_state(self._state_file)

    async def _keep_current(self) -> None:
        forget_at = time.monotonic() + _FORGET_SECONDS
        keep_at = time.monotonic() + _KEEP_SECONDS
        refresh_at = time.monotonic() + _REFRESH_SECONDS
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), max(0.0, refresh_at - time.monotonic()))
            try:
                if self._news.is_set():
                    self._news.clear()
                    await self._take_up_publication()
                    await self._share_with_reviewers()
                if time.monotonic() < refresh_at:
                    continue
                refresh_at = time.monotonic() + _REFRESH_SECONDS
                await self._refresh()
                if time.monotonic() >= keep_at:
                    keep_at += _KEEP_SECONDS
                    assert self._assembly is not None
                    await self._assembly.keep(self.sightings)
                    if self._published:
                        await self._take_up_publication()  # where the database or the disk was away when it was told
                        await asyncio.to_thread(self._published.still_runs)
                if time.monotonic() >= forget_at:
                    forget_at += _FORGET_SECONDS
                    assert self._assembly is not None
                    self._assembly.begin_expiry(self.settings.retention)
                    await self._assembly.forget_expired(self.settings.retention)
            except Exception as error:
                logger.error("Upkeep failed, and will be tried again: %s.", type(error).__name__)

    async def _refresh(self) -> None:
        assert self._assembly is not None
        before = self._told_problems
        changed = await asyncio.to_thread(self._store.refresh)
        if changed:
            try:
                await self._assembly.reload(self._store.current)
                self._untaken = ""
            except Exception as error:
                self._untaken = f"The changed configuration is not in force: {_described(error)}"
            else:
                logger.info("The changed configuration is in force: policy %s.", self._store.current.policy.version)
                await asyncio.to_thread(process_memory.give_back)
                self._log_remarks()
        taken, self._index_problems = await self._assembly.reload_indexes()
        for what in taken:
            logger.info("A new index of %s is in force.", what)
        if changed or taken:
            await self._share_with_reviewers()
        problems = self._told_problems = self._problems()
        for problem in problems:
            if problem not in before:
                logger.error("%s", problem)
        if before and not problems:
            logger.info("Nothing is wrong with the configuration any more: policy %s.", self.bundle.policy.version)
        busy = self._names is not None and self._names.refused != self._told_busy
        if changed or problems != before or self._spooling != self._told_spooling or busy:
            self._write_state(whole=True)

    async def _follow_publications(self) -> None:
        """Go by the newest configuration that was published, from the first request on."""
        assert self._assembly is not None
        if self.settings.configuration.signed_by:
            self._published = PublicationFollowing(
                self._publications,
                self._assembly.publications(),
                self._assembly.recognizers_of,
                self._member.number if self._member else 0,
                at_least=self.settings.configuration.at_least,
            )
            await self._take_up_publication()
            await asyncio.to_thread(self._published.still_runs)

    async def _take_up_publication(self) -> None:
        if self._published is None:
            return
        current = self._publications.current
        taken = await asyncio.to_thread(self._published.take_up)
        if not taken and self._publications.number and self._store.folder != current:
            # Another process of this machine was quicker: there was nothing to take up any more.
            taken = await asyncio.to_thread(lambda: self._publications.in_force) == current
        if taken:
            self._store.folder = current
            await self._refresh()
            await asyncio.to_thread(self._published.still_runs)

    async def _share_with_reviewers(self) -> None:
        """Take up what they ordered and accepted as false alarms, and keep what is in force: decisions lead to it."""
        assert self._assembly is not None
        try:
            if await self._assembly.take_up_orders():
                logger.info("What people have ordered beside the policy has changed.")
            if await self._assembly.take_up_false_alarms():
                logger.info("The values that reviewers hold to be false alarms have changed.")
            await self._assembly.keep_version(self._store.current)
        except StorageAway:
            return  # that it is away is told elsewhere; what was taken up holds until it expires
        except PromptGuardError as error:
            self._unreviewed = f"What people ordered and reviewers accepted is not taken up: {error}"
        else:
            self._unreviewed = ""

    def _log_remarks(self) -> None:
        """What of the recognizers and destinations is perhaps not meant."""
        assert self._assembly is not None
        for remark in self._assembly.remarks:
            logger.warning("%s", remark)
        if off := switched_off(self.registry):
            logger.warning("%s.", off)

    def _log_overdue(self) -> None:
        """Which reviews of services are overdue."""
        from promptguard.runtime.decided import as_decided  # imports what the database takes, as `assemble` does

        assert self._assembly is not None
        registry = as_decided(self.registry, self._assembly.guard.standing)
        if overdue := reviews(registry.destinations, datetime.now(UTC).date()).sentence():
            logger.warning("%s.", overdue)

    @property
    def _spooling(self) -> str:
        spooled = self._assembly.spooled if self._assembly else None
        return spooling_sentence(spooled) if spooled else ""

    def _spool_gauges(self, metrics: Metrics) -> None:
        def gauge(name: str, description: str, value: Callable[[Spooled], float]) -> None:
            def measure() -> float:
                spooled = self._assembly.spooled if self._assembly else None
                return value(spooled) if spooled else 0.0

            metrics.gauge(name, description, measure)

        gauge("spool_records", "Decisions kept on this machine while the database is away.", lambda it: it.records)
        gauge("spool_since_seconds", "Since when, in seconds since 1970; 0 while there are none.", lambda it: it.since)
        gauge("spool_fill_ratio", "The part of its bound that is taken; at 1 requests are refused.", lambda it: it.fill)

    def _problems(self) -> list[str]:
        """What of the configuration is not in force, and why."""
        kept = f"The last good configuration stays in force. {self._store.problem}" if self._store.problem else ""
        later = self.settings.needing_restart(
            self._started_with, was_in=self._started_in, is_in=self.bundle.folder.absolute()
        )
        restart = f"Changed, and in force only after a restart: {', '.join(later)}." if later else ""
        ground = self._assembly.problem if self._assembly else ""
        published = self._published.problem if self._published else ""
        told = (
            ground,
            kept,
            published,
            self._untaken,
            self._unreviewed,
            *(self._assembly.doubts if self._assembly else ()),
            restart,
            *self._sign_in.problems,
            *self._index_problems,
        )
        return [problem for problem in told if problem]

    def _write_state(self, *, whole: bool) -> None:
        """Tell `promptguard doctor` and whoever waits for the start how things stand."""
        self._told_spooling = self._spooling
        busy = self._names.refused if self._names else 0
        if busy != self._told_busy:
            self._told_busy, self._busy_at = busy, timestamp(datetime.now(UTC))
        state = State(
            pid=os.getpid(),
            listen=[f"{host}:{port}" for host, port in self.listening],
            whole=whole,
            config=str(self._store.folder.resolve()),
            policy_version=self._store.current.policy.version,
            policy_hash=self._store.current.policy.hash,
            problem="\n".join(self._problems()),
            on_server=self._started_with.database is not None,
            spooling=self._told_spooling,
            busy=busy,
            busy_at=self._busy_at,
        )
        write_state(self._state_file, state)


def _described(error: Exception) -> str:
    """Our own errors hold no values; of others only the kind is told."""
    return str(error) if isinstance(error, PromptGuardError) else type(error).__name__
