from __future__ import annotations

import pytest

from promptguard.installation.migrations.m0002_texts_of_notices import TextsOfNotices
from promptguard.typed_yaml.editing import YamlText
from promptguard.typed_yaml.nodes import parse

ENGLISH = """\
titles:
  one: One
  two: Two
paragraphs:
  remove: [it, them]
layer: {close: Close}
language: en
"""
SHIPPED = {"notices/en.yaml": ENGLISH, "notices/de.yaml": "titles: {one: Eins, two: Zwei}\nlanguage: de\n"}
OWN = """\
# Ours.
titles:
  one: Our own   # words
paragraphs:
  remove: Out with it
"""
FILLED_UP = """\
# Ours.
titles:
  one: Our own   # words
  two: "Two"
paragraphs:
  remove: ["Out with it", "Out with it"]
language: "en"
layer:
  close: "Close"
"""


def migrated(before: str, path: str = "notices/en.yaml") -> tuple[str, list[str]]:
    text = YamlText(before)
    done = TextsOfNotices().apply(path, text, SHIPPED.get)
    return text.text, list(done)


def test_what_is_missing_is_added_and_what_a_company_says_stays() -> None:
    after, done = migrated(OWN)
    assert after == FILLED_UP
    assert len(done) == 2 and "`paragraphs.remove`" in done[0] and done[1].startswith("3 texts")
    assert migrated(after) == (after, [])


@pytest.mark.parametrize(
    ("path", "word"), [("notices/de.yaml", "Zwei"), ("notices/pt.yaml", "Two"), ("notices/en.yaml", "Two")]
)
def test_texts_are_of_the_files_language_where_it_is_shipped(path: str, word: str) -> None:
    after, _ = migrated("titles: {one: x}\n", path)
    assert parse(after)["titles"] == {"one": "x", "two": word}


def test_an_empty_file_stays_for_its_reader_to_tell() -> None:
    assert migrated("") == ("", [])
