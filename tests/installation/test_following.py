from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.errors import PromptGuardError
from promptguard.installation import following, presets
from promptguard.installation.following import ORIGIN, Difference, compare, follow, made_with, write_out
from promptguard.installation.shipped import files_of

NEW, CHANGED, GONE, BOTH = Difference.NEW, Difference.CHANGED, Difference.GONE, Difference.BOTH


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shipped"
    for module in (following, presets):
        monkeypatch.setattr(module, "shipped_configuration", lambda: folder)
    write(folder, {"a.yaml": "1", "sub/b.yaml": "1"})
    return folder


@pytest.fixture
def own(tmp_path: Path, shipped: Path) -> Path:
    assert write_out(tmp_path / "own") == 2
    return tmp_path / "own"


def write(folder: Path, files: dict[str, str | None]) -> None:
    """Contents by path; None is none."""
    for name, content in files.items():
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)


CASES = [
    # what was shipped later, what the company did, what is told, and the files once it has followed
    ({}, {}, {}, {"a.yaml": "1", "sub/b.yaml": "1"}),
    ({}, {"a.yaml": "mine"}, {}, {"a.yaml": "mine", "sub/b.yaml": "1"}),
    ({}, {"mine.yaml": "m"}, {}, {"a.yaml": "1", "sub/b.yaml": "1", "mine.yaml": "m"}),
    ({"a.yaml": "2"}, {}, {"a.yaml": CHANGED}, {"a.yaml": "2", "sub/b.yaml": "1"}),
    ({"c.yaml": "2"}, {}, {"c.yaml": NEW}, {"a.yaml": "1", "sub/b.yaml": "1", "c.yaml": "2"}),
    ({"sub/b.yaml": None}, {}, {"sub/b.yaml": GONE}, {"a.yaml": "1"}),
    (  # one file that stands for a folder: it, and nothing beside it
        {"one/a.yaml": "2"},
        {"one.yaml": "m"},
        {},
        {"a.yaml": "1", "sub/b.yaml": "1", "one.yaml": "m"},
    ),
    ({"a.yaml": "2"}, {"a.yaml": "mine"}, {"a.yaml": BOTH}, {"a.yaml": "mine", "sub/b.yaml": "1"}),
    ({"a.yaml": "2"}, {"a.yaml": "2"}, {}, {"a.yaml": "2", "sub/b.yaml": "1"}),
    ({"a.yaml": None}, {"a.yaml": "mine"}, {"a.yaml": BOTH}, {"a.yaml": "mine", "sub/b.yaml": "1"}),
    ({"a.yaml": "2"}, {"a.yaml": None}, {}, {"sub/b.yaml": "1"}),
    ({"c.yaml": "2"}, {"c.yaml": "mine"}, {"c.yaml": BOTH}, {"a.yaml": "1", "sub/b.yaml": "1", "c.yaml": "mine"}),
]


@pytest.mark.parametrize(("later", "here", "told", "then"), CASES)
def test_what_nobody_changed_is_taken_up_and_the_rest_stays(shipped, own, later, here, told, then) -> None:
    write(shipped, later)
    write(own, here)
    before = files_of(own)
    assert {each.path: each.difference for each in compare(own)} == told
    assert files_of(own) == before
    follow(own)
    assert {name: content.decode() for name, content in files_of(own).items()} == then
    left = {path: difference for path, difference in told.items() if difference is BOTH}
    assert {each.path: each.difference for each in compare(own)} == left


def test_what_stands_in_a_linked_folder_counts_as_here(shipped, own, tmp_path) -> None:
    (own / "sub").rename(tmp_path / "elsewhere")
    (own / "sub").symlink_to(tmp_path / "elsewhere")
    write(own, {"sub/c.yaml": "mine"})
    write(shipped, {"sub/b.yaml": "2", "sub/c.yaml": "2"})
    follow(own)
    assert [(each.path, each.difference) for each in compare(own)] == [("sub/c.yaml", BOTH)]
    assert (own / "sub/c.yaml").read_text() == "mine" and (own / "sub/b.yaml").read_text() == "2"


@pytest.mark.parametrize(("choice", "content"), [("keep", "mine"), ("take", "2")])
def test_of_what_was_changed_on_both_sides_one_is_chosen(shipped, own, choice: str, content: str) -> None:
    write(shipped, {"a.yaml": "2"})
    write(own, {"a.yaml": "mine"})
    follow(own, **{choice: ["a.yaml"]})
    assert (own / "a.yaml").read_text() == content
    assert compare(own) == []
    write(shipped, {"a.yaml": "3"})
    assert [each.difference for each in compare(own)] == [BOTH if choice == "keep" else CHANGED]


def test_what_was_made_the_same_by_hand_counts_as_unchanged_from_then_on(shipped, own) -> None:
    write(shipped, {"a.yaml": "2"})
    write(own, {"a.yaml": "2"})
    follow(own)
    write(shipped, {"a.yaml": "3"})
    assert [each.difference for each in compare(own)] == [CHANGED]


def test_an_empty_file_is_unchanged_like_any_other(shipped, tmp_path: Path) -> None:
    write(shipped, {"a.yaml": ""})
    write_out(tmp_path / "own")
    write(shipped, {"a.yaml": "2"})
    assert [each.difference for each in compare(tmp_path / "own")] == [CHANGED]


def test_there_is_nothing_to_choose_where_only_one_side_changed(shipped, own) -> None:
    write(shipped, {"a.yaml": "2", "sub/b.yaml": "2"})
    write(own, {"sub/b.yaml": "mine"})
    with pytest.raises(PromptGuardError, match=r"a.yaml: it was not changed on both sides[^ ]*.*\n.*: sub/b.yaml\."):
        follow(own, take=["a.yaml"])
    assert (own / "a.yaml").read_text() == "1"


def test_without_a_note_of_what_it_was_made_from_nothing_is_overwritten(shipped, own) -> None:
    (own / ORIGIN).unlink()
    write(shipped, {"a.yaml": "2", "c.yaml": "2"})
    assert made_with(own) == ""
    assert {each.path: each.difference for each in compare(own)} == {"a.yaml": BOTH, "c.yaml": NEW}
    follow(own)
    assert (own / "a.yaml").read_text() == "1"
    assert made_with(own)


@pytest.mark.parametrize("note", ["{", "[]", '"x"'])
def test_a_note_that_is_damaged_is_told(shipped, own, note: str) -> None:
    (own / ORIGIN).write_text(note)
    with pytest.raises(PromptGuardError, match="cannot be read"):
        compare(own)


def test_nothing_is_written_over_what_is_there(shipped, own) -> None:
    write(own, {"a.yaml": "mine"})
    with pytest.raises(PromptGuardError, match="there is something already"):
        write_out(own)
    assert (own / "a.yaml").read_text() == "mine"


def test_the_shipped_one_itself_is_followed_by_nobody(shipped, tmp_path: Path) -> None:
    with pytest.raises(PromptGuardError, match="shipped configuration itself"):
        compare(shipped)
    with pytest.raises(PromptGuardError, match="no such folder"):
        compare(tmp_path / "none")


def test_a_files_mode_stays(shipped, own) -> None:
    (own / "a.yaml").chmod(0o640)
    write(shipped, {"a.yaml": "2"})
    follow(own)
    assert (own / "a.yaml").stat().st_mode & 0o777 == 0o640
    assert not list(own.rglob(".draft.*"))
