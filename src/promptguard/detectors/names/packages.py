"""Packages and other identifiers in lower case that look like names: `jackson-databind`, `npm i morgan chalk`."""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.names.lexicon import lexicon

_PARTS: Final = re.compile(r"[-_.]")
_INSTALLED: Final = re.compile(
    r"\b(?:npm|npx|yarn|pnpm|bun|deno|pip3?|pipx|uv|poetry|pdm|conda|mamba|apt(?:-get)?|dnf|yum|apk|pacman|zypper|brew"
    r"|port|gem|bundle|cargo|go|composer|dotnet|nuget|choco|winget|scoop|snap|flatpak|helm|mix|cabal|stack|luarocks|cpanm?|nix)"
    r"[ ](?:pip[ ]|tool[ ]|package[ ]|mod[ ])?(?:i|install|add|require|get|remove|rm|uninstall|upgrade|update|search"
    r"|run|show|-S)\b[^\n;&|]{0,200}\Z"
)
"""The command before."""
_LISTED: Final = re.compile(
    r"\b(?:packages?|librar(?:y|ies)|dependenc(?:y|ies)|modules?|gems?|crates?|plugins?|[Bb]ump(?:s|ed)?|requirements?"
    r"|extensions?)\b[^.\n]{0,200}(?:[,:][ ]|\band[ ])\Z",
    re.IGNORECASE,
)
_REACH: Final = 280


def is_package(text: str, start: int, end: int) -> bool:
    """Whether a guess without any capital is the name of a package, by its form or by what stands before it."""
    content = text[start:end]
    if not content.islower():
        return False
    if " " not in content and _PARTS.search(content):
        lists = lexicon()
        return not all(part in lists.given_names or part in lists.surnames for part in _PARTS.split(content) if part)
    low = max(0, start - _REACH)
    return _INSTALLED.search(text, low, start) is not None or _LISTED.search(text, low, start) is not None
