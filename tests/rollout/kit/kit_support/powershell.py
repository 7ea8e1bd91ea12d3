"""A look at the structure of a PowerShell script, where there is no PowerShell: quotes, here-strings and brackets."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<here>@'[ \t]*\r\n(?:.|\n)*?\r\n'@|@\"[ \t]*\r\n(?:.|\n)*?\r\n\"@)"
    r"|(?P<comment>(?<![\w$'\"`])\#[^\r\n]*)"
    r"|(?P<single>'(?:[^'\r\n]|'')*')"
    r"|(?P<double>\"(?:[^\"`\r\n]|`.|\"\")*\")"
    r"|(?P<bracket>[()\[\]{}])"
    r"|(?P<quote>['\"])"
)
_PAIRS = {")": "(", "]": "[", "}": "{"}


def unbalanced(script: str) -> str:
    """Where the first quote or bracket stands that has no other; empty if all have."""
    if "\n" in script.replace("\r\n", ""):
        return "a line end without a carriage return"
    open_at: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(script):
        line = script.count("\n", 0, token.start()) + 1
        if token["quote"]:
            return f"line {line}: {token['quote']}"
        if token["double"]:
            inner = re.findall(r"\$\(((?:[^()]|\([^()]*\))*)\)", token["double"])
            if token["double"].count("$(") != len(inner):
                return f"line {line}: $("
        if not token["bracket"]:
            continue
        if token["bracket"] not in _PAIRS:
            open_at.append((token["bracket"], line))
        elif not open_at or open_at.pop()[0] != _PAIRS[token["bracket"]]:
            return f"line {line}: {token['bracket']}"
    return f"line {open_at[-1][1]}: {open_at[-1][0]}" if open_at else ""
