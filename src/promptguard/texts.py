"""What the command line does with texts and files: scan, redact, explain, build the index of customers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import orjson

from promptguard.assembly import Detectors, make_redactor
from promptguard.audit.reading import Reader, open_reader
from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.destinations.formats import load_formats
from promptguard.detectors.shape import masked_shape
from promptguard.detectors.tenants import RejectedRow, build_index
from promptguard.errors import PromptGuardError
from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    Destination,
    Finding,
    Identity,
    Prompt,
    Purpose,
    Role,
    Segment,
)
from promptguard.policy.explain import explain as explain_decision
from promptguard.storage.keys import Keys

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


@asynccontextmanager
async def open_tools(config: Path, data: Path, *, names: bool) -> AsyncIterator[Tools]:
    """Load an installation's detectors.

    Raises:
        PromptGuardError: the configuration is wrong, or something cannot be loaded.
    """
    bundle = load_bundle(config, formats=load_formats())
    keys = Keys.load_or_create(data / "keys")
    detectors = Detectors(bundle, keys, data, names=names)
    await detectors.start()
    try:
        yield Tools(bundle, keys, detectors)
    finally:
        await detectors.stop()


async def print_scan(config: Path, data: Path, file: BinaryIO, form: str, *, names: bool, out: TextIO) -> bool:
    """Print what is sensitive in a file; True if anything is.

    Raises:
        PromptGuardError: the file cannot be read as text, or a line is no JSON object with a text.
    """
    async with open_tools(config, data, names=names) as tools:
        if form == "jsonl":
            return await _print_jsonl(tools, file, out)
        text = _text(file)
        _, findings = await tools.find(text)
        if form == "json":
            out.write(orjson.dumps({"spans": [_span(finding) for finding in findings]}).decode() + "\n")
        else:
            out.writelines(_lines(text, findings))
        return bool(findings)


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
        lines = explain_decision(bundle.policy, circumstances, findings, prompt)
        return lines, decision.action.severity >= Action.JUSTIFY.severity


def build_tenants(config: Path, data: Path, csv: Path) -> tuple[int, list[RejectedRow], Path]:
    """Make the index of customers from a CSV file: how many terms, which rows were refused, and where it is.

    Raises:
        ConfigError: the file is no CSV with columns that are known.
    """
    bundle = load_bundle(config)
    keys = Keys.load_or_create(data / "keys")
    index, refused = build_index(csv, keys.tenants)
    path = data / bundle.settings.tenants.index
    index.save(path)
    return len(index), refused, path


def open_record(config: Path, data: Path) -> AbstractContextManager[Reader]:
    """The record of an installation."""
    return open_reader(data / load_bundle(config).settings.audit.path, data / "keys")


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


def _lines(text: str, findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        line = text.count("\n", 0, finding.start) + 1
        column = finding.start - (text.rfind("\n", 0, finding.start) + 1) + 1
        secret = finding.data_class is DataClass.CREDENTIALS
        shape = "" if secret else f"  {masked_shape(text[finding.start : finding.end])}"
        subject = f" of {finding.subject}" if finding.subject else ""
        yield (
            f"{line}:{column}: {finding.entity_type}{subject} ({finding.data_class}, {finding.score:.2f}, "
            f"{finding.detector}){shape}\n"
        )
