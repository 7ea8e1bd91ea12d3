from pathlib import Path

import pytest
from pydantic import Field

from promptguard.errors import ConfigError
from promptguard.model import Status
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.reading import ConfigErrors, YamlFile, load


class Tool(Section):
    id: str = Field(description="A short name.")
    hosts: OneOrMore[str] = ()
    status: OneOrMore[Status] = ()
    limit: int | None = Field(default=None, ge=1, le=10, description="How many.")
    since: str = ""


class File(Section):
    name: str = Field(default="", description="What it is called.")
    enabled: bool = True
    tools: tuple[Tool, ...] = ()
    by_name: dict[str, Tool] = Field(default_factory=dict)


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "file.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", File()),
        ("# nothing but a comment\n", File()),
        ("\ufeffname: x\n", File(name="x")),
        ("name: yes\n", File(name="yes")),
        ("tools: [{id: a, hosts: b.example}]\n", File(tools=(Tool(id="a", hosts=("b.example",)),))),
        (
            "tools:\n- id: a\n  hosts: [b, c]\n  status: [approved, prohibited]\n  since: 2026-01-02\n  limit: 3\n",
            File(
                tools=(
                    Tool(
                        id="a",
                        hosts=("b", "c"),
                        status=(Status.APPROVED, Status.PROHIBITED),
                        since="2026-01-02",
                        limit=3,
                    ),
                )
            ),
        ),
        ("by_name: {x: {id: a, status: approved}}\n", File(by_name={"x": Tool(id="a", status=(Status.APPROVED,))})),
        ("name: >-\n  two\n  lines\nenabled: false\n", File(name="two lines", enabled=False)),
        ("tools: [&one {id: a}]\nby_name: {x: *one}\n", File(tools=(Tool(id="a"),), by_name={"x": Tool(id="a")})),
    ],
)
def test_right(write, text: str, expected: File) -> None:
    assert load(write(text), File) == expected


@pytest.mark.parametrize(
    ("text", "line", "problem", "remedy"),
    [
        ("nam: x\n", 1, "there is no key ‘nam’ here", "Did you mean ‘name’?"),
        ("tools:\n  - id: a\n    host: b\n", 3, "no key ‘host’", "Did you mean ‘hosts’?"),
        ("name: a\nenabled: true\nname: b\n", 3, "this key stands here a second time", "Keep one of the two."),
        ("name: [a\nenabled: true\n", 2, "this is not valid YAML", "indentation"),
        ("name: a\n\tenabled: true\n", 2, "this is not valid YAML", "indentation"),
        ("- a\n- b\n", 1, "the file should consist of keys with values", "key: value"),
        ("just a sentence\n", 1, "the file should consist of keys with values", "key: value"),
        (b"name: a\nenabled: \xff\n", 2, "this line is not UTF-8 text", "UTF-8"),
        ("name: a\n---\nname: b\n", 2, "this is not valid YAML", "before"),
        ("name: \x00\n", None, "this is not valid YAML", "control characters"),
    ],
)
def test_mistakes(write, text: str | bytes, line: int | None, problem: str, remedy: str) -> None:
    path = write(text)
    with pytest.raises(ConfigError) as caught:
        load(path, File)
    error = caught.value
    assert (error.file, error.line) == (path, line)
    assert problem in error.problem
    assert remedy in error.remedy
    assert error.__cause__ is None


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="this file is missing"):
        load(tmp_path / "none.yaml", File)


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="this file cannot be read"):
        load(tmp_path, File)


def test_several_mistakes_are_told_at_once_and_in_order(write) -> None:
    path = write("enabled: perhaps\nnam: x\ntools:\n  - hosts: []\n")
    with pytest.raises(ConfigErrors) as caught:
        load(path, File)
    assert [error.line for error in caught.value.errors] == [1, 2, 4]
    assert str(caught.value).splitlines()[0] == f"{path}:1: ‘enabled’ is the text ‘perhaps’"
    assert caught.value.line == 1


def test_not_more_mistakes_than_one_can_read(write) -> None:
    path = write("".join(f"wrong{number}: 1\n" for number in range(25)))
    with pytest.raises(ConfigErrors) as caught:
        load(path, File)
    assert len(caught.value.errors) == 25
    assert str(caught.value).endswith("… and 15 more mistakes.")


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ((), 1),
        (("tools",), 2),
        (("tools", 1), 4),
        (("tools", 1, "hosts"), 5),
        (("tools", 1, "hosts", 0), 5),
        (("tools", 1, "nothing"), 4),
        (("tools", 9), 2),
        (("nothing", 3), 1),
    ],
)
def test_lines(write, place: tuple[str | int, ...], line: int) -> None:
    file = YamlFile(write("name: x\ntools:\n  - id: a\n  - id: b\n    hosts: [c]\n"))
    assert file.line(place) == line
    assert file.error(place, "a", "b").line == line


def test_an_empty_file_has_no_lines(write) -> None:
    assert YamlFile(write("")).line(("name",)) is None
