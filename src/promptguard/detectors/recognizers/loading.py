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
import functools
import hashlib
import importlib.metadata
import inspect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import regex
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer

from promptguard.detectors.code_version import code_version
from promptguard.detectors.recognizers.allow_list import AllowList, is_allow_list, load_allow_lists
from promptguard.detectors.recognizers.classes import (
    NoSuchClass,
    class_at,
    named_classes,
    needs_another_machine,
    reads_language_model,
)
from promptguard.detectors.recognizers.presidio_files import DataClasses, LeftOut, is_for_presidio, speaks_none_of
from promptguard.detectors.recognizers.tuning import TUNING_FILE, Change, load_tuning
from promptguard.detectors.recognizers.types.pattern import LazyPattern, ValidatedPatternRecognizer
from promptguard.detectors.recognizers.yaml_entries import YamlEntry, read_yaml
from promptguard.detectors.validators.registry import load_validators
from promptguard.errors import ConfigError
from promptguard.model import DataClass

_NO_CLASSES: Mapping[str, DataClass] = {}

DEFAULT_THRESHOLD = 0.4
DEFAULT_FLAGS = int(regex.DOTALL | regex.MULTILINE | regex.IGNORECASE)
"""Presidio's own (`PatternRecognizer.__init__`)."""

_FLAGS = {
    "DOTALL": int(regex.DOTALL),
    "MULTILINE": int(regex.MULTILINE),
    "IGNORECASE": int(regex.IGNORECASE),
    "VERBOSE": int(regex.VERBOSE),
}

_COMMON_KEYS = {
    "name", "type", "data_class", "threshold", "enabled", "examples", "context", "supported_entity",
    "supported_language", "supported_languages", "supported_entities",
}  # fmt: skip
_CUSTOM_KEYS = _COMMON_KEYS | {
    "patterns", "deny_list", "deny_list_score", "global_regex_flags", "keywords", "validator",
}  # fmt: skip
_PREDEFINED_KEYS = _COMMON_KEYS | {"class_name", "prefilter", "country_code"}
_FILE_KEYS = {"recognizers", "global_regex_flags", "supported_languages"}


@dataclass(frozen=True, slots=True)
class Example:
    """A text on which a recognizer is held to its word."""

    recognizer: str
    text: str = field(repr=False)
    matches: bool
    """Whether the recognizer must find something in the text, or nothing."""
    file: Path
    line: int


@dataclass(frozen=True, slots=True)
class Recognizer:
    """A Presidio recognizer and what our configuration says of it."""

    recognizer: EntityRecognizer
    data_class: DataClass
    threshold: float
    file: Path
    line: int
    prefilter: str = ""
    """A regex of which every match of a recognizer without patterns contains a match; empty if there is none."""
    examples: tuple[Example, ...] = ()

    @property
    def name(self) -> str:
        return str(self.recognizer.name)

    @property
    def patterns(self) -> list[Pattern]:
        """The regexes of which each match is a candidate; empty for recognizers that are not made of regexes."""
        custom = type(self.recognizer).__dict__.get("prefilter")
        if isinstance(self.recognizer, PatternRecognizer) and not custom:
            return list(self.recognizer.patterns)
        return []


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
    entries = [each for file in files for each in _read_file(file, check=check)]
    left_out = {file: LeftOut() for file in files}
    seen: dict[str, _Entry] = {}
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
                f"a recognizer named {each.name!r} is already in {other.file.name}, line {other.line}",
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
    entries = [each for each in _read_file(file, check=True) if each.presidio is not None]
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


@dataclass(frozen=True, slots=True)
class _Entry:
    """One recognizer as its file has it."""

    yaml: YamlEntry
    name: str
    data_class: DataClass | None
    presidio: EntityRecognizer | None
    """None where Presidio, or the file itself, would not have it made."""
    why_not: str = ""
    prefilter: str = ""

    @property
    def is_enabled(self) -> bool:
        return self.yaml.boolean("enabled", True)

    @property
    def is_stock(self) -> bool:
        """Whether it merely names a class that Presidio has."""
        return is_for_presidio(self.yaml) and not isinstance(self.presidio, ValidatedPatternRecognizer)

    @property
    def entity_types(self) -> tuple[str, ...]:
        return tuple(self.presidio.supported_entities) if self.presidio else ()

    def finished(self, classes: DataClasses) -> Recognizer:
        """With the data class that it lacks."""
        assert self.presidio is not None
        return Recognizer(
            recognizer=self.presidio,
            data_class=self.data_class or classes.of(self.yaml, self.entity_types),
            threshold=self.yaml.fraction("threshold", DEFAULT_THRESHOLD),
            file=self.yaml.file,
            line=self.yaml.line,
            prefilter=self.prefilter,
            examples=_examples(self.yaml, self.name),
        )


def _read_file(file: Path, *, check: bool) -> list[_Entry]:
    if is_allow_list(file) or file.name == TUNING_FILE:
        return []
    document = read_yaml(file)
    document.only(_FILE_KEYS)
    flags = _flags(document, DEFAULT_FLAGS)
    languages = document.strings("supported_languages", default=())
    return [_entry(entry, flags, languages, check) for entry in document.entries("recognizers")]


def _entry(entry: YamlEntry, file_flags: int, languages: Sequence[str], check: bool) -> _Entry:
    # As Presidio tells it where the file does not.
    likely = "custom" if "patterns" in entry or "deny_list" in entry or "supported_entity" in entry else "predefined"
    predefined = entry.choice("type", ("custom", "predefined"), default=likely) == "predefined"
    known = tuple(member.value for member in DataClass)
    data_class = None if is_for_presidio(entry) else DataClass(entry.choice("data_class", known))
    why_not = _why_not(entry, languages) if predefined and data_class is None else ""
    if why_not:
        return _Entry(entry, entry.string("name"), data_class, None, why_not)
    entry.fraction("threshold", DEFAULT_THRESHOLD)
    presidio = _predefined(entry, check) if predefined else _custom(entry, file_flags, check)
    prefilter = (
        _regex(entry, "prefilter", 0, check)
        if predefined and "prefilter" in entry
        else getattr(presidio, "prefilter", "")
    )
    _examples(entry, str(presidio.name))
    return _Entry(entry, str(presidio.name), data_class, presidio, prefilter=prefilter)


def _why_not(entry: YamlEntry, languages: Sequence[str]) -> str:
    """Why a recognizer of Presidio's that its file names is not to be made; empty if it is.

    Raises:
        ConfigError: it is switched on, and cannot be had.
    """
    recognizer_class = _class(entry)
    if needs_another_machine(recognizer_class):
        if entry.boolean("enabled", True):
            entry.fail(
                None,
                f"{recognizer_class.__name__} sends texts to a further service, or runs a large model in the proxy",
                "write `enabled: false`",
            )
        return "they need a further service or a large model"
    if reads_language_model(recognizer_class):
        return "names are looked for by PromptGuard's own workers (`names` in promptguard.yaml)"
    if speaks_none_of(entry, languages):
        return f"they are for other languages than the file's, {', '.join(languages)}"
    return ""


def _custom(entry: YamlEntry, file_flags: int, check: bool) -> ValidatedPatternRecognizer:
    entry.only(_CUSTOM_KEYS)
    flags = _flags(entry, file_flags)
    patterns = [_pattern(pattern, flags, check) for pattern in entry.entries("patterns", default=())]
    deny_list = entry.strings("deny_list", default=())
    if not patterns and not deny_list:
        entry.fail(None, "a custom recognizer without `patterns` and `deny_list`", "add one of them")
    validators = load_validators()
    name = entry.choice("validator", tuple(validators), default="")
    return ValidatedPatternRecognizer(
        supported_entity=_entity(entry),
        name=entry.string("name"),
        patterns=patterns,
        context=_context(entry) or (),
        deny_list=deny_list,
        deny_list_score=entry.fraction("deny_list_score", 1.0),
        validator=validators[name] if name else None,
        keywords=entry.strings("keywords", default=()),
        global_regex_flags=flags,
    )


def _entity(entry: YamlEntry) -> str:
    """The entity type; of several, the first counts, as with Presidio."""
    several = entry.strings("supported_entities", default=())
    return several[0] if several and "supported_entity" not in entry else entry.string("supported_entity")


def _regex(entry: YamlEntry, key: str, flags: int, check: bool) -> str:
    return entry.regex_text(key, flags) if check else entry.string(key)


def _pattern(entry: YamlEntry, flags: int, check: bool) -> LazyPattern:
    entry.only({"name", "regex", "score"})
    text = _regex(entry, "regex", flags, check)
    return LazyPattern(entry.string("name"), text, entry.fraction("score"), flags)


def _context(entry: YamlEntry) -> list[str] | None:
    """The context words of all languages: texts are not sorted by language, so neither are words."""
    words = entry.strings("context", default=())
    languages = entry.value("supported_languages") or []
    for language in languages if isinstance(languages, list) else []:
        if isinstance(language, dict):
            words += tuple(str(word) for word in language.get("context") or ())
    return list(dict.fromkeys(words)) or None


def _class(entry: YamlEntry) -> type[EntityRecognizer]:
    key = "class_name" if "class_name" in entry else "name"
    name = entry.string(key)
    if "." in name and name not in named_classes():
        try:
            return class_at(name, entry.file.parent)
        except NoSuchClass as error:
            entry.fail(key, str(error), "Name a class as `module.Class`; the module may be a .py file of this folder.")
    return named_classes()[entry.choice(key, tuple(named_classes()))]


def _predefined(entry: YamlEntry, check: bool) -> EntityRecognizer:
    recognizer_class = _class(entry)
    parameters = inspect.signature(recognizer_class).parameters
    entry.only(_PREDEFINED_KEYS | (set(parameters) - {"patterns", "args", "kwargs"}))
    arguments: dict[str, Any] = {
        name: entry.value(name)
        for name in parameters
        if name in entry and name not in {"name", "context", "supported_language", "supported_languages"}
    }
    context = _context(entry)
    if context and "context" in parameters:
        arguments["context"] = context
    try:
        recognizer = recognizer_class(**arguments)
        for pattern in getattr(recognizer, "patterns", ()) if check else ():
            regex.compile(pattern.regex, recognizer.global_regex_flags)
    except (TypeError, ValueError, regex.error) as error:
        entry.fail(
            "class_name" if "class_name" in entry else "name",
            f"{recognizer_class.__name__} does not take these settings: {error}",
            "see the class's own documentation",
        )
    recognizer.name = entry.string("name")
    if context and "context" not in parameters:
        recognizer.context = context
    return recognizer


def _flags(entry: YamlEntry, default: int) -> int:
    value = entry.value("global_regex_flags")
    if value is None:
        return default
    if isinstance(value, int):
        return value
    names = entry.strings("global_regex_flags")
    for name in names:
        if name.upper() not in _FLAGS:
            entry.fail("global_regex_flags", f"no regex flag {name!r}", f"one of {', '.join(_FLAGS)}")
    return functools.reduce(int.__or__, (_FLAGS[name.upper()] for name in names), 0)


def _examples(entry: YamlEntry, name: str) -> tuple[Example, ...]:
    examples = entry.entry("examples")
    if examples is None:
        return ()
    examples.only({"match", "no_match"})
    return tuple(
        Example(name, text, matches, entry.file, line)
        for key, matches in (("match", True), ("no_match", False))
        for text, line in examples.joined_strings(key)
    )
