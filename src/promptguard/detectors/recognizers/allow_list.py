"""Values that are never findings: documentation addresses, test cards, a company's own public contacts.

`config/recognizers/allow.yaml` and files beside it called `allow_….yaml` hold a list `allow`. Every item has one or
more of `values` (compared without case and, for numbers, without separators), `patterns` (regexes that must match the
whole value, without case), `networks` (IP networks in CIDR form) and `fingerprints` (keyed hashes of values, as the
record has them), and may have `entity_types` to hold for those types alone, a `reason` for the reader, and an `id`, by
which records name it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

import regex

from promptguard.detectors.recognizers.yaml_entries import REGEX_HELP, YamlEntry, read_yaml, yaml_of
from promptguard.detectors.values import DIGEST_BYTES, fingerprint, normalise
from promptguard.errors import ConfigError

FILE_NAMES = "allow.yaml", "allow_*.yaml"
"""The files of the recognizers' folder that are allow lists, as globs."""

_KEYS = {"id", "fingerprints", "values", "patterns", "networks", "entity_types", "reason"}

_FINGERPRINT = regex.compile(rf"[0-9a-f]{{{2 * DIGEST_BYTES}}}")

_ID = regex.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_ID = 64
REVIEWED = "al-"
"""How ids begin of what reviewers let pass (`detectors.false_alarms`)."""


class Value:
    """A value that is compared with all items: its other forms are made once, and when they are asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def comparable(self) -> str:
        """What it is compared by."""
        return normalise(self.text)

    def fingerprint(self, key: bytes) -> str:
        """Its keyed hash, under a key that is the same each time."""
        if self._fingerprint is None:
            self._fingerprint = fingerprint(self.text, key)
        return self._fingerprint

    _fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """One item of the allow list."""

    values: frozenset[str] = frozenset()
    """In their comparable form."""
    patterns: tuple[regex.Pattern[str], ...] = ()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    entity_types: frozenset[str] = frozenset()
    """Entity types for which this holds; empty for all."""
    fingerprints: frozenset[str] = frozenset()
    """Keyed hashes of values, as the record shows them: what is allowed this way is written down nowhere."""
    reason: str = ""
    place: tuple[Path, int] | None = None
    """File and line of its entity types."""
    id: str = ""
    """By which records name it: its own, or its file and line."""
    ids: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Of several entries that are one item: the id of each, by its fingerprint."""

    def allows(self, value: Value, entity_type: str, key: bytes = b"") -> bool:
        """Whether `value` is no finding when it is taken for `entity_type`; `key` is that of the fingerprints."""
        if self.entity_types and entity_type not in self.entity_types:
            return False
        if self.values and value.comparable in self.values:
            return True
        if self.fingerprints and key and value.fingerprint(key) in self.fingerprints:
            return True
        if any(pattern.fullmatch(value.text) for pattern in self.patterns):
            return True
        return bool(self.networks) and self._in_networks(value.text)

    def entry(self, value: str, key: bytes = b"") -> str:
        """The id of the entry that lets a value pass, which `allows`."""
        return self.ids[fingerprint(value, key)] if self.ids else self.id

    def _in_networks(self, value: str) -> bool:
        try:
            address = ip_address(value)
        except ValueError:
            return False
        return any(address in network for network in self.networks)


@dataclass(frozen=True, slots=True)
class AllowList:
    """All items of the allow list."""

    allowances: Sequence[Allowance] = field(default_factory=tuple)
    version: str = ""
    """Hash of the file it was read from."""
    key: bytes = field(default=b"", repr=False)
    """Of this installation's fingerprints; without it, items with fingerprints allow nothing."""

    def allows(self, value: str, entity_type: str) -> bool:
        """Whether any item lets this value pass."""
        return self.allowance(value, entity_type) is not None

    def entry(self, value: str, entity_type: str) -> str | None:
        """The id of the first entry that lets this value pass; None where none does."""
        found = self.allowance(value, entity_type)
        return found.entry(value, self.key) if found else None

    def entry_of(self, fingerprint: str) -> str | None:
        """The id of the first entry that lets the value of a fingerprint pass, whatever it is taken for."""
        found = next((each for each in self.allowances if self.key and fingerprint in each.fingerprints), None)
        return found.ids.get(fingerprint, found.id) if found else None

    def allowance(self, value: str, entity_type: str) -> Allowance | None:
        """The first item that lets this value pass."""
        compared = Value(value)
        return next((each for each in self.allowances if each.allows(compared, entity_type, self.key)), None)


def is_allow_list(file: Path) -> bool:
    """Whether a file of the recognizers' folder is an allow list."""
    return any(file.match(name) for name in FILE_NAMES)


def load_allow_lists(folder: Path) -> AllowList:
    """Read all allow lists of a folder as one.

    Raises:
        ConfigError: a file cannot be read, or says something that is not understood.
    """
    lists = [load_allow_list(file) for file in sorted(folder.glob("*.yaml")) if is_allow_list(file)]
    allowances = tuple(allowance for each in lists for allowance in each.allowances)
    _refuse_twins(allowances)
    return AllowList(
        allowances,
        hashlib.sha256("".join(each.version for each in lists).encode()).hexdigest()[:16],
    )


def load_allow_list(file: Path) -> AllowList:
    """Read an allow list; a file that does not exist allows nothing.

    Raises:
        ConfigError: the file cannot be read, or says something that is not understood.
    """
    if not file.exists():
        return AllowList()
    return AllowList(_allowances(read_yaml(file)), hashlib.sha256(file.read_bytes()).hexdigest()[:16])


def allowances_of(file: Path, text: str) -> Sequence[Allowance]:
    """The items of an allow list by the text that it had.

    Raises:
        ConfigError: it says something that is not understood.
    """
    return _allowances(yaml_of(file, text))


def _allowances(document: YamlEntry) -> tuple[Allowance, ...]:
    document.only({"allow"})
    allowances = tuple(_allowance(entry) for entry in document.entries("allow", default=()))
    _refuse_twins(allowances)
    return allowances


def _refuse_twins(allowances: Sequence[Allowance]) -> None:
    """Refuse two items of one id: a record would not tell which of them let a value pass."""
    seen: set[str] = set()
    for each in allowances:
        if each.id in seen and each.place and _ID.fullmatch(each.id):
            file, line = each.place
            raise ConfigError(file, line, f"another item has the id ‘{each.id}’ too", "give each item its own id")
        seen.add(each.id)


def _id(entry: YamlEntry) -> str:
    """The id of an item; that of one without is where it stands."""
    id = entry.string("id", "")
    if "id" not in entry:
        return f"{entry.file.name}:{entry.line}"
    if len(id) > MAX_ID or not _ID.fullmatch(id) or id.startswith(REVIEWED):
        remedy = (
            f"up to {MAX_ID} small letters, digits and hyphens, such as our-contacts; not beginning with {REVIEWED}"
        )
        entry.fail("id", f"‘{id}’ is no id of an item", remedy)
    return id


def _allowance(entry: YamlEntry) -> Allowance:
    entry.only(_KEYS)
    if not any(key in entry for key in ("fingerprints", "values", "patterns", "networks")):
        entry.fail(None, "an item that allows nothing", "add `values`, `patterns`, `networks` or `fingerprints`")
    fingerprints = entry.strings("fingerprints", default=())
    for text in fingerprints:
        if not _FINGERPRINT.fullmatch(text):
            entry.fail("fingerprints", "one of them is no fingerprint", "take them from `promptguard audit show`")
    patterns = []
    for text in entry.strings("patterns", default=()):
        try:
            patterns.append(regex.compile(text, regex.IGNORECASE))
        except regex.error as error:
            entry.fail("patterns", f"a regex does not compile: {error}", f"correct it; {REGEX_HELP}")
    networks = []
    for text in entry.strings("networks", default=()):
        try:
            networks.append(ip_network(text))
        except ValueError as error:
            entry.fail("networks", f"{error}", "write networks as 192.0.2.0/24 or 2001:db8::/32")
    return Allowance(
        values=frozenset(map(normalise, entry.strings("values", default=()))),
        patterns=tuple(patterns),
        networks=tuple(networks),
        entity_types=frozenset(entry.strings("entity_types", default=())),
        fingerprints=frozenset(fingerprints),
        reason=entry.string("reason", ""),
        place=(entry.file, entry.line_of("entity_types")),
        id=_id(entry),
    )
