"""Recognizers from `config/recognizers/*.yaml`.

The files have the shape of Presidio's recognizer registry (docs: "Customizing recognizer registry from file"), so that
a company's own file drops in: a list `recognizers`, whose entries are custom pattern recognizers (`patterns`,
`deny_list`, `context`, `supported_entity`, `global_regex_flags`), or `type: predefined` with the class name of a
Presidio recognizer or of one of `types`. Added to that are:

    data_class:  credentials      required: one of model.DataClass
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
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import regex
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, predefined_recognizers

from promptguard.detectors.code_version import code_version
from promptguard.detectors.recognizers import types
from promptguard.detectors.recognizers.allow_list import AllowList, is_allow_list, load_allow_lists
from promptguard.detectors.recognizers.tuning import TUNING_FILE, Change, load_tuning
from promptguard.detectors.recognizers.types.pattern import LazyPattern, ValidatedPatternRecognizer
from promptguard.detectors.recognizers.yaml_entries import YamlEntry, read_yaml
from promptguard.detectors.validators.registry import load_validators
from promptguard.discovery import classes_in, modules_of
from promptguard.model import DataClass

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
    "supported_language", "supported_languages",
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

    def examples(self) -> list[Example]:
        """The examples of all enabled recognizers."""
        return [example for recognizer in self.recognizers for example in recognizer.examples]


def load_recognizers(folder: Path, cache_folder: Path | None = None) -> RecognizerSet:
    """Read every `*.yaml` file in `folder`, in the order of their names.

    `allow.yaml` and `allow_….yaml` are allow lists, and `tuning.yaml` changes recognizers of the other files.

    Args:
        folder: of the recognizers.
        cache_folder: where is noted that the regexes of these files compile. With that note none is compiled before it
            is needed, which saves a second. None keeps no note.

    Raises:
        ConfigError: a file cannot be read, or says something that is not understood.
    """
    files = sorted(path for path in folder.glob("*.yaml"))
    version = _version(files)
    note = cache_folder / f"recognizers-{version}.checked" if cache_folder else None
    check = note is None or not note.exists()
    tuning = load_tuning(folder / TUNING_FILE)
    recognizers: list[Recognizer] = []
    seen: dict[str, Recognizer] = {}
    for file in files:
        if is_allow_list(file) or file.name == TUNING_FILE:
            continue
        for entry, recognizer in _read_file(file, check=check):
            if recognizer.name in seen:
                other = seen[recognizer.name]
                entry.fail(
                    "name",
                    f"a recognizer named {recognizer.name!r} is already in {other.file.name}, line {other.line}",
                    "give this one another name",
                )
            seen[recognizer.name] = recognizer
            change = tuning.pop(recognizer.name, Change())
            if entry.boolean("enabled", True) if change.enabled is None else change.enabled:
                recognizers.append(_changed(recognizer, change))
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
    )


def load_recognizer_file(file: Path) -> RecognizerSet:
    """Read one file of recognizers, with the allow lists beside it: all of them, switched on or not.

    Raises:
        ConfigError: the file cannot be read, or says something that is not understood.
    """
    return RecognizerSet(
        recognizers=tuple(recognizer for _, recognizer in _read_file(file, check=True)),
        version=_version([file]),
        allow_list=load_allow_lists(file.parent),
    )


def _changed(recognizer: Recognizer, change: Change) -> Recognizer:
    """A recognizer as `tuning.yaml` has it."""
    if change.context:
        presidio = recognizer.recognizer
        presidio.context = list(dict.fromkeys([*(presidio.context or ()), *change.context]))
    return recognizer if change.threshold is None else replace(recognizer, threshold=change.threshold)


def _version(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for package in ("promptguard", "presidio-analyzer", "phonenumbers", "tldextract", "regex"):
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    digest.update(f"{code_version()}\n".encode())
    for file in files:
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _read_file(file: Path, *, check: bool) -> list[tuple[YamlEntry, Recognizer]]:
    document = read_yaml(file)
    document.only(_FILE_KEYS)
    flags = _flags(document, DEFAULT_FLAGS)
    return [(entry, _recognizer(entry, flags, check)) for entry in document.entries("recognizers")]


def _recognizer(entry: YamlEntry, file_flags: int, check: bool) -> Recognizer:
    predefined = entry.choice("type", ("custom", "predefined"), default="custom") == "predefined"
    data_class = DataClass(entry.choice("data_class", tuple(member.value for member in DataClass)))
    threshold = entry.fraction("threshold", DEFAULT_THRESHOLD)
    recognizer = _predefined(entry, check) if predefined else _custom(entry, file_flags, check)
    prefilter = (
        _regex(entry, "prefilter", 0, check)
        if predefined and "prefilter" in entry
        else getattr(recognizer, "prefilter", "")
    )
    return Recognizer(
        recognizer=recognizer,
        data_class=data_class,
        threshold=threshold,
        file=entry.file,
        line=entry.line,
        prefilter=prefilter,
        examples=_examples(entry, str(recognizer.name)),
    )


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
        supported_entity=entry.string("supported_entity"),
        name=entry.string("name"),
        patterns=patterns,
        context=_context(entry) or (),
        deny_list=deny_list,
        deny_list_score=entry.fraction("deny_list_score", 1.0),
        validator=validators[name] if name else None,
        keywords=entry.strings("keywords", default=()),
        global_regex_flags=flags,
    )


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


@functools.cache
def _classes() -> dict[str, type[EntityRecognizer]]:
    """Recognizer classes by name; ours stand before Presidio's of the same name."""
    presidios = {name: getattr(predefined_recognizers, name) for name in predefined_recognizers.__all__}
    classes = {name: each for name, each in presidios.items() if inspect.isclass(each)}
    return {name: each for name, each in classes.items() if issubclass(each, EntityRecognizer)} | own_classes()


@functools.cache
def own_classes() -> dict[str, type[EntityRecognizer]]:
    """The recognizer classes of `types`, by name."""
    return {each.__name__: each for module in modules_of(types) for each in classes_in(module, EntityRecognizer)}


def _predefined(entry: YamlEntry, check: bool) -> EntityRecognizer:
    key = "class_name" if "class_name" in entry else "name"
    class_name = entry.choice(key, tuple(_classes()))
    recognizer_class = _classes()[class_name]
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
        entry.fail(key, f"{class_name} does not take these settings: {error}", "see the class's own documentation")
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
