"""The registry of AI services: which one a host belongs to, and what a path of it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from types import MappingProxyType
from typing import Self

from promptguard.destinations.entries import DestinationEntry
from promptguard.destinations.globs import Glob, Paths
from promptguard.destinations.hosts import MAX_NAME, HostTable, normalised
from promptguard.destinations.never_decrypt import NeverDecrypt
from promptguard.model import Destination, Route
from promptguard.typed_yaml.mistakes import suggestion


class Registry:
    """Finds the AI service behind a host, and the route behind a path. Immutable.

    Args:
        entries: of services whose ids and hosts are not those of another.
        never_decrypt: what is not the host of a service although a pattern of one matches it.
    """

    def __init__(self, entries: Sequence[DestinationEntry], never_decrypt: NeverDecrypt | None = None) -> None:
        self.never_decrypt = never_decrypt or NeverDecrypt()
        self._take({entry.id: entry.destination() for entry in entries})
        self._globs = {
            entry.id: tuple(
                Glob.of(compiled, frozenset(route.methods))
                for route, compiled in zip(entry.routes, self._destinations[entry.id].routes, strict=True)
            )
            for entry in entries
        }

    def judged(self, judge: Callable[[Destination], Destination]) -> Self:
        """The same services at the same hosts and paths, each as `judge` has it: with another status or review."""
        found = copy(self)
        found._take({id: judge(destination) for id, destination in self._destinations.items()})
        return found

    def _take(self, destinations: Mapping[str, Destination]) -> None:
        self._destinations = destinations
        self._hosts: HostTable[Destination] = HostTable()
        self._undecrypted: HostTable[tuple[Destination, str]] = HostTable()
        for destination in destinations.values():
            for host in destination.hosts:
                self._hosts.add(host, destination)
            for host in destination.undecrypted_hosts:
                self._undecrypted.add(host, (destination, host))

    def find_host(self, host: str) -> Destination | None:
        """The destination of a host, which may come with capitals, a final dot, a port, or in Unicode.

        None for one that is never decrypted, whatever pattern it matches.
        """
        name = normalised(host)
        if len(name) > MAX_NAME:
            return None
        if (found := self._hosts.named(name)) is not None:
            return found
        found = self._hosts.matched(name)
        return found if found is None or self.never_decrypt.find(name) is None else None

    def find_undecrypted(self, host: str) -> Destination | None:
        """The destination that a host belongs to although it passes undecrypted."""
        found = self.undecrypted_line(host)
        return None if found is None else found[0]

    def undecrypted_line(self, host: str) -> tuple[Destination, str] | None:
        """The same, and the name or pattern by which it belongs there."""
        name = normalised(host)
        return None if len(name) > MAX_NAME else self._undecrypted.find(name)

    def leaves_alone(self, host: str) -> bool:
        """Whether a host is known, and passes undecrypted all the same."""
        name = normalised(host)
        known = len(name) <= MAX_NAME and (self._undecrypted.find(name) or self.never_decrypt.find(name))
        return bool(known)

    def route(self, destination: Destination, method: str, path: str) -> Route | None:
        """The first of a destination's routes that a request's path and method match.

        A path that a server may read in several ways (`..`, empty parts, doubled encoding, parameters) is that of a
        prompt if any reading is, and never one of an account or of statistics.
        """
        paths = Paths.of(path)
        return next(
            (glob.route for glob in self._globs.get(destination.id, ()) if glob.matches(method, paths)),
            None,
        )

    def destination(self, id: str) -> Destination | None:
        """The destination with an id."""
        return self._destinations.get(id)

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """All destinations, in the files' order."""
        return tuple(self._destinations.values())

    def hosts(self) -> Sequence[str]:
        """All host names and patterns, in the files' order."""
        return tuple(host for destination in self._destinations.values() for host in destination.hosts)

    def names(self) -> Mapping[str, str]:
        """The names that people know, by id."""
        return MappingProxyType({id: destination.name for id, destination in self._destinations.items()})

    def suggestion(self, wrong: str) -> str:
        """A sentence that names the destinations whose id or host is like what somebody wrote for one."""
        return suggestion(wrong, (*self._destinations, *self.hosts()), noun="ids and hosts")

    def unknown_formats(self, formats: Iterable[str]) -> list[tuple[str, str]]:
        """Ids of destinations together with the wire formats they name that are not among `formats`."""
        known = set(formats)
        return [
            (destination.id, name)
            for destination in self._destinations.values()
            for name in dict.fromkeys((destination.format, *(route.format for route in destination.routes)))
            if name not in known
        ]
