"""Recognizers from `config/recognizers/*.yaml`.

The files have the shape of Presidio's recognizer registry (docs: "Customizing recognizer registry from file"), so that
a company's own file drops in as it is: a list `recognizers`, whose entries are custom pattern recognizers (`patterns`,
`deny_list`, `context`, `supported_entity`, `global_regex_flags`), or `type: predefined` with the class name of a
Presidio recognizer, of one of `types`, or the path of a company's own (`tickets.TicketRecognizer`). Added to that are:

    data_class:  credentials      one of model.DataClass; without it see `data_classes`
    threshold:   0.4              the lowest score that counts
    enabled:     true
    keywords:    [token, secret]  one must stand near a match (patterns only)
    validator:   luhn             a check of `validators` (patterns only)
    prefilter:   '\\d{7}'          a cheap regex that every match contains (predefined only)
    examples:    {match: [...], no_match: [...]}

An example may be a list of strings, which are joined: that way no whole secret stands in a file. Regexes are matched
with Presidio's flags (DOTALL, MULTILINE, IGNORECASE) unless `global_regex_flags` says otherwise, as a list of names or
as Presidio's number, in an entry or once at the top of a file: `global_regex_flags: [MULTILINE]` makes a file's regexes
case-sensitive. A regex with a group `(?P<value>...)` reports that group only.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from promptguard.detectors.code_version import code_version
from promptguard.detectors.recognizers.allow_list import AllowList, load_allow_lists
from promptguard.detectors.recognizers.entries import RecognizerEntry, read_entries
from promptguard.detectors.recognizers.presidio_files import DataClasses, LeftOut, is_for_presidio
from promptguard.detectors.recognizers.recognizer import Example, Recognizer
from promptguard.detectors.recognizers.tuning import TUNING_FILE, Change, load_tuning
from promptguard.errors import ConfigError
from promptguard.model import DataClass

_NO_CLASSES: Mapping[str, DataClass] = {}


@dataclass(frozen=True, slots=True)
class RecognizerSet:
    """All enabled recognizers of a configuration folder, and what they may not report."""

    recognizers: tuple[Recognizer, ...]
    version: str
    """Hash of the files and of the versions of the code that reads and runs them."""
    allow_list: AllowList = field(default_factory=AllowList)
    switched_off: frozenset[str] = frozenset()
    """The names of those that the files have and that are not enabled."""
    remarks: tuple[ConfigError, ...] = ()
    """What was taken as it is, and may not be meant so."""

    def examples(self) -> list[Example]:
        """The examples of all enabled recognizers."""
        return [example for recognizer in self.recognizers for example in recognizer.examples]


def load_recognizers(
    folder: Path, cache_folder: Path | None = None, *, data_classes: Mapping[str, DataClass] = _NO_CLASSES
) -> RecognizerSet:
    """Read every `*.yaml` file in `folder`, in the order of their names.

    `allow.yaml` and `allow_….yaml` are allow lists, and `tuning.yaml` changes recognizers of the other files.

    Args:
        folder: of the recognizers.
        cache_folder: where is noted that the regexes of these files compile. With that note none is compiled before it
            is needed, which saves a second. None keeps no note.
        data_classes: what entity types belong to whose recognizers do not say so.

    Raises:
        ConfigError: a file cannot be read, or says something that is not understood.
    """
    files = recognizer_files(folder)
    version = _version(files, folder, data_classes)
    note = cache_folder / f"recognizers-{version}.checked" if cache_folder else None
    check = note is None or not note.exists()
    tuning = load_tuning(folder / TUNING_FILE)
    entries = [each for file in files for each in read_entries(file, check=check)]
    left_out = {file: LeftOut() for file in files}
    seen: dict[str, RecognizerEntry] = {}
    recognizers: list[Recognizer] = []
    switched_off: set[str] = set()
    known = {kind: each.data_class for each in entries if each.data_class for kind in each.entity_types}
    classes = DataClasses(data_classes, known)
    # What was written for PromptGuard comes first: where Presidio's file names the same, it says less of it.
    for each in sorted(entries, key=lambda entry: is_for_presidio(entry.yaml)):
        if each.name in seen and not (each.is_stock and not seen[each.name].is_enabled):
            if each.is_stock:
                left_out[each.yaml.file].add(each.yaml, each.name, "PromptGuard has its own of that name")
                continue
            other = seen[each.name].yaml
            each.yaml.fail(
                "name",
                f"a recognizer named ‘{each.name}’ is already in {other.file.name}, line {other.line}",
                "give this one another name",
            )
        seen[each.name] = each
        change = tuning.pop(each.name, Change())
        if not (each.is_enabled if change.enabled is None else change.enabled):
            switched_off.add(each.name)
            continue
        if each.presidio is None:
            left_out[each.yaml.file].add(each.yaml, each.name, each.why_not)
            continue
        switched_off.discard(each.name)  # Presidio's file may have it where ours is off
        recognizers.append(_changed(each.finished(classes), change))
    for name, change in tuning.items():
        change.unknown(name, seen)
    if note is not None and check:
        with contextlib.suppress(OSError):  # the next start takes a second longer
            note.parent.mkdir(parents=True, exist_ok=True)
            note.touch()
    return RecognizerSet(
        recognizers=tuple(recognizers),
        version=version,
        allow_list=load_allow_lists(folder),
        switched_off=frozenset(switched_off),
        remarks=(*(remark for each in left_out.values() for remark in each.remarks()), *classes.remarks),
    )


def load_recognizer_file(file: Path, *, data_classes: Mapping[str, DataClass] = _NO_CLASSES) -> RecognizerSet:
    """Read one file of recognizers, with the allow lists beside it: all of them, switched on or not.

    Raises:
        ConfigError: the file cannot be read, or says something that is not understood.
    """
    entries = [each for each in read_entries(file, check=True) if each.presidio is not None]
    known = {kind: each.data_class for each in entries if each.data_class for kind in each.entity_types}
    classes = DataClasses(data_classes, known)
    return RecognizerSet(
        recognizers=tuple(each.finished(classes) for each in entries),
        version=_version([file], file.parent, data_classes),
        allow_list=load_allow_lists(file.parent),
        remarks=tuple(classes.remarks),
    )


def recognizer_files(folder: Path) -> list[Path]:
    """The files of recognizers in a folder, and its allow lists, in the order of their names.

    Raises:
        ConfigError: a file would be overlooked, because its name ends otherwise.
    """
    for path in sorted(folder.glob("*.yml")):
        raise ConfigError(path, None, "files of recognizers end in .yaml", f"Call it {path.stem}.yaml.")
    return sorted(folder.glob("*.yaml"))


def _changed(recognizer: Recognizer, change: Change) -> Recognizer:
    """A recognizer as `tuning.yaml` has it."""
    if change.context:
        presidio = recognizer.recognizer
        presidio.context = list(dict.fromkeys([*(presidio.context or ()), *change.context]))
    return recognizer if change.threshold is None else replace(recognizer, threshold=change.threshold)


def _version(files: Iterable[Path], folder: Path, data_classes: Mapping[str, DataClass]) -> str:
    digest = hashlib.sha256()
    for package in ("promptguard", "presidio-analyzer", "phonenumbers", "tldextract", "regex"):
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    digest.update(f"{code_version()} {sorted(data_classes.items())}\n".encode())
    for file in (*files, *sorted(folder.rglob("*.py"))):
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
