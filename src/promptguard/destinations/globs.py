"""Path patterns of routes, matched against every path that a service may read in the one that was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import unquote

from promptguard.model import Purpose, Route

MAX_DECODINGS: Final = 4
"""How often a path is percent-decoded where that changes it. After that, no route matches."""

_WEAK: Final = frozenset({Purpose.ACCOUNT, Purpose.TELEMETRY})
"""Purposes for which policy allows what it does not in a prompt."""

_PLAIN: Final = re.compile(r"(?!.*(?://|/\.{1,2}(?:/|$)))[^;%\\\x00-\x1f\x7f]*", re.DOTALL)
"""A path that every server reads as it stands."""

_PARAMETERS: Final = re.compile(r";[^/]*")


@dataclass(frozen=True, slots=True)
class Glob:
    """A path pattern, matched in linear time whatever the path (a regular expression's backtracking is not)."""

    pieces: tuple[str, ...]
    """What stands between the `*`; in small letters unless the route is weak."""
    methods: frozenset[str]
    route: Route

    @classmethod
    def of(cls, route: Route, methods: frozenset[str]) -> Self:
        """The pattern of a route."""
        path = route.path if route.purpose in _WEAK else route.path.lower()
        return cls(tuple(path.split("*")), methods, route)

    def matches(self, method: str, paths: Paths) -> bool:
        """Whether a request is one of the route.

        A prompt is one in any case and any reading of the path. What policy is less strict with must be exactly that.
        """
        if self.methods and method not in self.methods:
            return False
        if self.route.purpose in _WEAK:
            return paths.plain is not None and self._fits(paths.plain)
        return any(map(self._fits, paths.readings))

    def _fits(self, path: str) -> bool:
        first, *rest = self.pieces
        if not path.startswith(first):
            return False
        if not rest:
            return len(path) == len(first)
        *middle, last = rest
        position, end = len(first), len(path) - len(last)
        for piece in middle:
            position = path.find(piece, position, end)
            if position < 0:
                return False
            position += len(piece)
        return position <= end and path.endswith(last)


@dataclass(frozen=True, slots=True)
class Paths:
    """What servers may read in one path."""

    plain: str | None
    """The path, decoded once; None where a server may read another one in it."""
    readings: tuple[str, ...]
    """All of them in small letters, the plainest first."""

    @classmethod
    def of(cls, path: str) -> Self:
        """Of a raw URL path: decoded once or more, with `\\` as `/`, with empty and dot parts (RFC 3986 5.2.4)
        resolved, without `;` parameters, and without a slash at the end."""
        once = unquote(path)
        plain = once if _PLAIN.fullmatch(once) else None
        readings = dict.fromkeys(reading.lower() for reading in (*([plain] if plain else []), *_readings(once)))
        return cls(plain, tuple(readings))


def _readings(path: str) -> Iterator[str]:
    for _ in range(MAX_DECODINGS):
        slashed = path.replace("\\", "/")
        for reading in (_resolved(slashed), _resolved(_PARAMETERS.sub("", slashed))):
            yield reading
            if len(reading) > 1:
                yield reading.rstrip("/")
        decoded = unquote(path)
        if decoded == path:
            return
        path = decoded


def _resolved(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts) + ("/" if path.endswith("/") and parts else "")
