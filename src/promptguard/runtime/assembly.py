"""Puts a guard together from a configuration: the one place that knows which parts the product is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from promptguard.audit.interface import Spooled
from promptguard.audit.recorder import Recorder
from promptguard.audit.sinks.feed import Feed
from promptguard.configuration.bundle import Bundle
from promptguard.configuration.files_settings import Unrecognised
from promptguard.configuration.retention_settings import RetentionSettings
from promptguard.configuration.settings import Settings
from promptguard.destinations.sightings import Sightings
from promptguard.detectors.false_alarms import FalseAlarm, as_allow_list
from promptguard.detectors.interface import Detector, DetectorContext
from promptguard.detectors.names.detector import NamesDetector
from promptguard.detectors.names.second_look import second_look as make_second_look
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.recognizers.loading import RecognizerSet
from promptguard.detectors.registry import create_detectors
from promptguard.detectors.scanner import Scanner
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.files.limits import FileLimits
from promptguard.files.reader import FileReader
from promptguard.guard import Acknowledged, AcknowledgementGate, Copies, Guard, Justifier, Limits, Rules
from promptguard.keys import Keys
from promptguard.policy.policy import Policy
from promptguard.policy.publications import PublicationStore
from promptguard.presidio.anonymizer import OperatorConfig
from promptguard.redaction.redactor import Redactor
from promptguard.redaction.scope_memory import ScopeMemory
from promptguard.redaction.vault import Vault
from promptguard.runtime.daily_expiry import DailyExpiry
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.evidence import forget_evidence, make_keeper
from promptguard.runtime.following import LATER, Following, Next, Topic, Work
from promptguard.runtime.metrics import CountedRecord, Metrics
from promptguard.runtime.notice_links import LinkKeeper
from promptguard.runtime.notices import make_notices
from promptguard.runtime.orders import KeptOrders, OrdersFollowing
from promptguard.runtime.policy_exchange import PolicyExchange
from promptguard.runtime.recognizers import LastRecognizers
from promptguard.runtime.record import key_ring, note_overwritten, open_backend, opened_store
from promptguard.runtime.review_database import open_reviewing
from promptguard.runtime.second_look import make_second_looks
from promptguard.runtime.sinks import feed_work, make_feeds
from promptguard.runtime.state import spooling_sentence
from promptguard.storage.interface import Backend
from promptguard.wire.formats import Formats, load_formats

_FULL = 0.99
"""The part of a spool's bound from which on requests are counted as refused."""


class Detectors:
    """All detectors of a configuration, and how they change with it while running.

    The names model and the indexes live on; what a company edits (recognizers, allow-lists) is loaded anew.
    """

    def __init__(
        self,
        bundle: Bundle,
        keys: Keys,
        data: Path,
        *,
        names: bool = True,
        starting: NamesDetector | None = None,
        second_look: bool = False,
    ) -> None:
        """Load everything; blocks for a second or two.

        Args:
            bundle: the configuration.
            keys: of the indexes and fingerprints.
            data: the folder of indexes and caches.
            names: whether to look for names, if the configuration says so.
            starting: the configured names detector, where its workers are being started already.
            second_look: whether to look for names a second time, if the configuration says so.

        Raises:
            PromptGuardError: something cannot be loaded.
        """
        self._keys = keys
        self._folder = DataFolder(data)
        self._loading = LastRecognizers(self._folder.cache)
        self._left_out = () if names else (NamesDetector.id,)
        self._running: list[Detector] = [starting] if starting else []
        self._second: Detector | None = None
        if second_look:
            self._second = make_second_look(bundle.settings.names, self._folder.cache, self._first_looks)
        self._false_alarms: tuple[FalseAlarm, ...] = ()
        self.scanner = self._scanner(bundle)

    def _scanner(self, bundle: Bundle) -> Scanner:
        self.recognizers = recognizers = self.recognizers_of(bundle)
        self.remarks = recognizers.remarks
        context = DetectorContext(bundle.settings, self._keys, recognizers, self._folder.cache, self._folder.at)
        self._running = create_detectors(context, self._running, left_out=self._left_out)
        self.names = any(isinstance(each, NamesDetector) for each in self._running)
        self.patterns = next(each for each in self._running if isinstance(each, PatternDetector))
        return self._scanner_that_allows()

    def recognizers_of(self, bundle: Bundle) -> RecognizerSet:
        """Those of a configuration, which need not be in force. Blocks for half a second, or two where they are new.

        Raises:
            ConfigError: there is a mistake in them, or there are none.
        """
        return self._loading.of(bundle)

    def _scanner_that_allows(self) -> Scanner:
        own = replace(self.recognizers.allow_list, key=self._keys.fingerprint)
        self.allow_list = as_allow_list(own, self._false_alarms)
        return Scanner(self._running, self._keys.fingerprint, allow_list=self.allow_list, second=self._second)

    async def _first_looks(self) -> None:
        for each in self._running:
            if isinstance(each, NamesDetector):
                await each.nothing_waits()

    def allow(self, alarms: Sequence[FalseAlarm]) -> Scanner:
        """A scanner of the same detectors, that finds these values no more; it starts as the one before has."""
        self._false_alarms = tuple(alarms)
        self.scanner = self._scanner_that_allows()
        return self.scanner

    async def start(self) -> None:
        """Load models and start workers."""
        await self.scanner.start()

    async def reload(self, bundle: Bundle) -> Scanner:
        """A scanner for the changed configuration, ready for use."""
        scanner = await asyncio.to_thread(self._scanner, bundle)
        await scanner.start()
        self.scanner = scanner
        return scanner

    def reload_indexes(self) -> tuple[list[str], list[str]]:
        """Load indexes that were built since they were last read: of what, and sentences on those that are no good.

        Reads files.
        """
        reloaded, problems = [], []
        for detector in self._running:
            try:
                if detector.reload():
                    reloaded.append(detector.source)
            except PromptGuardError as error:
                problems.append(f"The last index of {detector.source} stays in force. {error}")
        return reloaded, problems

    async def stop(self) -> None:
        """Stop the workers."""
        await self.scanner.stop()


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
    orders = OrdersFollowing(backend.orders(keys.orders), KeptOrders(folder.orders, keys.orders))
    guard.standing = orders.at_start()
    expiry = DailyExpiry(backend, keys, lambda: open_reviewing(settings, folder), recorder)
    return Assembly(
        guard, detectors, files, keys, recorder, vault, backend, feeds, policy_exchange, orders, links, expiry
    )


def make_rules(bundle: Bundle, keys: Keys) -> Rules:
    """What of a configuration the guard works by.

    Raises:
        PromptGuardError: an operator's parameters are wrong.
    """
    class_of, notices = bundle.identities.class_of, bundle.settings.notices
    return Rules(
        registry=bundle.registry,
        policy=bundle.policy,
        redactor=make_redactor(bundle.policy, keys),
        notices=make_notices(bundle),
        workspaces=bundle.workspaces,
        acknowledged=Acknowledged(bundle.document, class_of) if bundle.document else None,
        copies=Copies(class_of, layer=notices.in_page) if notices.redacted_copy else None,
    )


def make_redactor(policy: Policy, keys: Keys) -> Redactor:
    """A redactor that replaces each entity type as the policy says."""
    operators: dict[str, OperatorConfig] = {}
    for entity_type, operator in policy.operators.items():
        params: Mapping[str, object] = operator.params
        if operator.name == "encrypt":
            params = {**params, "key": keys.encryption}
        operators[entity_type] = OperatorConfig(operator.name, dict(params))
    try:
        return Redactor(keys.placeholder, operators)
    except ValueError as error:
        raise PromptGuardError(f"policy.yaml, operators: {error}") from None


def make_file_reader(settings: Settings) -> FileReader:
    """What takes the text out of files; its workers are started by the first file. The caller stops it."""
    files = settings.files
    return FileReader(
        FileLimits(files.deadline_s, files.memory_mb * 2**20, int(files.text_limit_mb * 2**20)),
        workers=files.workers,
        tesseract=files.tesseract,
        languages=files.languages,
        images_need_recognition=files.images is Unrecognised.NOT_INSPECTED,
    )
