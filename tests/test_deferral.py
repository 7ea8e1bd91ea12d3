import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from promptguard.deferral import import_deferring

USED = """
    class Base: ...
    def helper(): return 'helped'
    constant = 3
"""

IN_A_FUNCTION = """
    from .used import helper
    def answer():
        "Its own words."
        return helper()
"""
IN_A_METHOD = """
    from . import used
    class Thing:
        async def later(self): ...
        def answer(self):
            return [used.helper() for _ in 'x'][0]
    answer = Thing().answer
"""
IN_AN_ANNOTATION = """
    from .used import Base
    class Thing:
        part: Base
        def take(self, other: Base = None) -> list[Base]: return [other]
    def answer():
        return Thing().take()
"""
HANDED_ON = """
    from .used import Base, helper as help
    __all__ = ['Base', 'help']
"""
AS_A_BASE = """
    from .used import Base
    class Derived(Base): ...
"""
AS_A_DEFAULT = """
    from .used import constant
    def answer(number=constant): return number
"""
AS_A_DECORATOR = """
    from .used import helper
    import functools
    @functools.wraps(helper)
    def answer(): ...
"""
AS_A_GLOBAL = """
    from .used import constant
    def answer():
        global constant
        constant += 1
        return constant
"""
IN_A_LAMBDA = """
    from .used import helper
    answer = lambda: helper()
"""
ALL_OF_IT = "from .used import *"
WITH_A_GETATTR = """
    from .used import helper
    def __getattr__(name): return name.upper()
"""


def of(name: str) -> ModuleType:
    return importlib.import_module(name)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Writes the package `heavy`, with a module `used` that others import."""

    def write(**modules: str) -> Path:
        folder = tmp_path / "heavy"
        folder.mkdir()
        for name, source in {"__init__": "", "used": USED, **modules}.items():
            (folder / f"{name}.py").write_text(textwrap.dedent(source))
        importlib.invalidate_caches()
        return folder

    monkeypatch.syspath_prepend(tmp_path)
    yield write
    for name in [name for name in sys.modules if name.split(".")[0] == "heavy"]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("source", "waits"),
    [
        (IN_A_FUNCTION, True),
        (IN_A_METHOD, True),
        (IN_AN_ANNOTATION, True),
        (HANDED_ON, True),
        (AS_A_BASE, False),
        (AS_A_DEFAULT, False),
        (AS_A_DECORATOR, False),
        (AS_A_GLOBAL, False),
        (IN_A_LAMBDA, False),
        (ALL_OF_IT, False),
        (WITH_A_GETATTR, False),
    ],
)
def test_what_is_used_later_is_imported_later(package: Callable[..., Path], source: str, waits: bool) -> None:
    package(module=source)
    import_deferring("heavy.module")
    assert ("heavy.used" not in sys.modules) is waits


@pytest.mark.parametrize(
    ("source", "answer"),
    [(IN_A_FUNCTION, "helped"), (IN_A_METHOD, "helped"), (IN_AN_ANNOTATION, [None]), (AS_A_GLOBAL, 4)],
)
def test_functions_do_what_they_did(package: Callable[..., Path], source: str, answer: object) -> None:
    package(module=source)
    import_deferring("heavy.module")
    assert sys.modules["heavy.module"].answer() == answer


def test_a_docstring_stays_one(package: Callable[..., Path]) -> None:
    package(module=IN_A_FUNCTION)
    import_deferring("heavy.module")
    assert sys.modules["heavy.module"].answer.__doc__ == "Its own words."


def test_who_asks_gets_the_library_s_own(package: Callable[..., Path]) -> None:
    folder = package(module=HANDED_ON)
    import_deferring("heavy.module")
    (folder / "asking.py").write_text("from heavy.module import *")
    asking, used = of("heavy.asking"), of("heavy.used")
    assert (asking.Base, asking.help) == (used.Base, used.helper)


def test_a_package_has_its_submodules(package: Callable[..., Path]) -> None:
    package(__init__="from heavy import other\ndef answer(): return other.word", other="word = 'here'")
    import_deferring("heavy")
    heavy = sys.modules["heavy"]
    assert "heavy.other" not in sys.modules
    assert heavy.answer() == "here"
    assert heavy.other is sys.modules["heavy.other"]
    assert heavy.used.constant == 3
    with pytest.raises(AttributeError, match="module 'heavy' has no attribute 'another'"):
        _ = heavy.another


def test_what_has_the_name_of_a_submodule_is_imported_at_once(package: Callable[..., Path]) -> None:
    package(__init__="from .device import device", device="device = 'the object, and not the module'")
    import_deferring("heavy")
    of("heavy.device")
    assert sys.modules["heavy"].device == "the object, and not the module"


def test_modules_that_import_each_other_are_imported_in_their_package_s_order(package: Callable[..., Path]) -> None:
    package(
        __init__="from .first import A\nfrom .second import B",
        first="class A: ...\nfrom heavy.second import B",
        second="from heavy.first import A\nclass B: ...",
    )
    import_deferring("heavy")
    assert sys.modules["heavy"].B is sys.modules["heavy.second"].B


def test_what_was_imported_before_stays(package: Callable[..., Path]) -> None:
    package(module=IN_A_FUNCTION)
    before = of("heavy.module")
    import_deferring("heavy.module")
    assert sys.modules["heavy.module"] is before


def test_a_mistake_is_the_import_s_own(package: Callable[..., Path]) -> None:
    package(module="from heavy.missing import thing")
    import_deferring("heavy.module")
    with pytest.raises(ModuleNotFoundError, match=r"heavy\.missing"):
        _ = sys.modules["heavy.module"].thing
    with pytest.raises(ModuleNotFoundError, match="nowhere_at_all"):
        import_deferring("nowhere_at_all")
    assert [each for each in sys.meta_path if type(each).__module__ == "promptguard.deferral"] == []
