"""One file of recognizers, entry by entry, each made into the Presidio recognizer that it describes."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import regex

from promptguard.detectors.recognizers.allow_list import is_allow_list
from promptguard.detectors.recognizers.classes import (
    NoSuchClass,
    class_at,
    class_names,
    named_class,
    needs_another_machine,
    reads_language_model,
)
from promptguard.detectors.recognizers.presidio_files import DataClasses, is_for_presidio, speaks_none_of
from promptguard.detectors.recognizers.recognizer import Example, Recognizer
from promptguard.detectors.recognizers.token_borders import beside_signs
from promptguard.detectors.recognizers.tuning import TUNING_FILE
from promptguard.detectors.recognizers.types.pattern import LazyPattern, ValidatedPatternRecognizer
from promptguard.detectors.recognizers.yaml_entries import YamlEntry, read_yaml
from promptguard.detectors.validators.registry import load_validators
from promptguard.model import DataClass
from promptguard.presidio.analyzer import EntityRecognizer

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
class RecognizerEntry:
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


def read_entries(file: Path, *, check: bool) -> list[RecognizerEntry]:
    """The recognizers of one file; none of an allow list and of `tuning.yaml`.

    Args:
        check: compile every regex now, to find those that do not.

    Raises:
        ConfigError: the file cannot be read, or says something that is not understood.
    """
    if is_allow_list(file) or file.name == TUNING_FILE:
        return []
    document = read_yaml(file)
    document.only(_FILE_KEYS)
    flags = _flags(document, DEFAULT_FLAGS)
    languages = document.strings("supported_languages", default=())
    return [_entry(entry, flags, languages, check) for entry in document.entries("recognizers")]


def _entry(entry: YamlEntry, file_flags: int, languages: Sequence[str], check: bool) -> RecognizerEntry:
    # As Presidio tells it where the file does not.
    likely = "custom" if "patterns" in entry or "deny_list" in entry or "supported_entity" in entry else "predefined"
    predefined = entry.choice("type", ("custom", "predefined"), default=likely) == "predefined"
    known = tuple(member.value for member in DataClass)
    data_class = None if is_for_presidio(entry) else DataClass(entry.choice("data_class", known))
    why_not = _why_not(entry, languages) if predefined and data_class is None else ""
    if why_not:
        return RecognizerEntry(entry, entry.string("name"), data_class, None, why_not)
    entry.fraction("threshold", DEFAULT_THRESHOLD)
    presidio = _predefined(entry, check) if predefined else _custom(entry, file_flags, check)
    prefilter = (
        _regex(entry, "prefilter", 0, check)
        if predefined and "prefilter" in entry
        else getattr(presidio, "prefilter", "")
    )
    _examples(entry, str(presidio.name))
    return RecognizerEntry(entry, str(presidio.name), data_class, presidio, prefilter=prefilter)


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
    tokens = entry.value("data_class") == DataClass.CREDENTIALS.value
    patterns = [_pattern(pattern, flags, check, tokens) for pattern in entry.entries("patterns", default=())]
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


def _pattern(entry: YamlEntry, flags: int, check: bool, tokens: bool) -> LazyPattern:
    entry.only({"name", "regex", "score"})
    text = _regex(entry, "regex", flags, check)
    return LazyPattern(entry.string("name"), beside_signs(text) if tokens else text, entry.fraction("score"), flags)


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
    if (found := named_class(name)) is not None:
        return found
    if "." not in name:
        entry.choice(key, class_names())  # says which there are
    try:
        return class_at(name, entry.file.parent)
    except NoSuchClass as error:
        entry.fail(key, str(error), "Name a class as `module.Class`; the module may be a .py file of this folder.")


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
            entry.fail("global_regex_flags", f"no regex flag ‘{name}’", f"one of {', '.join(_FLAGS)}")
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
