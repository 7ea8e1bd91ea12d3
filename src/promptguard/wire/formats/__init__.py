"""The wire formats, one file each: a `Format` in a module of this package is found by itself."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Mapping

from promptguard.wire.formats.interface import Annotation, Format

__all__ = ["Annotation", "Format", "Formats", "load_formats"]


class Formats(Mapping[str, Format]):
    """Formats by their ids."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self._formats: dict[str, Format] = {}
        for wire_format in formats:
            if wire_format.id in self._formats:
                raise ValueError(f"two formats have the id {wire_format.id!r}")
            self._formats[wire_format.id] = wire_format

    def __getitem__(self, id: str) -> Format:
        return self._formats[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._formats)

    def __len__(self) -> int:
        return len(self._formats)


def load_formats() -> Formats:
    """All formats of this package."""
    found: list[Format] = []
    for module_info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        for _, value in inspect.getmembers(module, inspect.isclass):
            if value.__module__ == module.__name__ and issubclass(value, Format) and not inspect.isabstract(value):
                found.append(value())
    return Formats(found)
