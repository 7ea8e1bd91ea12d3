"""YAML with the place of every mistake: file, line, what is wrong, what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import regex

from promptguard.errors import ConfigError
from promptguard.typed_yaml.nodes import LocatedList, LocatedMapping, NotYAML, parse

REGEX_HELP = "brackets and signs such as ( [ { + * ? . that stand for themselves have a backslash before them"

_REQUIRED = object()


class YamlEntry:
    """One mapping of a YAML file, read key by key. Every reader raises ConfigError for what it cannot take."""

    def __init__(self, file: Path, content: LocatedMapping, line: int) -> None:
        self.file = file
        self.line = line
        """Where the mapping starts, counted from 1."""
        self._content = content

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def value(self, key: str) -> Any:
        """What stands under `key`; None where there is no such key."""
        return self._content.get(key)

    def fail(self, key: str | None, problem: str, remedy: str) -> NoReturn:
        """Report a mistake in this mapping, at `key` where it has one."""
        raise ConfigError(self.file, self.line_of(key), problem, remedy)

    def line_of(self, key: str | None) -> int:
        """The line of a key, or of the mapping where it has none."""
        if key is None or key not in self._content:
            return self.line
        return self._content.lines[key]

    def only(self, known: set[str]) -> None:
        """Refuse keys that nothing reads."""
        for key in self._content:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, n=1)
                remedy = f"did you mean ‘{near[0]}’?" if near else f"known here are {', '.join(sorted(known))}"
                self.fail(key, f"unknown key ‘{key}’", remedy)

    def string(self, key: str, default: Any = _REQUIRED) -> str:
        """A string that is not empty."""
        value = self._content.get(key, default)
        if value is _REQUIRED:
            self.fail(None, f"‘{key}’ is missing", f"add `{key}:`")
        if not isinstance(value, str) or (not value and default is _REQUIRED):
            self.fail(key, f"‘{key}’ must be text", f"write `{key}: '...'`")
        return str(value)

    def choice(self, key: str, choices: Sequence[str], default: Any = _REQUIRED) -> str:
        """One of `choices`, or the default."""
        value = self.string(key, default)
        if value not in choices and key in self._content:
            near = difflib.get_close_matches(value, choices, n=1)
            listed = f"one of {', '.join(sorted(choices))}"
            self.fail(key, f"‘{key}’ cannot be ‘{value}’", f"did you mean ‘{near[0]}’?" if near else listed)
        return value

    def fraction(self, key: str, default: Any = _REQUIRED) -> float:
        """A number from 0 to 1."""
        value = self._content.get(key, default)
        if value is _REQUIRED:
            self.fail(None, f"‘{key}’ is missing", f"add `{key}:` with a number from 0 to 1")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.fail(key, f"‘{key}’ must be a number from 0 to 1", "scores and thresholds are fractions, such as 0.4")
        return float(value)

    def boolean(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._content.get(key, default)
        if not isinstance(value, bool):
            self.fail(key, f"‘{key}’ must be true or false", f"write `{key}: true` or `{key}: false`")
        return value

    def strings(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        """A list of strings."""
        value = self._content.get(key, default)
        if value is _REQUIRED:
            self.fail(None, f"‘{key}’ is missing", f"add `{key}: [...]`")
        if not isinstance(value, list | tuple):
            self.fail(key, f"‘{key}’ must be a list", f"write `{key}: [first, second]`")
        for item in value:
            if not isinstance(item, str):
                self.fail(key, f"‘{key}’ holds ‘{item}’, which is no text", "put it between quotes")
        return tuple(str(item) for item in value)

    def joined_strings(self, key: str) -> list[tuple[str, int]]:
        """A list of texts with their lines; a text may itself be a list of parts that are joined."""
        value = self._content.get(key, [])
        if not isinstance(value, list):
            self.fail(key, f"‘{key}’ must be a list", f"write `{key}: [first, second]`")
        texts = []
        for index, item in enumerate(value):
            parts = item if isinstance(item, list) else [item]
            line = value.lines[index] if isinstance(value, LocatedList) else self.line_of(key)
            if not all(isinstance(part, str) for part in parts):
                raise ConfigError(self.file, line, f"an example under ‘{key}’ is no text", "put it between quotes")
            texts.append(("".join(parts), line))
        return texts

    def entry(self, key: str) -> YamlEntry | None:
        """A mapping in this one; None where there is no such key."""
        value = self._content.get(key)
        if value is None:
            return None
        if not isinstance(value, LocatedMapping):
            self.fail(key, f"‘{key}’ must hold keys and values", f"write `{key}:` and below it indented `key: value`")
        return YamlEntry(self.file, value, value.line)

    def entries(self, key: str, default: Any = _REQUIRED) -> list[YamlEntry]:
        """A list of mappings."""
        value = self._content.get(key, default)
        if value is _REQUIRED:
            self.fail(None, f"‘{key}’ is missing", f"add `{key}:` with a list")
        if value is None or not isinstance(value, list | tuple):
            self.fail(key, f"‘{key}’ must be a list", "start every item with `- `")
        found = []
        for item in value:
            if not isinstance(item, LocatedMapping):
                self.fail(key, f"an item of ‘{key}’ has no keys", "write it as `- name: ...`")
            found.append(YamlEntry(self.file, item, item.line))
        return found

    def regex_text(self, key: str, flags: int = 0) -> str:
        """A regex that the `regex` module compiles and that matches no empty text."""
        text = self.string(key)
        try:
            compiled = regex.compile(text, flags)
        except regex.error as error:
            self.fail(key, f"the regex does not compile: {error}", f"correct it; {REGEX_HELP}")
        if compiled.fullmatch(""):
            self.fail(key, "the regex matches an empty text", "let it require at least one character")
        return text


def read_yaml(file: Path) -> YamlEntry:
    """The mapping that a YAML file holds.

    Raises:
        ConfigError: the file cannot be read, is no YAML, or holds something else.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(file, None, f"cannot be read: {error.strerror}", "check that the file exists") from None
    except UnicodeDecodeError as error:
        raise ConfigError(file, None, f"byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    return yaml_of(file, text)


def yaml_of(file: Path, text: str) -> YamlEntry:
    """The mapping that the text of a YAML file holds.

    Raises:
        ConfigError: it is no YAML, or holds something else.
    """
    try:
        content = parse(text)
    except NotYAML as error:
        raise ConfigError(file, error.line, error.problem, "check indentation and quotes") from None
    if content is None:
        content = LocatedMapping(1)
    if not isinstance(content, LocatedMapping):
        raise ConfigError(file, 1, "the file must hold keys and values", "start it with a key, such as `recognizers:`")
    return YamlEntry(file, content, 1)
