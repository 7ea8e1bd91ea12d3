from pathlib import Path

import pytest

from promptguard.errors import ConfigError
from promptguard.notices.templates import Templates
from promptguard.typed_yaml.reading import load

SHIPPED = (Path(__file__).parents[2] / "config" / "notices" / "en.yaml").read_text()


def line_of(text: str) -> int:
    return SHIPPED[: SHIPPED.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        (
            'why: "Why: {reason}"',
            'why: "Why: {reasons}"',
            "Did you mean ‘reason’? The names are: reason. Write: {reason}.",
        ),
        ('why: "Why: {reason}"', 'why: "Why: {reason.real}"', "‘{reason.real}’ is no name for this text"),
        ('why: "Why: {reason}"', 'why: "Why: {reason!r}"', "‘{reason}’ is no name for this text"),
        ('why: "Why: {reason}"', 'why: "Why: {reason:>99999}"', "‘{reason}’ is no name for this text"),
        ('why: "Why: {reason}"', 'why: "Why: {}"', "‘{}’ is no name for this text"),
        ('why: "Why: {reason}"', 'why: "Why: {reason"', "a brace is missing its partner"),
        ('why: "Why: {reason}"', "why: ''", "‘why’ is empty or too short"),
        ("  and: and", "  and: '{and}'", "No names in braces can stand here."),
        ("  url: in the web address", "  ulr: in the web address", "‘ulr’ is no value for"),
        ("  PERSON: [name of a person, names of persons]", "  PERSON: [name of a person]", "is missing here"),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, part: str) -> None:
    path = tmp_path / "en.yaml"
    path.write_text(SHIPPED.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        load(path, Templates)
    assert part in str(caught.value)
    assert caught.value.line == line_of(old)


@pytest.mark.parametrize(
    ("missing", "section"),
    [("  url: in the web address\n", "places"), ("  access_logs: access logs\n", "data_classes")],
)
def test_all_words_are_needed(tmp_path: Path, missing: str, section: str) -> None:
    path = tmp_path / "en.yaml"
    path.write_text(SHIPPED.replace(missing, ""))
    with pytest.raises(ConfigError, match="is missing here") as caught:
        load(path, Templates)
    assert caught.value.line == line_of(f"{section}:\n")


def test_doubled_braces_are_braces(tmp_path: Path) -> None:
    path = tmp_path / "en.yaml"
    path.write_text(SHIPPED.replace("Why: {reason}", "{{Why}}: {reason}"))
    assert load(path, Templates).paragraphs.why.format_map({"reason": "x"}) == "{Why}: x"
