"""A configuration of one's own that follows the shipped one from version to version.

What it was made from is noted in it, as a hash a file. So a later version can tell what a company has changed from
what is merely old: the one stays, the other is taken up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Final

import orjson

from promptguard.errors import PromptGuardError
from promptguard.installation.presets import Preset, preset_files
from promptguard.installation.shipped import files_of, shipped_configuration
from promptguard.installation.writing import replace

ORIGIN: Final = ".shipped.json"
"""What the folder was made from: the version, and the SHA-256 (hex) of each shipped file, by its path."""


class Difference(StrEnum):
    """How a file stands to the one that is shipped now."""

    NEW = "new"
    """It is shipped now, and was not."""
    CHANGED = "changed"
    """It is shipped with other content now, and was not touched here."""
    GONE = "gone"
    """It is shipped no more, and was not touched here."""
    BOTH = "changed on both sides"
    """It was changed here, and is shipped with other content, or no more."""


TAKEN_UP: Final = frozenset({Difference.NEW, Difference.CHANGED, Difference.GONE})
"""What can be taken up without losing anything."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One file of one's own configuration that differs from what is shipped now by what has been shipped since."""

    path: str
    difference: Difference
    own: bytes | None
    shipped: bytes | None


def write_out(folder: Path, preset: Preset = Preset.BALANCED) -> int:
    """Write the shipped configuration, as a preset has it, into a folder. Returns how many files it has.

    Raises:
        PromptGuardError: something is there already.
        OSError: the folder cannot be written to.
    """
    if folder.exists() and any(folder.iterdir()):
        raise PromptGuardError(
            f"{folder}: there is something already, which stays as it is.\n"
            "  Name another folder; or see with `promptguard upgrade check` what has been shipped since it was made."
        )
    shipped = preset_files(preset)
    for name, content in shipped.items():
        replace(folder / name, content)
    _note(folder, {name: _hash(content) for name, content in shipped.items()}, preset)
    return len(shipped)


def compare(folder: Path) -> list[Compared]:
    """What has been shipped since a configuration was made or last followed, by path.

    Raises:
        PromptGuardError: it is the shipped configuration itself, or what it was made from cannot be read.
        OSError: a file cannot be read.
    """
    if folder.resolve() == shipped_configuration().resolve():
        raise PromptGuardError(
            f"{folder} is the shipped configuration itself, and changes with the version that is installed.\n"
            "  Write out one of your own with `promptguard init`."
        )
    if not folder.is_dir():
        raise PromptGuardError(f"{folder}: there is no such folder.\n  Write one out with `promptguard init`.")
    shipped, origin = preset_files(made_as(folder)), _origin(folder)
    linked = {path: folder / path for path in shipped}  # `files_of` goes into no folder that is a symbolic link
    own = {path: file.read_bytes() for path, file in linked.items() if file.is_file()} | dict(files_of(folder))
    compared = []
    for path in sorted({*own, *shipped}):
        if path not in own and f"{path.partition('/')[0]}.yaml" in own:
            continue  # one file of one's own (`destinations.yaml`) stands for the folder: both would be a mistake
        difference = _difference(own.get(path), shipped.get(path), origin.get(path))
        if difference is not None:
            compared.append(Compared(path, difference, own.get(path), shipped.get(path)))
    return compared


def follow(folder: Path, *, keep: Collection[str] = (), take: Collection[str] = ()) -> list[Compared]:
    """Take up what can be taken up without losing anything, and what is told of the rest. Returns what was settled.

    Args:
        keep: paths of files changed on both sides that stay as they are here.
        take: paths of such files that become what is shipped.

    Raises:
        PromptGuardError: a path names no file that was changed on both sides; or as `compare` says.
        OSError: a file cannot be written. What was written until then is noted, so that it can be gone on with.
    """
    compared = compare(folder)
    open_ones = {each.path for each in compared if each.difference is Difference.BOTH}
    if strange := sorted({*keep, *take} - open_ones):
        raise PromptGuardError(
            f"{strange[0]}: it was not changed on both sides, so that there is nothing to choose.\n"
            f"  Name one of these: {', '.join(sorted(open_ones)) or 'there is none'}."
        )
    # What is the same on both sides now was changed by nobody, whatever it was made from.
    preset = made_as(folder)
    own, shipped = files_of(folder), preset_files(preset)
    same = {path: _hash(content) for path, content in own.items() if shipped.get(path) == content}
    origin = {**_origin(folder), **same}
    settled: list[Compared] = []
    for each in compared:
        if each.path in keep:
            pass
        elif each.difference in TAKEN_UP or each.path in take:
            _take(folder / each.path, each.shipped)
        else:
            continue
        if each.shipped is None:
            origin.pop(each.path, None)
        else:
            origin[each.path] = _hash(each.shipped)
        settled.append(each)
        _note(folder, origin, preset)
    if not settled:
        _note(folder, origin, preset)
    return settled


def made_with(folder: Path) -> str:
    """The version whose configuration a folder was made from or has last followed; empty where it is not known."""
    return str(_read_origin(folder).get("version", ""))


def made_as(folder: Path) -> Preset:
    """The preset that a folder was made as; that of the shipped configuration where it is not known."""
    noted = _read_origin(folder).get("preset")
    return Preset(str(noted)) if noted in set(Preset) else Preset.BALANCED


def _difference(own: bytes | None, shipped: bytes | None, origin: str | None) -> Difference | None:
    if own == shipped:
        return None
    here, there = (None if content is None else _hash(content) for content in (own, shipped))
    if there == origin:  # nothing has been shipped since: what differs is the company's own
        return None
    if origin is None:
        return Difference.NEW if own is None else Difference.BOTH
    if own is None:
        return None  # it was removed here
    if here == origin:
        return Difference.CHANGED if shipped is not None else Difference.GONE
    return Difference.BOTH


def _take(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
    else:
        replace(path, content)


def _note(folder: Path, origin: Mapping[str, str], preset: Preset) -> None:
    members = {"version": version("promptguard"), "preset": preset, "files": dict(origin)}
    replace(folder / ORIGIN, orjson.dumps(members, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def _origin(folder: Path) -> Mapping[str, str]:
    files = _read_origin(folder).get("files", {})
    return files if isinstance(files, dict) else {}


def _read_origin(folder: Path) -> Mapping[str, object]:
    path = folder / ORIGIN
    if not path.exists():
        return {}
    try:
        read = orjson.loads(path.read_bytes())
        if isinstance(read, dict):
            return read
    except orjson.JSONDecodeError:
        pass
    raise PromptGuardError(
        f"{path}: it cannot be read as what this folder was made from.\n"
        "  Restore it from a backup; or remove it, and files that differ count as changed on both sides."
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
