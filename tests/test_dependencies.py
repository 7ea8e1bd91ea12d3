"""What the source and the tests import is what `pyproject.toml` declares: not what happens to come with something."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parent.parent
SOURCE: Final = ROOT / "src"
TESTS: Final = ROOT / "tests"
PROJECT: Final[Mapping[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

PROVIDED_BY: Final = packages_distributions()
INSTALLED_APART: Final = TESTS / "clients" / "programs"
"""Programs that run in environments of their own, with the packages of vendors."""


def normalised(requirement: str) -> str:
    """The name of a distribution (https://packaging.python.org/en/latest/specifications/name-normalization/)."""
    name = re.match(r"[\w.-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def names(requirements: Iterable[Any]) -> set[str]:
    return {normalised(each) for each in requirements if isinstance(each, str)}


ALWAYS: Final = names(PROJECT["project"]["dependencies"])
EXTRAS: Final = {
    extra: names(requirements) for extra, requirements in PROJECT["project"]["optional-dependencies"].items()
}
DEVELOPMENT: Final = names(PROJECT["dependency-groups"]["dev"])


def imported(tree: ast.AST) -> Iterator[str]:
    """The first parts of what is imported, wherever in a file, by statement or by `import_module("…")`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (str(name.value).partition(".")[0] for name in node.args if isinstance(name, ast.Constant))


def looked_for(tree: ast.AST) -> set[str]:
    """What a file uses only where `find_spec` says that it is there."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "find_spec")
    return {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}


def files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*.py") if INSTALLED_APART not in file.parents)


OWN: Final[Mapping[Path, set[str]]] = {
    SOURCE: {"promptguard"},
    TESTS: {"promptguard", "tests", *(part.stem for part in TESTS.rglob("*"))},
}


def undeclared(folder: Path, declared: set[str]) -> dict[str, set[str]]:
    """What files of a folder import of distributions that are not declared, by file."""
    found = {}
    for file in files(folder):
        tree = ast.parse(file.read_text("utf-8"))
        others = set(imported(tree)) - looked_for(tree) - OWN[folder] - sys.stdlib_module_names
        found[str(file.relative_to(ROOT))] = {each for each in others if not _is_of(each, declared)}
    return {file: each for file, each in found.items() if each}


def _is_of(module: str, declared: set[str]) -> bool:
    stubs = PROVIDED_BY.get(f"{module}-stubs", ())  # of a distribution for another system: its types are here
    by = PROVIDED_BY.get(module) or [each.removeprefix("types-") for each in stubs] or [module]
    return bool(names(by) & declared)  # by its own name where it is not installed


def test_the_source_imports_what_is_declared() -> None:
    declared = ALWAYS.union(*EXTRAS.values())
    assert not undeclared(SOURCE, declared), "add them to `dependencies` of pyproject.toml"


def test_the_tests_import_what_is_declared() -> None:
    declared = ALWAYS.union(DEVELOPMENT, *EXTRAS.values())
    assert not undeclared(TESTS, declared), "add them to the group `dev` of pyproject.toml"


BUILT_FROM_SOURCE = {"kerberos"}
"""Extras that need a compiler: their tests are skipped where it is not installed, and `.ci/run` installs it."""


@pytest.mark.parametrize("extra", sorted(set(EXTRAS) - BUILT_FROM_SOURCE))
def test_what_comes_with_an_extra_is_there_for_the_tests(extra: str) -> None:
    assert EXTRAS[extra] <= DEVELOPMENT


def test_nothing_of_an_extra_is_declared_for_all() -> None:
    assert not ALWAYS & set().union(*EXTRAS.values())
