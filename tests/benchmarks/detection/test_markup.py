"""Templates become texts whose gold stands where it says."""

from pathlib import Path

import pytest

from benchmarks.detection.markup import Template, fill, read_templates
from benchmarks.detection.values import Values


def test_gold_stands_where_its_value_stands() -> None:
    body = "Dear [[first:a]], born in [[LOCATION|Old Whitmore]] ([[num5]]), [[email:a]]!"
    sample = fill(body, Values("seed", "en-GB"), id="t/0", group="letter")
    values = Values("seed", "en-GB")
    first = values.make("first", "a")[1]
    found = [(gold.label, sample.text[gold.start : gold.end]) for gold in sample.gold]
    assert found[0] == ("PERSON", first)
    assert found[1] == ("LOCATION", "Old Whitmore")
    assert found[2][0] == "EMAIL" and "@" in found[2][1]
    assert len(found) == 3
    assert sample.text.startswith(f"Dear {first}, born in Old Whitmore (")
    assert sample.language == "en"


def test_what_everybody_knows_is_not_gold() -> None:
    sample = fill("Who was [[PUBLIC_PERSON|Ada Lovelace]]?", Values("seed", "en-GB"), id="t", group="en")
    assert sample.text == "Who was Ada Lovelace?"
    assert sample.gold == ()
    assert [(public.label, public.span) for public in sample.public] == [("PERSON", (8, 20))]


def test_brackets_of_shells_are_no_slots() -> None:
    body = 'if [[ -f "$a" ]]; then x=${b[0]}; fi  sshd[[[num4]]]:'
    sample = fill(body, Values("seed", "en-GB"), id="t", group="code")
    assert sample.text.startswith('if [[ -f "$a" ]]; then x=${b[0]}; fi  sshd[')
    assert sample.text.endswith("]:")


def test_copies_differ_and_repeat() -> None:
    template = Template("en-x-1", "en-US", "ticket", "[[name]] [[phone]]")
    assert template.fill(0).text != template.fill(1).text
    assert template.fill(1) == template.fill(1)
    assert template.fill(0).held_out == template.fill(1).held_out


@pytest.mark.parametrize(
    "content",
    ["no header\n=== a | en-US | t\nx", "=== a | en-US | t\nx\n=== a | en-US | t\ny", "=== a | en-US | t\n\n"],
    ids=["text before the first", "an id twice", "an empty one"],
)
def test_mistakes_in_a_file_of_templates_are_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "t.txt"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"t\.txt"):
        list(read_templates(path))
