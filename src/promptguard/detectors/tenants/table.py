"""A company's table of customers: a CSV file, read row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from promptguard.errors import ConfigError

_DELIMITERS = ",;\t"


class CustomerTable:
    """A CSV file (RFC 4180) with a header, UTF-8, separated by commas, semicolons or tabs."""

    def __init__(self, path: Path) -> None:
        """Read the header.

        Raises:
            ConfigError: the file cannot be read, is not UTF-8, or is no well-formed CSV.
        """
        self.path = path
        with self._reading(), path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            # Excel may say in a line of its own what separates.
            self._skipped = 1 if first.lower().startswith("sep=") else 0
            self._delimiter = first[4:5] if self._skipped else max(_DELIMITERS, key=first.count)
        with self._reading():
            _, self.header = next(self._records(), (1, []))

    @property
    def header_line(self) -> int:
        """The line of the header, counted from 1."""
        return self._skipped + 1

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is not empty, and the line on which it begins, counted from 1.

        Raises:
            ConfigError: see `CustomerTable`.
        """
        with self._reading():
            records = self._records()
            next(records, None)
            for line, cells in records:
                if any(map(str.strip, cells)):
                    yield line, cells

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            for _ in range(self._skipped):
                file.readline()
            reader = csv.reader(file, delimiter=self._delimiter or ",", strict=True)
            line = self._skipped + 1
            try:
                for cells in reader:
                    yield line, cells
                    line = self._skipped + reader.line_num + 1
            except csv.Error:
                raise ConfigError(
                    self.path,
                    self._skipped + reader.line_num,
                    "is no well-formed CSV",
                    "Look for an unclosed quotation mark, here or on an earlier line.",
                ) from None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ConfigError(
                self.path, None, f"cannot be read: {error.strerror}", "Check the path and its permissions."
            ) from None
        except UnicodeDecodeError:
            raise ConfigError(
                self.path, self._undecodable_line(), "is not UTF-8", "Export the file as CSV UTF-8."
            ) from None

    def _undecodable_line(self) -> int | None:
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    return number
        return None
