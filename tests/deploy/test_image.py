"""The container image, which is not built here: its Dockerfile is followed against the tree and the lock."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema

ROOT: Final = Path(__file__).parents[2]
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text()
LOCK: Final = {each["name"]: each for each in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
BESIDE_PYTHON: Final = Path(sys.executable).parent
LIBC: Final = 36
"""Debian 12 has glibc 2.36."""


def instructions() -> list[list[str]]:
    """Each instruction with its words."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return [line.split() for line in text.splitlines() if line.strip()]


def stages() -> list[list[list[str]]]:
    """The instructions of each stage, `FROM` first."""
    found: list[list[list[str]]] = []
    for words in instructions():
        if words[0] == "FROM":
            found.append([])
        if found:
            found[-1].append(words)
    return found


def of(kind: str) -> list[list[str]]:
    return [words[1:] for words in instructions() if words[0] == kind]


def copied() -> list[str]:
    """What is copied out of the tree."""
    return [source for words in of("COPY") if not words[0].startswith("--from") for source in words[:-1]]


@pytest.mark.parametrize("source", copied())
def test_the_image_copies_what_exists_and_the_build_is_sent(source: str) -> None:
    assert (ROOT / source).exists()
    named = [line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]
    assert any(fnmatch(source.rstrip("/"), pattern) for pattern in named)


def test_the_build_is_sent_nothing_else() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    assert {line.removeprefix("!") for line in lines if line[0] == "!"} == {source.rstrip("/") for source in copied()}


def test_what_is_copied_between_stages_was_made_there() -> None:
    named = {words[3]: stage for stage in stages() for words in stage[:1] if words[2:3] == ["AS"]}
    for words in of("COPY"):
        if words[0].startswith("--from="):
            made = " ".join(word for each in named[words[0].removeprefix("--from=")] for word in each)
            assert "uv sync" in made and "WORKDIR /srv/promptguard" in made
            assert words[1] == "/srv/promptguard/.venv"


def test_each_argument_has_a_value_and_is_used() -> None:
    for (given,) in of("ARG"):
        name, _, value = given.partition("=")
        assert value, name
        assert f"${{{name}}}" in DOCKERFILE


def test_it_has_the_python_that_the_project_has() -> None:
    (version,) = (value for (given,) in of("ARG") for name, _, value in [given.partition("=")] if name == "PYTHON")
    assert version.startswith((ROOT / ".python-version").read_text().strip())


def test_it_runs_as_a_user_of_a_number_and_holds_no_state_but_in_its_volume() -> None:
    last = stages()[-1]
    assert ["USER", "10001:10001"] in last
    assert ["VOLUME", "/var/lib/promptguard"] in last
    after = last[last.index(["USER", "10001:10001"]) :]
    assert not [words for words in after if words[0] in {"RUN", "COPY", "ADD"}], "nothing is changed by that user"
    assert any(words[0] == "HEALTHCHECK" for words in last)


def needed() -> Iterator[dict[str, Any]]:
    """The packages of the image, as the lock has them: what PromptGuard needs on Linux with the extras it asks for."""
    extras = {words[at + 1] for words in of("RUN") for at, word in enumerate(words) if word == "--extra"}
    project = LOCK["promptguard"]
    optional = [each for extra in extras for each in project["optional-dependencies"][extra]]
    todo, seen = [*project["dependencies"], *optional], set()
    while todo:
        each = todo.pop()
        for_others = re.search(r"sys_platform == '(win32|darwin|never)'|os_name == 'nt'", each.get("marker", ""))
        key = (each["name"], *each.get("extra", ()))
        if for_others or key in seen:
            continue
        seen.add(key)
        package = LOCK[each["name"]]
        todo += package.get("dependencies", [])
        todo += [one for extra in each.get("extra", ()) for one in package.get("optional-dependencies", {})[extra]]
        yield package


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_package_has_a_wheel_for_the_machine(machine: str) -> None:
    """Nothing is compiled while the image is built: it has no compiler."""

    def fits(wheel: str) -> bool:
        python, abi, platforms = wheel.removesuffix(".whl").rsplit("-", 3)[1:]
        libc = [int(minor) for minor in re.findall(r"manylinux_2_(\d+)", platforms)] or [17]
        here = platforms == "any" or ("manylinux" in platforms and machine in platforms and min(libc) <= LIBC)
        return here and (python.startswith("py") or "cp313" in abi or abi == "abi3")

    lacking = [
        package["name"]
        for package in needed()
        if not any(fits(wheel["url"].rpartition("/")[2]) for wheel in package.get("wheels", ()))
    ]
    assert not lacking


def test_hadolint_finds_nothing() -> None:
    program = BESIDE_PYTHON / "hadolint"
    if not program.exists():
        pytest.skip("hadolint has no wheel for this system")
    done = subprocess.run([program, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("path", sorted(ROOT.glob("docker-compose*.yml")), ids=lambda path: path.name)
def test_compose_files_are_valid(path: Path) -> None:
    """By the Compose specification's own schema (https://github.com/compose-spec/compose-spec)."""
    schema = get_builtin_schema("vendor.compose-spec")
    jsonschema.validate(yaml.safe_load(path.read_text()), schema)
