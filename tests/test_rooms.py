"""Which room may know which: the table of docs/architecture.md, held against every import."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "promptguard"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")

PICTURE = (ROOT / "docs" / "pictures" / "rooms.svg").read_text("utf-8")

ROW = re.compile(r"^\| `(?P<room>\w+)` \| (?P<what>[^|]+) \| (?P<imports>[^|]*)\|$", re.MULTILINE)
TABLE = {match["room"]: set(re.findall(r"`(\w+)`", match["imports"])) for match in ROW.finditer(PAGE)}

STEPS = {"destinations", "files", "detectors", "policy", "redaction", "notices", "audit"}
LIBRARIES = {
    "presidio_analyzer": {"presidio"},
    "presidio_anonymizer": {"presidio"},
    "tldextract": {"public_suffixes"},
    "mitmproxy": {"proxy"},
}
"""What imports more than we use, and the rooms that see to it that no more of it is imported."""
FRONTS = {"proxy", "commands", "demo", "rollout", "cli"}


@cache
def files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def room_of(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def module_of(file: Path) -> str:
    parts = ("promptguard", *file.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


@cache
def imports(file: Path) -> list[str]:
    """Full names of the modules and names that a file imports, wherever in it."""
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    return names


ROOMS = sorted({room_of(file) for file in files()} - {"__init__"})


def test_every_room_has_its_row_and_every_row_its_room() -> None:
    assert sorted(TABLE) == ROOMS


def test_the_picture_has_every_room_once() -> None:
    titles = re.findall(r'<text class="title"[^>]*>([^<]+)<', PICTURE)
    assert sorted(re.findall(r"\w+", " ".join(titles))) == ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_what_its_row_says_and_nothing_else(room: str) -> None:
    found = {
        name.split(".")[1]
        for file in files()
        if room_of(file) == room
        for name in imports(file)
        if name.startswith("promptguard.")
    }
    assert found - {room} == TABLE[room]


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_a_library_that_imports_much_is_known_to_its_room_alone(library: str) -> None:
    knowing = {room_of(file) for file in files() if any(name.split(".")[0] == library for name in imports(file))}
    assert knowing == LIBRARIES[library]


@pytest.mark.parametrize("room", sorted(STEPS))
def test_no_step_knows_another_nor_what_stands_above(room: str) -> None:
    assert not TABLE[room] & (STEPS | FRONTS | {"guard", "inspection", "runtime", "storage", "configuration"})


def test_arrows_point_one_way() -> None:
    above: dict[str, set[str]] = defaultdict(set)

    def visit(room: str, way: tuple[str, ...]) -> None:
        assert room not in way, " -> ".join((*way, room))
        for other in TABLE[room] - above[room]:
            visit(other, (*way, room))
            above[room].add(other)

    for room in ROOMS:
        visit(room, ())


def test_only_the_proxy_knows_mitmproxy() -> None:
    knowing = {
        str(file.relative_to(SOURCE)) for file in files() if any(name.startswith("mitmproxy") for name in imports(file))
    }
    assert {name for name in knowing if not name.startswith("proxy/")} == set()


@pytest.mark.parametrize("room", ["wire", "destinations", "policy", "redaction", "notices", "guard", "inspection"])
def test_no_io_library_in_the_guard_and_its_steps(room: str) -> None:
    io = ("socket", "http", "httpx", "sqlite3", "sqlalchemy", "subprocess", "urllib.request", "requests")
    for file in files():
        if room_of(file) == room:
            assert not [name for name in imports(file) if name.split(".")[0] in io or name.startswith("urllib.request")]


def test_no_file_imports_itself_over_others() -> None:
    modules = {module_of(file): file for file in files()}
    graph = {
        module: {target for name in imports(file) for target in (name, name.rpartition(".")[0]) if target in modules}
        for module, file in modules.items()
    }
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " -> ".join((*way[way.index(module) :], module))
        if module not in done:
            for target in graph[module] - {module}:
                if not module.startswith(f"{target}."):  # a package's own __init__, which names its members
                    visit(target, (*way, module))
            done.add(module)

    for module in sorted(modules):
        visit(module, ())
