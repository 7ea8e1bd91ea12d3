"""YAML files into typed models, and every mistake in them into a sentence with its file and line.

YAML is read as version 1.2: `yes` and `on` are words, and truth values are `true` and `false`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from promptguard.errors import ConfigError
from promptguard.typed_yaml.explaining import Place, problem_and_remedy
from promptguard.typed_yaml.mistakes import MISTAKE
from promptguard.typed_yaml.nodes import DuplicateKey, LocatedList, LocatedMapping, NotYAML, parse

_SHOWN = 10


class ConfigErrors(ConfigError):
    """Several mistakes. Its own line, problem and remedy are those of the first."""

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        first = errors[0]
        super().__init__(first.file, first.line, first.problem, first.remedy)
        self.errors = tuple(errors)
        shown = [str(error) for error in errors[:_SHOWN]]
        if len(errors) > _SHOWN:
            shown.append(f"… and {len(errors) - _SHOWN} more mistakes.")
        self.args = ("\n".join(shown),)


def together(errors: Sequence[ConfigError]) -> ConfigError:
    """One or more mistakes as one error."""
    return errors[0] if len(errors) == 1 else ConfigErrors(errors)


class YamlFile:
    """One parsed file that remembers on which line everything stands.

    Args:
        text: what stands in it, where it is no file (any more); None reads the file.

    Raises:
        ConfigError: the file is missing, cannot be read, is not YAML, or is no mapping at its top.
    """

    def __init__(self, path: Path, text: str | None = None) -> None:
        self.path = path
        self._tree = _parse(path, _read(path) if text is None else text)
        self.data: dict[str, Any] = _with_text_keys(self._tree)

    def line(self, place: Place) -> int | None:
        """The line of a value, or of the nearest thing around it; None in an empty file."""
        node: Any = self._tree
        found = node.line if node else None
        for step in place:
            try:
                if isinstance(node, LocatedMapping | LocatedList):
                    lines: Any = node.lines  # by key or by index, as the step is
                    found = lines[step]
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        return found

    def error(self, place: Place, problem: str, remedy: str) -> ConfigError:
        """A mistake at a place of this file."""
        return ConfigError(self.path, self.line(place), problem, remedy)

    def read_as[Model: BaseModel](self, model: type[Model]) -> Model:
        """The file's contents as a model.

        Raises:
            ConfigError: they do not fit; `ConfigErrors` where there is more than one mistake.
        """
        try:
            # From JSON words become enum members and lists tuples, although the models are strict about types.
            return model.model_validate_json(orjson.dumps(self.data))
        except ValidationError as error:
            details = error.errors(include_url=False)
        errors = [self._explain(detail, model) for detail in details]
        errors.sort(key=lambda each: each.line or 0)
        raise together(errors)

    def _explain(self, detail: ErrorDetails, model: type[BaseModel]) -> ConfigError:
        place: Place = detail["loc"]
        context = detail.get("ctx", {})
        if detail["type"] == MISTAKE:
            return self.error((*place, *context["at"]), context["problem"], context["remedy"])
        # A key that is wrong itself is marked by pydantic with a last step that stands in no file.
        if place and place[-1] == "[key]":
            place = place[:-1]
        return self.error(place, *problem_and_remedy(detail, place, model))


def load[Model: BaseModel](path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a model.

    Raises:
        ConfigError: anything is wrong with the file: what, on which line, and what would be right.
    """
    return YamlFile(path).read_as(model)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(path, None, "this file is missing", "Create it, or name another folder.") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise ConfigError(path, line, "this line is not UTF-8 text", "Save the file in the UTF-8 encoding.") from None
    except OSError as error:
        raise ConfigError(path, None, f"this file cannot be read: {error.strerror}", "Check its permissions.") from None


def _parse(path: Path, text: str) -> LocatedMapping:
    try:
        tree = parse(text)
    except DuplicateKey as error:
        raise ConfigError(path, error.line, "this key stands here a second time", "Keep one of the two.") from None
    except NotYAML as error:
        remedy = "Check the indentation (spaces, no tabs), colons, quotes and brackets here and on the line before."
        if error.line is None:
            remedy = "Check it for stray control characters."
        raise ConfigError(path, error.line, f"this is not valid YAML: {error.problem}", remedy) from None
    if tree is None:
        return LocatedMapping(1)
    if not isinstance(tree, LocatedMapping):
        raise ConfigError(path, 1, "the file should consist of keys with values", "Write lines like `key: value`.")
    return tree


def _with_text_keys(node: Any) -> Any:
    """The same value as JSON can hold it, where every key is text."""
    match node:
        case dict():
            return {str(key): _with_text_keys(value) for key, value in node.items()}
        case list():
            return [_with_text_keys(value) for value in node]
        case _:
            return node
