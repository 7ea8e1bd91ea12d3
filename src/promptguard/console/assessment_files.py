"""Assessments of many tools in one file, YAML or CSV: what `promptguard destinations ask` reads.

In YAML a list `tools`, in CSV a row a tool. The columns of a CSV are the keys of YAML, with a dot before those of a
mapping: `answers.training`, `data_handling.region`.
"""

from __future__ import annotations

import csv
import io
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from pydantic import Field, ValidationInfo, field_validator

from promptguard.errors import ConfigError
from promptguard.review.tool_reviews import HANDLING, QUESTIONS, Assessment, is_plain_answer
from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.mistakes import suggestion
from promptguard.typed_yaml.reading import YamlFile, together

MAX_BYTES: Final = 1_000_000
MAX_TOOLS: Final = 1000

_PLAIN: Final = ("id", "status", "review_due", "reason")
COLUMNS: Final = (
    *_PLAIN,
    *(f"answers.{name}" for name in QUESTIONS),
    *(f"data_handling.{name}" for name in HANDLING),
)
"""Of a CSV, in any order; those of `_PLAIN` have to be there."""


@dataclass(frozen=True, slots=True)
class Row:
    """One assessment, and where it stands."""

    assessment: Assessment
    file: Path
    line: int | None

    def error(self, problem: str, remedy: str) -> ConfigError:
        """What is wrong with it."""
        return ConfigError(self.file, self.line, problem, remedy)

    def with_words(self, kept: Callable[[str], str]) -> Self:
        """The same with its words as they may be kept.

        Args:
            kept: searches words. What is chosen from a list, or a number, is not given to it.
        """
        given = self.assessment
        assessment = replace(
            given,
            reason=kept(given.reason),
            answers={name: kept(words) for name, words in given.answers.items()},
            data_handling={
                name: words if is_plain_answer(words) else kept(words) for name, words in given.data_handling.items()
            },
        )
        return replace(self, assessment=assessment)


def read_assessments(path: Path) -> Sequence[Row]:
    """The assessments of a file, in its order; by the end of its name a CSV or else YAML.

    Raises:
        ConfigError: it cannot be read, is no such file, or has a tool twice; `ConfigErrors` for several mistakes.
    """
    try:
        about = path.stat()
    except OSError as error:
        raise ConfigError(path, None, f"it cannot be read: {error.strerror}", "Name a YAML or CSV file.") from None
    if not stat.S_ISREG(about.st_mode):  # a device never ends, and nothing is said of its length
        raise ConfigError(path, None, "it is no file", "Name a YAML or CSV file.")
    if about.st_size > MAX_BYTES:
        raise ConfigError(path, None, f"it is longer than {MAX_BYTES:,} bytes", "Ask in several files.")
    rows = list(_of_csv(path) if path.suffix.lower() == ".csv" else _of_yaml(path))
    if not 1 <= len(rows) <= MAX_TOOLS:
        raise ConfigError(path, None, f"it has {len(rows)} tools", f"Name 1 to {MAX_TOOLS} tools.")
    if errors := list(_named_twice(rows)):
        raise together(errors)
    return rows


def _named_twice(rows: Sequence[Row]) -> Iterator[ConfigError]:
    lines: dict[str, int | None] = {}
    for row in rows:
        tool = row.assessment.tool
        if tool in lines:
            yield row.error(f"‘{tool}’ stands on line {lines[tool]} already", "Say once what is to hold of a tool.")
        lines.setdefault(tool, row.line)


class _Tool(Section):
    id: str = Field(min_length=1)
    status: str
    review_due: str
    reason: str
    answers: dict[str, str] = Field(default_factory=dict)
    data_handling: dict[str, str | int | bool] = Field(default_factory=dict)

    @field_validator("answers", "data_handling")
    @classmethod
    def _names_are_known(cls, given: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        known = QUESTIONS if info.field_name == "answers" else HANDLING
        for name in given:
            if name not in known:
                raise ValueError(f"‘{name}’ is not among: {', '.join(known)}")
        return given

    def assessment(self) -> Assessment:
        """What somebody holds of the tool."""
        handling = {name: _word(value) for name, value in self.data_handling.items()}
        return Assessment(self.id, self.status, self.review_due, self.reason, self.answers, data_handling=handling)


class _File(Section):
    tools: tuple[_Tool, ...]


def _word(value: str | int | bool) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _of_yaml(path: Path) -> Iterator[Row]:
    file = YamlFile(path)
    for at, tool in enumerate(file.read_as(_File).tools):
        yield Row(tool.assessment(), path, file.line(("tools", at)))


@dataclass(frozen=True, slots=True)
class _Header:
    path: Path
    columns: Sequence[str]

    @classmethod
    def of(cls, path: Path, columns: Sequence[str]) -> Self:
        columns = [each.strip() for each in columns]
        errors = [
            ConfigError(path, 1, f"‘{each}’ is no column", suggestion(each, COLUMNS, noun="columns"))
            for each in columns
            if each not in COLUMNS
        ]
        errors += [
            ConfigError(path, 1, f"the column ‘{each}’ stands there twice", "Leave one of them out.")
            for each in dict.fromkeys(columns)
            if columns.count(each) > 1
        ]
        errors += [
            ConfigError(path, 1, f"the column ‘{each}’ is missing", f"Add it. The columns are: {', '.join(COLUMNS)}.")
            for each in _PLAIN
            if each not in columns
        ]
        if errors:
            raise together(errors)
        return cls(path, columns)

    def row(self, cells: Sequence[str], line: int) -> Row:
        if len(cells) != len(self.columns):
            problem = f"this row has {len(cells)} cells, and the first one {len(self.columns)}"
            raise ConfigError(self.path, line, problem, "Put a cell with a comma in it into quotation marks.")
        told = dict(zip(self.columns, map(str.strip, cells), strict=True))
        answers, handling = (_below(told, name) for name in ("answers", "data_handling"))
        assessment = Assessment(
            tool=told["id"],
            status=told["status"],
            review_due=told["review_due"],
            reason=told["reason"],
            answers=answers,
            data_handling=handling,
        )
        return Row(assessment, self.path, line)


def _below(told: Mapping[str, str], name: str) -> Mapping[str, str]:
    dotted = f"{name}."
    return {column.removeprefix(dotted): cell for column, cell in told.items() if column.startswith(dotted) and cell}


def _of_csv(path: Path) -> Iterator[Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise ConfigError(path, line, "this line is not UTF-8 text", "Save the file in the UTF-8 encoding.") from None
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header, line, errors, rows = None, 1, [], []
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1  # a cell may have several lines
            if not any(map(str.strip, cells)):
                continue
            if header is None:
                header = _Header.of(path, cells)
                continue
            try:
                rows.append(header.row(cells, begins))
            except ConfigError as error:
                errors.append(error)
    except csv.Error as error:
        raise ConfigError(path, line, f"this is no CSV: {error}", "Save it as CSV again.") from None
    if errors:
        raise together(errors)
    return iter(rows)
