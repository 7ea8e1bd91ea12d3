"""The registry of AI services out of its files: one `destinations.yaml`, or a folder of them, one a kind of service."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from promptguard.destinations.entries import DestinationEntry, RegistryFile
from promptguard.destinations.never_decrypt import NeverDecrypt, NeverDecryptFile
from promptguard.destinations.registry import Registry
from promptguard.errors import ConfigError
from promptguard.typed_yaml.explaining import Place
from promptguard.typed_yaml.mistakes import suggestion
from promptguard.typed_yaml.reading import YamlFile, together

FILE: Final = "destinations.yaml"
FOLDER: Final = "destinations"
NEVER_DECRYPT: Final = "never_decrypt.yaml"


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a service, or a group of hosts, is defined."""

    file: Path
    line: int | None

    def __str__(self) -> str:
        return str(self.file) if self.line is None else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Destinations:
    """The registry as loaded."""

    registry: Registry
    definitions: dict[str, Definition]
    """Where each service is defined, by id."""


@dataclass(frozen=True, slots=True)
class _Defined:
    """One entry and its file."""

    entry: DestinationEntry
    file: YamlFile
    at: Place

    def line(self, *place: str | int) -> Definition:
        return Definition(self.file.path, self.file.line((*self.at, *place)))

    def error(self, *place: str | int, problem: str, remedy: str) -> ConfigError:
        return self.file.error((*self.at, *place), problem, remedy)


def load_destinations(folder: Path, formats: Collection[str]) -> Destinations:
    """Read the registry of a configuration folder.

    Args:
        formats: ids of the wire formats that it may name.

    Raises:
        ConfigError: there is a mistake in one of the files, or they do not fit together.
    """
    read = [(file, file.read_as(RegistryFile)) for file in map(YamlFile, registry_files(folder))]
    off = frozenset(id for _, content in read for id in content.disabled)
    defined = [each for file, content in read for each in _entries(file, content, off)]
    if not any(each.entry.enabled for each in defined):
        where = folder / FOLDER if (folder / FOLDER).is_dir() else folder / FILE
        raise ConfigError(where, None, "there are no destinations, so nothing would be inspected", "Name at least one.")
    never, never_file = _never_decrypt(folder / NEVER_DECRYPT)
    errors = [*_clashes(defined), *_unknown_disabled(read, {each.entry.id for each in defined})]
    errors += [*_unknown_formats(defined, formats), *_never_decrypted(defined, never, never_file)]
    if errors:
        raise together(errors)
    registry = Registry([each.entry for each in defined], never)
    return Destinations(registry, {each.entry.id: each.line() for each in defined})


def registry_files(folder: Path) -> list[Path]:
    """The files that the registry consists of, in the order of their names.

    Raises:
        ConfigError: there is both a file and a folder, or a file in the folder that would not be read.
    """
    several = folder / FOLDER
    if not several.is_dir():
        return [folder / FILE]
    if (folder / FILE).exists():
        raise ConfigError(
            folder / FILE,
            None,
            f"there is a folder {FOLDER}/ beside this file, and which of them counts is not said",
            f"Move the file into the folder, or remove one of the two. {FOLDER}/ holds what is shipped.",
        )
    files = sorted(path for path in several.iterdir() if path.is_file() and not path.name.startswith("."))
    for path in files:
        if path.suffix == ".yml":
            raise ConfigError(path, None, "this file would not be read", "Let its name end in .yaml.")
    return [path for path in files if path.suffix == ".yaml"]


def _entries(file: YamlFile, content: RegistryFile, off: Collection[str]) -> Iterator[_Defined]:
    for index, entry in enumerate(content.entries()):
        entry = entry.model_copy(update={"enabled": False}) if entry.id in off else entry
        yield _Defined(entry, file, ("destinations", index))


def _unknown_disabled(read: Iterable[tuple[YamlFile, RegistryFile]], ids: Collection[str]) -> Iterator[ConfigError]:
    for file, content in read:
        for index, id in enumerate(content.disabled):
            if id not in ids:
                remedy = suggestion(id, sorted(ids), noun="destinations")
                yield file.error(("disabled", index), f"there is no destination ‘{id}’ to switch off", remedy)


def _clashes(defined: list[_Defined]) -> Iterator[ConfigError]:
    """Ids and hosts that stand twice, and alternatives that do not stand anywhere.

    The hosts of a service that is switched off may be those of another: of one that a company has written in its place.
    """
    ids: dict[str, _Defined] = {}
    owners: dict[str, tuple[_Defined, str, int]] = {}
    for each in defined:
        id = each.entry.id
        if (other := ids.setdefault(id, each)) is not each:
            problem = f"another destination has the id ‘{id}’ too, {other.line('id')}"
            yield each.error("id", problem=problem, remedy="Give each its own id.")
        for key in ("hosts", "undecrypted_hosts") if each.entry.enabled else ():
            for number, host in enumerate(getattr(each.entry, key)):
                owner, place, index = owners.setdefault(host, (each, key, number))
                if (owner, place, index) != (each, key, number):
                    problem = f"‘{host}’ already belongs to ‘{owner.entry.id}’, {owner.line(place, index)}"
                    yield each.error(key, number, problem=problem, remedy="Name it only once.")
    for each in defined:
        known = ids.keys() - {each.entry.id}
        for number, alternative in enumerate(each.entry.alternatives):
            if alternative not in known:
                problem = f"there is no other destination ‘{alternative}’"
                remedy = suggestion(alternative, sorted(known), noun="destinations")
                yield each.error("alternatives", number, problem=problem, remedy=remedy)


def _unknown_formats(defined: list[_Defined], formats: Collection[str]) -> Iterator[ConfigError]:
    for each in defined:
        named: list[tuple[str | None, Place]] = [(each.entry.format, ("format",))]
        named += [(route.format, ("routes", index, "format")) for index, route in enumerate(each.entry.routes)]
        for name, place in named:
            if name is not None and name not in formats:
                problem = f"‘{each.entry.id}’ names the wire format ‘{name}’, which there is not"
                remedy = suggestion(name, sorted(formats), noun="formats")
                yield each.error(*place, problem=problem, remedy=remedy)


def _never_decrypt(path: Path) -> tuple[NeverDecrypt, YamlFile | None]:
    if not path.exists():
        return NeverDecrypt(), None
    file = YamlFile(path)
    return NeverDecrypt(file.read_as(NeverDecryptFile).never_decrypt), file


def _never_decrypted(defined: list[_Defined], never: NeverDecrypt, file: YamlFile | None) -> Iterator[ConfigError]:
    """Hosts of services that may not be one's."""
    if file is None:
        return
    for each in defined:
        for number, host in enumerate(each.entry.hosts if each.entry.enabled else ()):
            if (group := never.forbids(host)) is None:
                continue
            index = never.entries.index(group)
            place: Place = ("never_decrypt", index)
            if host in group.hosts:
                place = (*place, "hosts", group.hosts.index(host))
            told = Definition(file.path, file.line(place))
            yield each.error(
                "hosts",
                number,
                problem=f"‘{host}’ is never decrypted ({group.group}), {told}",
                remedy="Name it under `undecrypted_hosts`, or take it out there.",
            )
