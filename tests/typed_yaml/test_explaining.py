from pathlib import Path

import pytest
from pydantic import Field

from promptguard.errors import ConfigError
from promptguard.model import Status
from promptguard.typed_yaml.fields import OneOrMore, Section
from promptguard.typed_yaml.reading import load


class Tool(Section):
    id: str = Field(description="A short name.")
    hosts: OneOrMore[str] = ()
    status: OneOrMore[Status] = ()
    limit: int | None = Field(default=None, ge=1, le=10, description="How many.")
    since: str = ""


class Near(Section):
    days: int | None = Field(default=1, description="How long.")
    hosts: OneOrMore[str] = ()


class Times(Section):
    near: Near = Near()
    far: Near = Near()
    margin: int = 0


class Limits(Section):
    times: Times = Times()


class File(Section):
    name: str = Field(default="", description="What it is called.")
    enabled: bool = True
    tools: tuple[Tool, ...] = ()
    by_name: dict[str, Tool] = Field(default_factory=dict)
    limits: Limits = Limits()


@pytest.mark.parametrize(
    ("text", "line", "problem", "remedy"),
    [
        ("nam: x\n", 1, "there is no key ‘nam’ here", "Did you mean ‘name’?"),
        ("name: x\nzzz: 1\n", 2, "there is no key ‘zzz’ here", "The keys are: name, enabled, tools, by_name, limits."),
        ("tools:\n  - id: a\n    host: b\n", 3, "no key ‘host’", "Did you mean ‘hosts’?"),
        ("by_name:\n  x:\n    id: a\n    stats: approved\n", 4, "no key ‘stats’", "Did you mean ‘status’?"),
        ("tools:\n  - hosts: b\n", 2, "the key ‘id’ is missing here", "A short name."),
        ("\nname: 12\n", 2, "‘name’ is the number 12", 'It should be text: write `name: "12"`. What it is called.'),
        ("name:\n", 1, "‘name’ is empty", "It should be text."),
        ("enabled: yes\n", 1, "‘enabled’ is the text ‘yes’", "It should be true or false."),
        ("tools:\n  - id: a\n    status:\n      - approved\n      - aproved\n", 5, "‘aproved’", "mean ‘approved’?"),
        ("tools: [{id: a, status: qqq}]\n", 1, "‘qqq’ is no value for ‘status’", "The values are: approved, approved_"),
        ("tools:\n  id: a\n", 1, "‘tools’ is keys with values", "It should be a list."),
        ("tools:\n- id: a\n  limit: 11\n", 3, "‘limit’ is 11", "It should be at most 10."),
        ("tools:\n- id: a\n  limit: 1.5\n", 3, "‘limit’ is", "It should be a whole number or null. How many."),
        (
            "limits:\n  times:\n    near: {days: 3d}\n",
            3,
            "‘days’ is the text ‘3d’",
            "a whole number or null. How long.",
        ),
        ("limits:\n  times: {margin: x}\n", 2, "‘margin’ is the text ‘x’", "It should be a whole number."),
        ("limits:\n  margin: 1\n", 2, "no key ‘margin’ here", "Write it as `times: {margin: …}`."),
        ("margin: 1\n", 1, "no key ‘margin’ here", "Write it as `limits: {times: {margin: …}}`."),
        ("limits: {times: {days: 1}}\n", 1, "no key ‘days’", "Write it as `near: {days: …}` or `far: {days: …}`."),
        ("limits.times.margin: 1\n", 1, "no key", "Write it as `limits: {times: {margin: …}}`."),
        ("limits:\n  enabled: true\n", 2, "no key ‘enabled’ here", "Write it at the left margin, as `enabled: …`."),
        ("limits:\n  limits.times.margin: 1\n", 2, "no key", "margin, as `limits: {times: {margin: …}}`."),
    ],
)
def test_what_is_wrong_and_what_would_be_right(tmp_path: Path, text: str, line: int, problem: str, remedy: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path, File)
    assert caught.value.line == line
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
