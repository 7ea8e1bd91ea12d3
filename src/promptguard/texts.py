"""What the command line does with texts and files: scan, redact, explain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import orjson

from promptguard.audit.reading import Reader, open_reader
from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.detectors.explanation import Explanation
from promptguard.detectors.explanation import explain as explain_findings
from promptguard.detectors.shape import masked_shape
from promptguard.errors import PromptGuardError
from promptguard.files.interface import Source
from promptguard.files.kinds import HTML, JSON, TEXT, XML, identify
from promptguard.keys import Keys
from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Destination,
    FileText,
    Finding,
    Identity,
    Prompt,
    Purpose,
    Role,
    Segment,
)
from promptguard.notices.sentences import english
from promptguard.policy.explain import explain as explain_decision
from promptguard.runtime.assembly import Detectors, make_file_reader, make_redactor
from promptguard.runtime.data_folder import DataFolder
from promptguard.wire.formats import load_formats

# Kinds of files whose offsets people want to be those of the file itself.
_PLAIN = (TEXT, HTML, XML, JSON)

# How many texts of `scan --format jsonl` are under way at once: enough to keep the names workers busy.
_CONCURRENT = 16


class Tools:
    """An installation's detectors, for texts that do not come through the proxy. Nothing is recorded."""

    def __init__(self, bundle: Bundle, keys: Keys, detectors: Detectors) -> None:
        self.bundle = bundle
        self.keys = keys
        self._detectors = detectors

    async def find(self, text: str) -> tuple[Segment, tuple[Finding, ...]]:
        """A text as a segment, and what is sensitive in it."""
        segment = Segment((), text, Role.USER)
        scan = await self._detectors.scanner.scan([segment])
        return segment, scan.findings

    def explain(self, text: str, findings: Sequence[Finding]) -> Explanation:
        """Why these findings are what was found in a text."""
        return explain_findings(text, findings, self._detectors.patterns, self._detectors.allow_list)


@asynccontextmanager
async def open_tools(config: Path, data: Path, *, names: bool) -> AsyncIterator[Tools]:
    """Load an installation's detectors.

    Raises:
        PromptGuardError: the configuration is wrong, or something cannot be loaded.
    """
    bundle = load_bundle(config, formats=load_formats())
    keys = Keys.load_or_create(DataFolder(data).keys)
    detectors = Detectors(bundle, keys, data, names=names)
    await detectors.start()
    try:
        yield Tools(bundle, keys, detectors)
    finally:
        await detectors.stop()


async def print_scan(
    config: Path, data: Path, file: BinaryIO, form: str, *, names: bool, explained: bool = False, out: TextIO
) -> bool:
    """Print what is sensitive in a file, and why if it is to be `explained` (text only); True if anything is.

    Raises:
        PromptGuardError: not all text can be taken out of the file, or a line is no JSON object with a text.
    """
    async with open_tools(config, data, names=names) as tools:
        if form == "jsonl":
            return await _print_jsonl(tools, file, out)
        parts = await _parts(file, tools.bundle)
        found = [(await tools.find(part.text))[1] for part in parts]
        if form == "json":
            spans = [
                _span(finding) | ({"part": part.label} if part.label else {})
                for part, findings in zip(parts, found, strict=True)
                for finding in findings
            ]
            out.write(orjson.dumps({"spans": spans}).decode() + "\n")
        else:
            for part, findings in zip(parts, found, strict=True):
                where = f"{part.label}: " if part.label else ""
                if explained:
                    out.writelines(where + line for line in _explained(part.text, tools.explain(part.text, findings)))
                else:
                    out.writelines(where + line for line in _lines(part.text, findings))
        return any(found)


async def _parts(file: BinaryIO, bundle: Bundle) -> list[FileText]:
    """What a file says, piece by piece; a plain text is one piece without a label.

    Raises:
        Unreadable: not all text can be taken out of the file.
    """
    source = Source(file.read(), Path(getattr(file, "name", "")).name)
    if identify(source) in _PLAIN:
        with suppress(UnicodeDecodeError):
            return [FileText("", source.data.decode("utf-8-sig"))]
    reader = make_file_reader(bundle.settings)
    try:
        return await reader.read_file(source.data, source.name)
    finally:
        await reader.stop()


async def _print_jsonl(tools: Tools, file: BinaryIO, out: TextIO) -> bool:
    limit = asyncio.Semaphore(_CONCURRENT)

    async def find(text: str) -> tuple[Finding, ...]:
        async with limit:
            return (await tools.find(text))[1]

    rows = [_row(line, number) for number, line in enumerate(file, 1) if line.strip()]
    tasks = [asyncio.create_task(find(row["text"])) for row in rows]
    found = False
    try:
        for row, task in zip(rows, tasks, strict=True):
            findings = await task
            found = found or bool(findings)
            out.write(orjson.dumps({"id": row.get("id"), "spans": [_span(each) for each in findings]}).decode() + "\n")
    finally:
        for task in tasks:
            task.cancel()
    return found


async def print_redacted(config: Path, data: Path, file: BinaryIO, *, names: bool, out: TextIO) -> bool:
    """Print a file with everything sensitive in it replaced; True if anything was."""
    async with open_tools(config, data, names=names) as tools:
        segment, findings = await tools.find(_text(file))
        redactor = make_redactor(tools.bundle.policy, tools.keys)
        redaction = redactor.redact([segment], findings, "command line", {})
        out.write(redaction.texts.get(0, segment.text))
        return bool(findings)


async def explain(
    config: Path, data: Path, file: BinaryIO, *, destination: str, user: str, names: bool
) -> tuple[list[str], bool]:
    """What would happen to a text and why, as lines for people; and whether it would be stopped.

    Raises:
        PromptGuardError: there is no such destination, or see `print_scan`.
    """
    async with open_tools(config, data, names=names) as tools:
        bundle = tools.bundle
        target = _destination(bundle, destination)
        segment, findings = await tools.find(_text(file))
        identity = Identity(user, tools.keys.pseudonym(user), bundle.identities.groups_of(user), "proxy_credentials")
        circumstances = Circumstances(identity, target)
        prompt = Prompt(target, Purpose.PROMPT, target.format, (segment,))
        decision = bundle.policy.decide(circumstances, findings, prompt)
        lines = explain_decision(bundle.policy, circumstances, findings, prompt, english(bundle.notices_folder))
        return lines, decision.action.severity >= Action.JUSTIFY.severity


def open_record(config: Path, data: Path) -> AbstractContextManager[Reader]:
    """The record of an installation."""
    folder = DataFolder(data)
    return open_reader(folder.at(load_bundle(config).settings.audit.path), folder.keys)


def _destination(bundle: Bundle, name: str) -> Destination:
    found = bundle.registry.destination(name) or bundle.registry.find_host(name)
    if found is None:
        raise PromptGuardError(f"“{name}” is neither the id nor a host of any destination in destinations.yaml.")
    return found


def _text(file: BinaryIO) -> str:
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = getattr(file, "name", "standard input")
        raise PromptGuardError(f"{name}: this is no UTF-8 text (byte {error.start}).") from None


def _row(line: bytes, number: int) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise PromptGuardError(f'line {number}: is no JSON object such as {{"id": 1, "text": "…"}}.')
    return row


def _span(finding: Finding) -> dict[str, Any]:
    return {
        "start": finding.start,
        "end": finding.end,
        "type": finding.entity_type,
        "class": finding.data_class,
        "score": round(finding.score, 3),
        "detector": finding.detector,
    }


def _explained(text: str, explanation: Explanation) -> Iterator[str]:
    for finding, sentences in explanation.of_findings:
        yield from _lines(text, (finding,))
        yield from (f"    {sentence}\n" for sentence in sentences)
    yield f"{len(explanation.of_others)} more places were looked at:\n"
    for candidate, why in explanation.of_others:
        yield f"{_place(text, candidate.start)}: no {candidate.entity_type}\n    {why}\n"
    yield f"{explanation.names}\n"


def _place(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return f"{line}:{column}"


def _lines(text: str, findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        secret = finding.data_class is DataClass.CREDENTIALS
        shape = "" if secret else f"  {masked_shape(text[finding.start : finding.end])}"
        subject = f" of {finding.subject}" if finding.subject else ""
        sure = f"{finding.data_class}, {finding.score:.2f}, {finding.detector}"
        yield f"{_place(text, finding.start)}: {finding.entity_type}{subject} ({sure}){shape}\n"
