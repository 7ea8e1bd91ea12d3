"""What is found by itself: the modules of a folder, and what they define. Adding one is adding a file."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    """Every module that stands in a package's own folder, imported, in the order of their names."""
    for name, is_package in _members(package):
        if not is_package:
            yield importlib.import_module(name)


def detector_modules(package: ModuleType) -> Iterator[ModuleType]:
    """The module `detector` of every folder in a package that has one, imported, in the order of the folders' names."""
    for name, is_package in _members(package):
        if is_package and importlib.util.find_spec(f"{name}.detector"):
            yield importlib.import_module(f"{name}.detector")


def defined_in[T](module: ModuleType, kind: type[T]) -> Iterator[T]:
    """The instances of `kind` among a module's public names, in the order in which they stand there.

    What the module imports counts, too.
    """
    for name, value in vars(module).items():
        if isinstance(value, kind) and not name.startswith("_"):
            yield value


def classes_in[T](module: ModuleType, base: Callable[..., T]) -> Iterator[type[T]]:
    """The public classes below the class `base`, abstract ones aside, that a module itself defines."""
    assert isinstance(base, type)  # mypy takes no abstract class for a `type[T]`
    for name, value in vars(module).items():
        own = isinstance(value, type) and value.__module__ == module.__name__
        if own and issubclass(value, base) and not inspect.isabstract(value) and not name.startswith("_"):
            yield value


def _members(package: ModuleType) -> Iterator[tuple[str, bool]]:
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        yield f"{package.__name__}.{found.name}", found.ispkg
