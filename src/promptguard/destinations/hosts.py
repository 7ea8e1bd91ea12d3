"""Host names and patterns of them: written right, looked up at once.

`*.example.com` is every host below `example.com`; any other `*` is a part of one label.
"""

from __future__ import annotations

import re
from typing import Final

_HOST = re.compile(r"(\*\.)?[a-z0-9_*]([a-z0-9_*-]*[a-z0-9_*])?(\.[a-z0-9_*]([a-z0-9_*-]*[a-z0-9_*])?)+")
_TOP_LABEL = re.compile(r"\.[a-z0-9-]*[a-z][a-z0-9-]*$")

MAX_NAME: Final = 253
"""Characters of a host name (RFC 1035 2.3.4, without the final dot)."""


def host_mistake(host: str) -> tuple[str, str] | None:
    """What is wrong with a name or pattern, and what would be right; None where nothing is."""
    if not _HOST.fullmatch(host) or not _TOP_LABEL.search(host):
        return (
            f"‘{host}’ is no host name",
            "Write the name alone in small letters, such as chat.example.com or *.example.com; no scheme, port "
            "or path. Write other scripts in their xn-- form.",
        )
    if "*" in _domain(host):
        return f"‘{host}’ has a `*` in its last two parts", "Name the domain in full, such as *.example.com."
    return None


def normalised(host: str) -> str:
    """A host as patterns have it, which may come with capitals, a final dot, a port, or in Unicode."""
    name = host.strip().lower()
    head, colon, port = name.rpartition(":")
    if colon and port.isdigit() and ":" not in head:
        name = head
    if name.endswith("."):
        name = name[:-1]
    if not name.isascii() and len(name) <= MAX_NAME:
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return name
    return name


def an_instance(pattern: str) -> str:
    """A host that a pattern stands for, and hardly another one does."""
    return pattern.replace("*", "any-host-of-it")


class HostTable[Owner]:
    """Whose a host is. A look-up takes as many steps as the name has labels, however many patterns there are."""

    def __init__(self) -> None:
        self._exact: dict[str, Owner] = {}
        self._below: dict[str, Owner] = {}
        self._patterns: dict[str, list[tuple[re.Pattern[str], Owner]]] = {}

    def add(self, host: str, owner: Owner) -> None:
        """Take up a name or pattern. Of two patterns of parts that both match, the first counts."""
        if "*" not in host:
            self._exact.setdefault(host, owner)
        elif host.startswith("*.") and "*" not in host[2:]:
            self._below.setdefault(host[2:], owner)
        else:
            start, rest = ("(?:[^.]+\\.)+", host[2:]) if host.startswith("*.") else ("", host)
            expression = start + re.escape(rest).replace(r"\*", "[^.]*")
            self._patterns.setdefault(_domain(host), []).append((re.compile(expression), owner))

    def named(self, name: str) -> Owner | None:
        """The owner of exactly this name, normalised."""
        return self._exact.get(name)

    def matched(self, name: str) -> Owner | None:
        """The owner of a pattern that a name, normalised, matches; of those of any host below, the nearest."""
        for pattern, owner in self._patterns.get(_domain(name), ()):
            if pattern.fullmatch(name):
                return owner
        dot = name.find(".")
        while dot >= 0:
            if (found := self._below.get(name[dot + 1 :])) is not None:
                return found
            dot = name.find(".", dot + 1)
        return None

    def find(self, name: str) -> Owner | None:
        """The owner of a name, normalised: of itself, or else of a pattern."""
        found = self.named(name)
        return self.matched(name) if found is None else found


def _domain(host: str) -> str:
    """The last two labels, by which patterns are kept. No pattern has a `*` in them."""
    return ".".join(host.rsplit(".", 2)[-2:])
