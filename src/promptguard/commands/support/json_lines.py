"""`scan --format jsonl`: texts in, spans out, a line each, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import IO, Any, TextIO

import orjson

from promptguard.commands.support.scan_reports import span, told
from promptguard.errors import PromptGuardError, ScanFailed
from promptguard.model import Finding
from promptguard.reasons import Reason
from promptguard.runtime.tools import Tools

# How many texts are under way at once: enough to keep the names workers busy.
_MAX_CONCURRENT = 16


async def scan_lines(tools: Tools, file: IO[bytes], out: TextIO, say: Callable[[Reason], str]) -> None:
    """Print what is sensitive in each text, or why that cannot be told, as `say` has it.

    Raises:
        PromptGuardError: a line is no JSON object with a text.
    """
    limit = asyncio.Semaphore(_MAX_CONCURRENT)

    async def find(text: str) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
        async with limit:
            return await tools.find(text), await tools.uncovered_languages(text)

    rows = [_row(line, number) for number, line in enumerate(file, 1) if line.strip()]
    tasks = [asyncio.create_task(find(row["text"])) for row in rows]
    try:
        for row, task in zip(rows, tasks, strict=True):
            try:
                findings, languages = await task
            except ScanFailed as error:  # of this text; the others have their answers
                line: dict[str, Any] = {"id": row.get("id"), "spans": [], "problem": say(error.reason)}
            else:
                line = {"id": row.get("id"), "spans": [span(each) for each in findings]} | told(languages)
            out.write(orjson.dumps(line).decode() + "\n")
    finally:
        for task in tasks:
            task.cancel()


def _row(line: bytes, number: int) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise PromptGuardError(f'line {number}: is no JSON object such as {{"id": 1, "text": "…"}}.')
    return row
