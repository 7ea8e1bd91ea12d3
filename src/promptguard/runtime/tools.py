"""An installation's detectors and policy for texts and files that do not come through a proxy. Nothing is recorded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.destinations.registry import Registry
from promptguard.detectors.explanation import Explanation
from promptguard.detectors.explanation import explain as explain_findings
from promptguard.errors import NotRewritable, PromptGuardError, ScanFailed, Unreadable
from promptguard.files.interface import Source
from promptguard.files.kinds import HTML, JSON, TEXT, XML, identify
from promptguard.files.reader import FileReader
from promptguard.keys import Keys
from promptguard.model import (
    Action,
    Circumstances,
    Decision,
    Destination,
    FileText,
    Finding,
    Identity,
    Inspection,
    Prompt,
    Purpose,
    Role,
    Segment,
)
from promptguard.notices.sentences import english
from promptguard.policy.explain import explain as explain_decision
from promptguard.policy.standing import NOTHING_STANDS, PolicyUnderOrders, Standing
from promptguard.reasons import Code, Reason
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.detectors import Detectors
from promptguard.runtime.file_reading import make_file_reader
from promptguard.runtime.key_material import open_keys
from promptguard.runtime.orders import standing_now
from promptguard.runtime.policy_exchange import now
from promptguard.runtime.prepared import take_prepared
from promptguard.runtime.rules import make_redactor
from promptguard.wire.formats import load_formats

# Kinds of files whose offsets people want to be those of the file itself.
_PLAIN = (TEXT, HTML, XML, JSON)


class Tools:
    """What an installation finds, would replace and would decide. Made by `open_tools`."""

    def __init__(
        self,
        bundle: Bundle,
        keys: Keys,
        detectors: Detectors,
        files: FileReader,
        standing: Callable[[], Standing] = lambda: NOTHING_STANDS,
    ) -> None:
        self._standing = standing
        self._bundle = bundle
        self._keys = keys
        self._detectors = detectors
        self._files = files

    async def find(self, text: str) -> tuple[Finding, ...]:
        """What is sensitive in a text."""
        return await self._find(_segment(text))

    async def uncovered_languages(self, text: str) -> tuple[str, ...]:
        """Tags of the languages of a text in which persons are not looked for."""
        return await self._detectors.scanner.uncovered_languages([_segment(text)])

    async def read(self, data: bytes, name: str) -> list[FileText]:
        """What a file says, piece by piece; a plain text is one piece without a label.

        Raises:
            Unreadable: not all text can be taken out of the file.
        """
        source = Source(data, name)
        if identify(source) in _PLAIN:
            with suppress(UnicodeDecodeError):
                return [FileText("", source.data.decode("utf-8-sig"))]
        return await self._files.read_file(source.data, source.name)

    def explain(self, text: str, findings: Sequence[Finding]) -> Explanation:
        """Why these findings are what was found in a text."""
        return explain_findings(
            text, findings, self._detectors.patterns, self._detectors.allow_list, names=self._detectors.names
        )

    async def redact(self, text: str) -> tuple[str, bool]:
        """A text with everything sensitive in it replaced; and whether anything was."""
        segment = _segment(text)
        findings = await self._find(segment)
        redactor = make_redactor(self._bundle.policy, self._keys)
        redaction = redactor.redact([segment], findings, "command line", {})
        return redaction.texts.get(0, text), bool(findings)

    async def explain_decision(self, data: bytes, name: str, *, destination: str, user: str) -> tuple[list[str], bool]:
        """What would happen to what a user sends and why, as lines for people; and whether it would be stopped.

        Args:
            data: a text as somebody types it, or another file as somebody uploads it.
            name: of the file.
            destination: its id or one of its hosts.

        Raises:
            PromptGuardError: there is no such destination.
        """
        bundle = self._bundle
        standing, time = self._standing(), now()
        target = standing.statuses.judged(_destination(bundle.registry, destination), time)
        policy = PolicyUnderOrders(bundle.policy, standing, time)
        typed = identify(Source(data, name)) in _PLAIN
        unread: Unreadable | None = None
        try:
            pieces: Sequence[FileText] = await self.read(data, name)
        except Unreadable as error:
            pieces, unread = error.texts, error
        segments = tuple(map(_segment, [each.text for each in pieces]) if typed else map(_of_file, pieces))
        findings = await self._find(*segments)
        identity = Identity(user, self._keys.pseudonym(user), bundle.identities.groups_of(user), "proxy_credentials")
        languages = await self._detectors.scanner.uncovered_languages(segments)
        circumstances = Circumstances(
            identity,
            target,
            inspection=_inspection(unread),
            problem=unread.reason if unread else None,
            rewritable=not (unread or target.body_signed),
            uncovered_languages=languages,
        )
        prompt = Prompt(target, Purpose.PROMPT, target.format, segments)
        decision = policy.decide(circumstances, findings, prompt)
        why_not = None if typed else await self._why_not(data, name, segments, _replaced(findings, decision))
        if why_not:
            circumstances = replace(circumstances, rewritable=False, unwritable=why_not)
            decision = policy.decide(circumstances, findings, prompt)
        said = english(bundle.notices_folder)
        lines = explain_decision(bundle.policy, circumstances, findings, prompt, said, under=policy)
        return lines, decision.action.severity >= Action.JUSTIFY.severity

    async def _why_not(
        self, data: bytes, name: str, segments: Sequence[Segment], findings: Sequence[Finding]
    ) -> Reason | None:
        """Why a file cannot be written with placeholders in it, as an upload of it would be; found out by doing it."""
        if not findings:
            return None
        redaction = make_redactor(self._bundle.policy, self._keys).redact(segments, findings, "command line", {})
        try:
            await self._files.rewrite_file(data, redaction.edits, name)
        except NotRewritable as error:
            return error.reason
        return None

    async def _find(self, *segments: Segment) -> tuple[Finding, ...]:
        scan = await self._detectors.scanner.scan(segments)
        if scan.opaque:
            raise ScanFailed(Code.SCAN_OPAQUE)
        return scan.findings


@asynccontextmanager
async def open_tools(config: Path, data: Path, *, names: bool, destination: str = "") -> AsyncIterator[Tools]:
    """Load an installation's detectors.

    Args:
        names: whether to look for names, if the configuration says so.
        destination: one that will be asked for; empty for none. Detectors take seconds to load.

    Raises:
        PromptGuardError: the configuration is wrong, there is no such destination, or something cannot be loaded.
    """
    bundle = load_bundle(config, formats=load_formats())
    if destination:
        _destination(bundle.registry, destination)
    keys = open_keys(DataFolder(data), bundle.settings)
    take_prepared(DataFolder(data).cache)
    detectors = Detectors(bundle, keys, data, names=names)
    files = make_file_reader(bundle.settings)
    await detectors.start()
    try:
        yield Tools(bundle, keys, detectors, files, lambda: standing_now(bundle.settings, DataFolder(data), keys))
    finally:
        await files.stop()
        await detectors.stop()


def _destination(registry: Registry, name: str) -> Destination:
    found = registry.destination(name) or registry.find_host(name)
    if found is None:
        raise PromptGuardError(
            f"“{name}” is neither the id nor a host of any destination in the configuration."
            f" {registry.suggestion(name)} `promptguard destinations list` shows all."
        )
    return found


def text_of(file: BinaryIO) -> str:
    """All of a text file.

    Raises:
        PromptGuardError: it is no UTF-8 text.
    """
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = getattr(file, "name", "standard input")
        raise PromptGuardError(
            f"{name}: this is no UTF-8 text (byte {error.start}). `promptguard scan` reads files of other kinds."
        ) from None


def _segment(text: str) -> Segment:
    return Segment((), text, Role.USER)


def _of_file(piece: FileText) -> Segment:
    return Segment((), piece.text, Role.FILE, label=piece.label)


def _inspection(unread: Unreadable | None) -> Inspection:
    if unread is None:
        return Inspection.INSPECTED
    return Inspection.PARTLY_INSPECTED if unread.partly else Inspection.NOT_INSPECTED


def _replaced(findings: Sequence[Finding], decision: Decision) -> list[Finding]:
    """What a decision replaces; nothing where it is another one than to redact."""
    if decision.action is not Action.REDACT:
        return []
    pairs = zip(findings, decision.rulings, strict=True)
    return [finding for finding, ruling in pairs if ruling.action is Action.REDACT and ruling.enforced]
