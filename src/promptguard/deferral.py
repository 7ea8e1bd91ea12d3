"""Imports of libraries that are made by the functions that use them, and not before.

Some libraries import far more than we use: Presidio brings in spaCy for its own engine, mitmproxy a web server for a
page that we do not serve. Of the modules that are named here, what they import for later is imported later:

- a name that only their functions use is imported by these functions, when they are called;
- a name that they hand on to others, or annotate with, is imported when somebody asks the module for it (PEP 562).

What a module needs while it is executed, such as a base class, is imported at once, as ever. Until Python can do that
itself (PEP 810), the module's source is compiled with its import statements in these other places. Nothing is
replaced: whoever asks for a class gets the library's own. A module that was imported before stays as it is.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec
from types import ModuleType
from typing import NamedTuple

type _Function = ast.FunctionDef | ast.AsyncFunctionDef


def import_deferring(*modules: str) -> None:
    """Import modules, and put off what they import for later themselves.

    Args:
        modules: full names. Not for modules whose annotations are evaluated at run time, such as those with pydantic's
            models: the annotations may name what is not there.

    Raises:
        ImportError: one of them cannot be imported.
    """
    finder = _Finder(frozenset(modules))
    sys.meta_path.insert(0, finder)
    try:
        for module in modules:
            importlib.import_module(module)
    finally:
        sys.meta_path.remove(finder)


class _Finder(MetaPathFinder):
    def __init__(self, modules: frozenset[str]) -> None:
        self._modules = modules

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._modules:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        # What is no source file, such as a module in an archive, is imported as ever.
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _DeferringLoader(spec.loader.name, spec.loader.path)
        return spec


class _DeferringLoader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        """Execute the module with its imports where they are used."""
        tree = ast.parse(self.get_data(self.path))
        deferred = _defer(tree)
        if not deferred:
            super().exec_module(module)
            return
        module.__dict__["__getattr__"] = _Attributes(module, deferred)
        # Annotations stay unevaluated: they may name what is not there yet.
        code = compile(tree, self.path, "exec", __future__.annotations.compiler_flag, dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - the library's own code, as `SourceFileLoader` does


class _Import(NamedTuple):
    """One name of an import statement: `module` in `import module`, `attribute` in `from module import attribute`."""

    module: str
    """With leading dots where it is relative."""
    attribute: str
    statement: ast.Import | ast.ImportFrom


class _Attributes:
    """The `__getattr__` of a module: makes an import that was put off when its name is asked for."""

    def __init__(self, module: ModuleType, deferred: Mapping[str, _Import]) -> None:
        self._module = module
        self._deferred = deferred
        self._completing = False

    def __call__(self, name: str) -> object:
        found: object
        if name in self._deferred:
            try:
                found = self._import(self._deferred[name])
            except ImportError:
                # Modules that import each other may need the order in which their packages do it.
                _complete(self._module.__name__)
                found = self._import(self._deferred[name])
        elif name.startswith("__") or not self._is_submodule(name):
            raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r}")
        else:
            # One that the module's imports would have brought in by the way.
            found = importlib.import_module(f"{self._module.__name__}.{name}")
        self._module.__dict__[name] = found
        return found

    def complete(self) -> None:
        """Make all imports, in the order of the module's source."""
        if not self._completing:
            self._completing = True
            try:
                for name, wanted in self._deferred.items():
                    self._module.__dict__[name] = self._import(wanted)
            finally:
                self._completing = False

    def _import(self, wanted: _Import) -> object:
        spec = self._module.__spec__
        origin = importlib.import_module(wanted.module, spec.parent if spec else None)
        if not wanted.attribute:
            return origin
        if origin is not self._module:  # unless it is a package that imports its own submodules
            with contextlib.suppress(AttributeError):
                return getattr(origin, wanted.attribute)
        return importlib.import_module(f"{origin.__name__}.{wanted.attribute}")

    def _is_submodule(self, name: str) -> bool:
        return hasattr(self._module, "__path__") and find_spec(f"{self._module.__name__}.{name}") is not None


def _complete(module: str) -> None:
    """Make all imports that were put off of a module and its packages, the outermost first."""
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        attributes = vars(sys.modules[".".join(parts[:end])]).get("__getattr__")
        if isinstance(attributes, _Attributes):
            attributes.complete()


def _defer(tree: ast.Module) -> dict[str, _Import]:
    """Take the imports that can wait out of a module's body, and put them into the functions that use them.

    Returns:
        The imports by the names that the module's body lacks now.
    """
    uses = _Uses()
    uses.visit(tree)
    deferred: dict[str, _Import] = {}
    if "__getattr__" in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}:
        return deferred  # the module has its own idea of what it lacks
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            waiting = {name: each for name, each in _imports(statement) if name not in uses.early}
            deferred |= waiting
            statement.names = [each for each in statement.names if (each.asname or each.name) not in waiting]
    tree.body = [each for each in tree.body if not isinstance(each, ast.Import | ast.ImportFrom) or each.names]
    for function, names in uses.late:
        needed = [deferred[name].statement for name in sorted(names & deferred.keys())]
        docstring = ast.get_docstring(function, clean=False) is not None
        function.body[docstring:docstring] = needed
    return deferred


def _imports(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, _Import]]:
    """What of a statement could wait, by the names that it binds."""
    for alias in statement.names:
        name = alias.asname or alias.name
        if isinstance(statement, ast.Import):
            # `import a.b` binds `a`, but brings in `a.b`.
            if alias.asname or "." not in name:
                yield name, _Import(alias.name, "", ast.copy_location(ast.Import([alias]), statement))
        elif statement.module != "__future__" and name != "*":
            module = "." * statement.level + (statement.module or "")
            # A package's attribute of a submodule's name is the submodule, once somebody imports it by its full name.
            if name == alias.name and module.endswith(f".{name}"):
                continue
            alone = ast.ImportFrom(statement.module, [alias], statement.level)
            yield name, _Import(module, alias.name, ast.copy_location(alone, statement))


class _Uses(ast.NodeVisitor):
    """The names that a module uses while it is executed, and those that its functions use when they are called."""

    def __init__(self) -> None:
        self.early: set[str] = set()
        self.late: list[tuple[_Function, set[str]]] = []

    def visit_Name(self, node: ast.Name) -> None:
        self.early.add(node.id)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.target)
        if node.value:
            self.visit(node.value)

    def visit_FunctionDef(self, node: _Function) -> None:
        arguments = node.args
        for part in (*node.decorator_list, *node.type_params, *arguments.defaults, *arguments.kw_defaults):
            if part is not None:
                self.visit(part)
        inside = [part for statement in node.body for part in ast.walk(statement)]
        self.early |= {name for part in inside if isinstance(part, ast.Global) for name in part.names}
        self.late.append((node, {part.id for part in inside if isinstance(part, ast.Name)}))

    visit_AsyncFunctionDef = visit_FunctionDef
