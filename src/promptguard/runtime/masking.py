"""Texts with all masked that an installation finds in them: `python -m promptguard.runtime.masking`.

Lines of JSON in and out, each a text, until the input is closed. A process of its own: detectors take seconds and
memory to load, and whoever asks for this has neither to spare.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path

import orjson

from promptguard.errors import PromptGuardError
from promptguard.model import Finding
from promptguard.runtime.tools import open_tools

MIN_VALUE = 4
"""Characters of a value that is masked wherever it stands, once it was found in one place."""


def masked(text: str, findings: Iterable[Finding]) -> str:
    """A text with `[EMAIL_ADDRESS]` and the like in place of what was found, and of the same wherever it stands."""
    found = sorted(findings, key=lambda each: each.start)
    parts, end = [], 0
    for finding in found:
        parts += [text[end : finding.start], f"[{finding.entity_type}]"]
        end = max(end, finding.end)  # findings may lie in each other
    left = "".join([*parts, text[end:]])
    values = {text[each.start : each.end]: each.entity_type for each in found}
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= MIN_VALUE:
            left = left.replace(value, f"[{values[value]}]")
    return left


async def _serve(config: Path, data: Path) -> None:
    async with open_tools(config, data, names=True) as tools:
        for line in sys.stdin.buffer:
            text = orjson.loads(line)
            sys.stdout.buffer.write(orjson.dumps(masked(text, await tools.find(text))) + b"\n")
            sys.stdout.buffer.flush()


def main() -> int:
    """Mask what comes in; exit status 2 where it cannot be searched."""
    parser = argparse.ArgumentParser(prog="promptguard.runtime.masking")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args()
    try:
        asyncio.run(_serve(asked.config, asked.data))
    except PromptGuardError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
