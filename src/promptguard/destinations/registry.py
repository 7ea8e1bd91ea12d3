"""The registry of AI services: which one a host belongs to, and what a path of it is for. From `destinations.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Self

from pydantic import Field, model_validator

from promptguard.destinations.globs import Glob, Paths
from promptguard.model import DataHandling, Destination, Kind, Purpose, Route, Status
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake, suggestion

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST = re.compile(r"(\*\.)?[a-z0-9_*]([a-z0-9_*-]*[a-z0-9_*])?(\.[a-z0-9_*]([a-z0-9_*-]*[a-z0-9_*])?)+")


class RouteEntry(Section):
    """Some paths of a destination."""

    path: str = Field(description="A glob over the URL path, such as /v1/chat/*; `*` is any characters, `/` too.")
    methods: OneOrMore[str] = Field(default=(), description="The HTTP methods it holds for; all where none is named.")
    format: str | None = Field(default=None, description="The wire format; the destination's own where left out.")
    purpose: Purpose = Field(
        default=Purpose.PROMPT,
        description="What the paths are for: prompt, upload, account (signing in, one's own profile) or telemetry.",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.path.startswith(("/", "*")):
            raise mistake(("path",), f"‘{self.path}’ does not begin with a slash", f"Write /{self.path}.")
        for index, method in enumerate(self.methods):
            if not method.isascii() or not method.isalpha() or not method.isupper():
                raise mistake(("methods", index), f"‘{method}’ is no HTTP method", "Write it in capitals, like POST.")
        return self


class DataHandlingEntry(Section):
    """What the provider says it does with what it is sent."""

    trains_on_prompts: bool | None = Field(default=None, description="Whether models are trained on what is sent.")
    retention_days: int | None = Field(default=None, ge=0, description="Days for which what is sent is kept.")
    region: str | None = Field(default=None, description="Where it is processed and kept.")
    agreement: str | None = Field(default=None, description="Address of the data-processing agreement.")
    reviewed: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="Date of the last review, such as 2026-11-20."
    )


class DestinationEntry(Section):
    """One AI service."""

    id: str = Field(description="A short name for policies and records: small letters, digits and hyphens.")
    name: str = Field(min_length=1, description="The name that people know it by.")
    hosts: OneOrMore[str] = Field(
        description="Its hosts: names, or patterns. `*.` at the start is any host below, `*` elsewhere a part.",
    )
    kind: Kind = Field(description="web_chat, api, coding_tool, embedded or local_model.")
    status: Status = Field(
        description="approved, approved_with_limits, under_review, unreviewed or prohibited: the company's decision."
    )
    format: str = Field(default="generic", description="The wire format of paths that no route names.")
    routes: tuple[RouteEntry, ...] = Field(default=(), description="Paths with a format or purpose; the first counts.")
    key_parameters: OneOrMore[str] = Field(
        default=(), description="Query parameters that carry the caller's own key: never scanned, never recorded."
    )
    key_headers: OneOrMore[str] = Field(
        default=(),
        description=(
            "Header fields that carry the caller's own key besides those that are known everywhere (authorization, "
            "x-api-key and the like), such as a gateway's: never scanned."
        ),
    )
    body_signed: bool = Field(
        default=False, description="Whether the body is bound to a signature, so that it can only pass or be blocked."
    )
    alternatives: OneOrMore[str] = Field(default=(), description="Ids of tools to name in a notice.")
    data_handling: DataHandlingEntry = Field(
        default=DataHandlingEntry(), description="What the provider says it does with what it is sent."
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not _ID.fullmatch(self.id):
            raise mistake(("id",), f"‘{self.id}’ is no id", "Use small letters, digits and single hyphens.")
        if not self.hosts:
            raise mistake(("hosts",), "there are no hosts", "Name at least one.")
        for index, host in enumerate(self.hosts):
            if not _HOST.fullmatch(host) or not re.search(r"\.[a-z0-9-]*[a-z][a-z0-9-]*$", host):
                raise mistake(
                    ("hosts", index),
                    f"‘{host}’ is no host name",
                    "Write the name alone in small letters, such as chat.example.com or *.example.com; no scheme, port "
                    "or path. Write other scripts in their xn-- form.",
                )
            if "*" in _domain(host):
                raise mistake(
                    ("hosts", index),
                    f"‘{host}’ has a `*` in its last two parts",
                    "Name the domain in full, such as *.example.com.",
                )
        return self

    def destination(self) -> Destination:
        """The noun that the other rooms know."""
        return Destination(
            id=self.id,
            name=self.name,
            hosts=self.hosts,
            kind=self.kind,
            status=self.status,
            routes=tuple(Route(entry.path, entry.format or self.format, entry.purpose) for entry in self.routes),
            format=self.format,
            key_parameters=self.key_parameters,
            key_headers=tuple(name.lower() for name in self.key_headers),
            body_signed=self.body_signed,
            alternatives=self.alternatives,
            data_handling=DataHandling(**self.data_handling.model_dump()),
        )


class RegistryFile(Section):
    """The shape of `destinations.yaml`."""

    destinations: tuple[DestinationEntry, ...] = Field(description="All AI services that PromptGuard inspects.")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.destinations:
            raise mistake(
                ("destinations",), "there are no destinations, so nothing would be inspected", "Name at least one."
            )
        owners: dict[str, str] = {}
        ids: set[str] = set()
        for index, entry in enumerate(self.destinations):
            at = ("destinations", index)
            if entry.id in ids:
                raise mistake((*at, "id"), f"another destination has the id ‘{entry.id}’ too", "Give each its own id.")
            ids.add(entry.id)
            for number, host in enumerate(entry.hosts):
                if host in owners:
                    raise mistake(
                        (*at, "hosts", number), f"‘{host}’ already belongs to ‘{owners[host]}’", "Name it only once."
                    )
                owners[host] = entry.id
        for index, entry in enumerate(self.destinations):
            for number, other in enumerate(entry.alternatives):
                if other not in ids or other == entry.id:
                    raise mistake(
                        ("destinations", index, "alternatives", number),
                        f"there is no other destination ‘{other}’",
                        suggestion(other, sorted(ids - {entry.id}), noun="destinations"),
                    )
        return self


class Registry:
    """Finds the AI service behind a host, and the route behind a path. Immutable."""

    def __init__(self, file: RegistryFile) -> None:
        self._destinations = {entry.id: entry.destination() for entry in file.destinations}
        self._exact: dict[str, Destination] = {}
        self._below: dict[str, Destination] = {}
        self._patterns: dict[str, list[tuple[re.Pattern[str], Destination]]] = {}
        for destination in self._destinations.values():
            for host in destination.hosts:
                self._add(host, destination)
        self._globs = {
            entry.id: tuple(
                Glob.of(compiled, frozenset(route.methods))
                for route, compiled in zip(entry.routes, self._destinations[entry.id].routes, strict=True)
            )
            for entry in file.destinations
        }

    def _add(self, host: str, destination: Destination) -> None:
        if "*" not in host:
            self._exact[host] = destination
        elif host.startswith("*.") and "*" not in host[2:]:
            self._below[host[2:]] = destination
        else:
            start, rest = ("(?:[^.]+\\.)+", host[2:]) if host.startswith("*.") else ("", host)
            expression = start + re.escape(rest).replace(r"\*", "[^.]*")
            self._patterns.setdefault(_domain(host), []).append((re.compile(expression), destination))

    def find_host(self, host: str) -> Destination | None:
        """The destination of a host, which may come with capitals, a final dot, a port, or in Unicode."""
        name = _normalised(host)
        if len(name) > _MAX_NAME:
            return None
        if (found := self._exact.get(name)) is not None:
            return found
        for pattern, destination in self._patterns.get(_domain(name), ()):
            if pattern.fullmatch(name):
                return destination
        dot = name.find(".")
        while dot >= 0:
            if (found := self._below.get(name[dot + 1 :])) is not None:
                return found
            dot = name.find(".", dot + 1)
        return None

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
        """All destinations, in the file's order."""
        return tuple(self._destinations.values())

    def hosts(self) -> Sequence[str]:
        """All host names and patterns, in the file's order."""
        return tuple(host for destination in self._destinations.values() for host in destination.hosts)

    def names(self) -> Mapping[str, str]:
        """The names that people know, by id."""
        return MappingProxyType({id: destination.name for id, destination in self._destinations.items()})

    def unknown_formats(self, formats: Iterable[str]) -> list[tuple[str, str]]:
        """Ids of destinations together with the wire formats they name that are not among `formats`."""
        known = set(formats)
        return [
            (destination.id, name)
            for destination in self._destinations.values()
            for name in dict.fromkeys((destination.format, *(route.format for route in destination.routes)))
            if name not in known
        ]


_MAX_NAME = 253
"""Characters of a host name (RFC 1035 2.3.4, without the final dot)."""


def _domain(host: str) -> str:
    """The last two labels, by which patterns are kept. No pattern has a `*` in them."""
    return ".".join(host.rsplit(".", 2)[-2:])


def _normalised(host: str) -> str:
    name = host.strip().lower()
    head, colon, port = name.rpartition(":")
    if colon and port.isdigit() and ":" not in head:
        name = head
    if name.endswith("."):
        name = name[:-1]
    if not name.isascii() and len(name) <= _MAX_NAME:
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return name
    return name
