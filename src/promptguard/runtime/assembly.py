"""Puts a guard together from a configuration: the one place that knows which parts the product is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from promptguard.audit.interface import Spooled
from promptguard.audit.recorder import Recorder
from promptguard.audit.sinks.feed import Feed
from promptguard.configuration.bundle import Bundle
from promptguard.configuration.retention_settings import RetentionSettings
from promptguard.destinations.sightings import Sightings
from promptguard.detectors.names.detector import NamesDetector
from promptguard.detectors.recognizers.loading import RecognizerSet
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.files.reader import FileReader
from promptguard.guard import AcknowledgementGate, Guard, Justifier, Limits
from promptguard.keys import Keys
from promptguard.policy.publications import PublicationStore
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.redaction.vault import Vault
from promptguard.runtime.daily_expiry import DailyExpiry
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.detectors import Detectors
from promptguard.runtime.doubts import told_of_false_alarms, told_of_orders
from promptguard.runtime.evidence import forget_evidence, make_keeper
from promptguard.runtime.file_reading import make_file_reader
from promptguard.runtime.following import LATER, Following, Next, Topic, Work
from promptguard.runtime.metrics import CountedRecord, Metrics
from promptguard.runtime.notice_links import LinkKeeper
from promptguard.runtime.orders import KeptOrders, OrdersFollowing
from promptguard.runtime.policy_exchange import PolicyExchange
from promptguard.runtime.record import key_ring, note_overwritten, open_backend, opened_store
from promptguard.runtime.review_database import open_reviewing
from promptguard.runtime.rules import make_rules
from promptguard.runtime.second_look import make_second_looks
from promptguard.runtime.sinks import feed_work, make_feeds
from promptguard.runtime.state import spooling_sentence
from promptguard.storage.interface import Backend
from promptguard.wire.formats import Formats, load_formats

_FULL = 0.99
"""The part of a spool's bound from which on requests are counted as refused."""


class Assembly:
    """A guard, and what has to be started and stopped with it."""

    def __init__(
        self,
        guard: Guard,
        detectors: Detectors,
        files: FileReader,
        keys: Keys,
        recorder: Recorder,
        vault: Vault,
        backend: Backend,
        feeds: Sequence[Feed],
        policy_exchange: PolicyExchange,
        orders: OrdersFollowing,
        links: LinkKeeper,
        expiry: DailyExpiry,
    ) -> None:
        self._following: Following | None = None
        self.guard = guard
        self._expiry = expiry
        self._links = links
        self._files = files
        self._detectors = detectors
        self._keys = keys
        self._recorder = recorder
        self._vault = vault
        self._backend = backend
        self._feeds = feeds
        self._policy_exchange = policy_exchange
        self._orders = orders

    async def start(self, tell: Callable[[], object] = lambda: None) -> None:
        """Load models and start workers, and what hands the record on.

        Args:
            tell: called in a thread where `take_up_orders` or `take_up_false_alarms` may have something to take up, and
                now and then.
        """
        await self._detectors.start()
        self._links.start()

        def told() -> Next:
            tell()
            return LATER

        news = Work("What people order and reviewers accept is taken up late", told, {Topic.POLICY})
        topics = (Topic.RECORDS, Topic.POLICY) if self._feeds else (Topic.POLICY,)
        self._following = Following([news, *map(feed_work, self._feeds)], [self._backend.changes(*topics)])
        self._following.start()

    @property
    def remarks(self) -> tuple[ConfigError, ...]:
        """What of the recognizers was taken as it is, and may not be meant so."""
        return self._detectors.remarks

    @property
    def recognizers(self) -> RecognizerSet:
        """Those in force."""
        return self._detectors.recognizers

    def recognizers_of(self, bundle: Bundle) -> RecognizerSet:
        """See `Detectors.recognizers_of`."""
        return self._detectors.recognizers_of(bundle)

    @property
    def problem(self) -> str:
        """Why nothing can be recorded, and so nothing goes on; empty if all is well."""
        try:
            self._keys.check_in_place()
            self._backend.check_in_place()
        except PromptGuardError as error:
            return str(error)
        if (spooled := self._recorder.spooled) is not None and spooled.fill > _FULL:
            return spooling_sentence(spooled)
        return self._recorder.problem

    @property
    def doubts(self) -> Sequence[str]:
        """Why what people decided beside the policy may not be what they decided, each as sentences."""
        told = told_of_orders(self._orders.doubt), told_of_false_alarms(self._policy_exchange.doubt)
        return [each for each in told if each]

    @property
    def spooled(self) -> Spooled | None:
        """What waits on this machine for a database that is away; None where nothing does."""
        return self._recorder.spooled

    @property
    def failing_sinks(self) -> int:
        """How many sinks take no records now."""
        return sum(feed.failing for feed in self._feeds)

    async def reload(self, bundle: Bundle) -> None:
        """Work by a changed configuration from the next request on.

        Raises:
            ConfigError: something in it cannot be loaded; the one in force stays.
        """
        rules = make_rules(bundle, self._keys)
        self._links.settings = bundle.settings.console
        self.guard.scanner = await self._detectors.reload(bundle)
        self.guard.rules = rules

    async def reload_indexes(self) -> tuple[list[str], list[str]]:
        """See `Detectors.reload_indexes`."""
        return await asyncio.to_thread(self._detectors.reload_indexes)

    async def take_up_orders(self) -> bool:
        """Work by what people order beside the policy, from the next request on; whether anything changed.

        Raises:
            StorageError: it cannot be read; what was taken up before is in force until it expires.
        """
        standing = await asyncio.to_thread(self._orders.changed)
        if standing is None:
            return False
        self.guard.standing = standing
        return True

    async def take_up_false_alarms(self) -> bool:
        """Find no more what reviewers hold to be a false alarm, as far as policy lets them; whether anything changed.

        Raises:
            StorageError: they cannot be read; what was taken up before holds until it expires.
        """
        alarms = await asyncio.to_thread(self._policy_exchange.changed_false_alarms, self.guard.rules.policy)
        if alarms is None:
            return False
        self.guard.scanner = self._detectors.allow(alarms)
        return True

    async def keep_version(self, bundle: Bundle) -> None:
        """Keep the configuration in force, so that decisions lead to it.

        Raises:
            StorageError: it cannot be kept.
        """
        await asyncio.to_thread(self._policy_exchange.keep_version, bundle, self.guard.scanner.version)

    def publications(self) -> PublicationStore:
        """Where the configurations are that were published."""
        return self._backend.publications(self._keys.configuration)

    async def forget_expired(self, settings: RetentionSettings) -> None:
        """Delete what the memory of scopes holds no longer, and evidence and sightings that are too old."""
        await self._vault.forget_expired()
        oldest = datetime.now(UTC).date() - timedelta(days=settings.sightings)
        await asyncio.to_thread(self._backend.sightings().forget_before, oldest.isoformat())
        now = int(datetime.now(UTC).timestamp())
        kept = self._expiry.decisions_of_open_incidents
        await asyncio.to_thread(forget_evidence, self._backend, self._keys, now, kept)

    def begin_expiry(self, settings: RetentionSettings) -> None:
        """Begin to have expire what is due, where that was not done today; nothing waits for it."""
        self._expiry.begin(settings)

    async def keep(self, sightings: Sightings) -> None:
        """Write down what was seen.

        Raises:
            StorageError: it cannot be written; it is counted further.
        """
        await asyncio.to_thread(self._policy_exchange.still_runs)
        if sightings:
            await asyncio.to_thread(sightings.keep, self._backend.sightings())

    async def stop(self) -> None:
        """Stop workers, write out the record and hand it on."""
        await self._expiry.stop()
        if self.guard.second_looks is not None:
            await self.guard.second_looks.stop()
        await self._files.stop()
        await self._detectors.stop()
        await asyncio.to_thread(self._recorder.close)
        if self._following is not None:
            await asyncio.to_thread(self._following.stop, None)
        await asyncio.to_thread(self._links.stop)
        await asyncio.to_thread(self._vault.close)
        await asyncio.to_thread(self._policy_exchange.ended)
        self._backend.close()


def assemble(
    bundle: Bundle,
    keys: Keys,
    data: Path,
    *,
    formats: Formats | None = None,
    starting: NamesDetector | None = None,
    metrics: Metrics | None = None,
    sightings: Sightings | None = None,
) -> Assembly:
    """Build everything for a configuration; blocks for some seconds.

    Args:
        bundle: the configuration.
        keys: of the record, the vault and the indexes.
        data: the folder of databases, indexes and caches.
        formats: the wire formats, if they are at hand.
        starting: see `Detectors`.
        metrics: what counts decisions; None counts none.
        sightings: what counts services and requests that are not known.

    Raises:
        PromptGuardError: something cannot be loaded or opened.
    """
    settings = bundle.settings
    detectors = Detectors(bundle, keys, data, starting=starting, second_look=True)
    folder = DataFolder(data)
    backend = open_backend(settings, folder, keys)
    backend.when_overwritten(lambda error: note_overwritten(error, keys))
    recorder = Recorder(
        backend.audit_store(),
        keys.audit,
        settings.audit.durability,
        head_files=keys.folder,
        check=keys.check_in_place,
        key_ring=key_ring(backend, keys),
    )
    vault = backend.vault(
        keys.vault,
        placeholder_lifetime=settings.vault.ttl_hours * 3600,
        blocked_lifetime=settings.vault.blocked_ttl_days * 86400,
    )
    files = make_file_reader(settings)
    memory = ScopeMemory(vault, keys.memory)
    second_looks = make_second_looks(settings, memory, recorder, metrics)
    links = LinkKeeper(settings.console, folder.console, lambda: open_reviewing(settings, folder))
    guard = Guard(
        make_rules(bundle, keys),
        formats=formats or load_formats(),
        scanner=detectors.scanner,
        memory=memory,
        record=CountedRecord(recorder, metrics) if metrics else recorder,
        file_reader=files,
        limits=Limits(settings.body_limit_bytes, settings.deadlines.scan_s, settings.deadlines.record_s),
        sightings=sightings,
        evidence=make_keeper(settings, folder, backend.evidence()),
        links=links,
        second_looks=second_looks,
        acknowledgements=AcknowledgementGate(backend.acknowledgements(keys.acknowledgements)),
        justifier=Justifier(backend.justifications(keys.justifications), keys.justifications, memory),
    )
    feeds = make_feeds(settings, folder, opened_store(backend, keys), keys)
    policy_exchange = PolicyExchange(backend, keys)
    guard.scanner = detectors.allow(policy_exchange.at_start(bundle.policy))
    orders = OrdersFollowing(backend.orders(keys), KeptOrders(folder.orders, keys.orders))
    guard.standing = orders.at_start()
    expiry = DailyExpiry(backend, keys, lambda: open_reviewing(settings, folder), recorder)
    return Assembly(
        guard, detectors, files, keys, recorder, vault, backend, feeds, policy_exchange, orders, links, expiry
    )
