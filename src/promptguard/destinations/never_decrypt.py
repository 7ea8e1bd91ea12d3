"""Hosts that are never decrypted, whatever pattern of an AI service they match: signing in, paying, banking.

From `never_decrypt.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

from promptguard.destinations.hosts import HostTable, an_instance, host_mistake
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.mistakes import mistake


class NeverDecryptEntry(Section):
    """Hosts that are left alone for one reason."""

    group: str = Field(min_length=1, description="What they have in common, in a word or two.")
    reason: str = Field(min_length=1, description="Why they are never decrypted, as a sentence.")
    hosts: OneOrMore[str] = Field(description="Names or patterns, written as those of destinations.")
    unless_named: bool = Field(
        default=False,
        description="Whether a destination may name single hosts of the patterns, such as its own storage account.",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        for index, host in enumerate(self.hosts):
            if wrong := host_mistake(host):
                raise mistake(("hosts", index), *wrong)
        return self


class NeverDecryptFile(Section):
    """The shape of `never_decrypt.yaml`."""

    never_decrypt: tuple[NeverDecryptEntry, ...] = Field(description="Groups of hosts that are never decrypted.")


class NeverDecrypt:
    """Tells whether a host is to be left alone, and why. Immutable."""

    def __init__(self, entries: Iterable[NeverDecryptEntry] = ()) -> None:
        self.entries = tuple(entries)
        self._table: HostTable[NeverDecryptEntry] = HostTable()
        for entry in self.entries:
            for host in entry.hosts:
                self._table.add(host, entry)

    def find(self, name: str) -> NeverDecryptEntry | None:
        """The group of a host, normalised."""
        return self._table.find(name)

    def forbids(self, host: str) -> NeverDecryptEntry | None:
        """The group because of which a destination cannot have a host, or pattern of hosts."""
        found = self.find(an_instance(host))
        may_name = found is not None and found.unless_named and "*" not in host and self._table.named(host) is None
        return None if may_name else found

    def hosts(self) -> frozenset[str]:
        """All names and patterns."""
        return frozenset(host for entry in self.entries for host in entry.hosts)
