import itertools
import logging
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import regex

from promptguard.detectors.patterns import prefilter
from promptguard.detectors.patterns.ascii_projection import ascii_projection
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.patterns.prefilter import Expression, Hit, PatternPrefilter
from promptguard.detectors.recognizers.loading import RecognizerSet


def expression(text: str, owner: int = 0, flags: int = 0, reach: int = 0) -> Expression:
    return Expression(owner, f"number {owner}", text, flags, reach)


def test_hits_tell_expression_and_place() -> None:
    compiled = PatternPrefilter([expression(r"\d{3}", 4), expression("Ö[a-z]", 7)])
    assert sorted(compiled.scan(ascii_projection("x 123 Öl"))) == [Hit(0, 2, 5, 5), Hit(1, 6, 8, 8)]


def test_flags() -> None:
    assert PatternPrefilter([expression("abc", flags=regex.IGNORECASE)]).scan(b"ABC")
    assert not PatternPrefilter([expression("abc")]).scan(b"ABC")
    assert PatternPrefilter([expression("a.c", flags=regex.DOTALL)]).scan(b"a\nc")
    assert not PatternPrefilter([expression("a.c")]).scan(b"a\nc")
    assert PatternPrefilter([expression("^b$")]).scan(b"a\nb\nc")


@pytest.mark.parametrize("text", ["<[^>]*>", "a+b", "a[bc]{0,100000}d"])
def test_expressions_without_a_limit_are_named(text: str) -> None:
    prefilter = PatternPrefilter([expression("abc"), expression(text, 1)])
    assert prefilter.unbounded == [1]
    assert prefilter.left_out == []


def test_hits_of_expressions_without_a_limit_tell_their_ends() -> None:
    assert PatternPrefilter([expression("a+bc")]).scan(b"-" * 10 + b"a" * 9000 + b"bc" + b"-" * 10 + b"abc") == [
        Hit(0, 9011, 9012, 9012),
        Hit(0, 9024, 9025, 9025),
    ]


def test_repeats_are_one_hit() -> None:
    (hit,) = PatternPrefilter([expression("ab*")]).scan(b"-" + b"a" + b"b" * 3000)
    assert (hit.first_end, hit.last_end) == (2, 3002)


def test_long_runs_are_cut() -> None:
    hits = PatternPrefilter([expression(r"\d\d")]).scan(b"1" * 100_000)
    assert 20 < len(hits) < 40
    assert all(earlier.last_end > later.start for earlier, later in itertools.pairwise(hits))


def test_no_expressions() -> None:
    assert PatternPrefilter([]).scan(b"text") == []


def test_what_hyperscan_cannot_take_is_named(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        prefilter = PatternPrefilter([expression("good"), expression(r"\X\d", 1), expression("fine", 2)])
    assert prefilter.left_out == [1]
    assert "number 1 is matched the slow way" in caplog.text
    assert [hit.expression for hit in prefilter.scan(b"good, fine")] == [0, 2]


def test_what_is_too_large_is_taken_loosely() -> None:
    large = (
        "(?:" + "|".join(f"word{number}x" for number in range(300)) + r")[\w.\-]{0,}[^a-z]{10,16}[^\s]{90,}[^x]{90,}"
    )
    prefilter = PatternPrefilter([expression("good"), expression(large)])
    text = b"good word7x" + b"-" * 16 + b"1" * 200
    assert {hit.expression for hit in prefilter.scan(text)} == {0, 1}
    assert prefilter.left_out == []


def test_compiled_patterns_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "new" / "folder"
    expressions = [expression("abc"), expression(r"\X", 1), expression("d+", 2)]
    first = PatternPrefilter(expressions, folder)
    assert first.compiled_now
    monkeypatch.setattr("promptguard.detectors.patterns.prefilter._compile", None)
    second = PatternPrefilter(expressions, folder)
    assert second.scan(b"abc ddd") == first.scan(b"abc ddd") != []
    assert second.left_out == first.left_out != []
    assert not second.compiled_now
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())


def test_only_what_is_compiled_with_a_changed_expression_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = [expression(f"word{number}") for number in range(100)]
    PatternPrefilter(shipped, tmp_path)
    compiled: list[int] = []
    compile_part = prefilter._compile
    monkeypatch.setattr(prefilter, "_compile", lambda chosen: compiled.append(len(chosen)) or compile_part(chosen))
    changed = PatternPrefilter([*shipped, expression("another")], tmp_path)
    assert len(compiled) == 1
    assert compiled[0] < 30
    assert [hit.expression for hit in changed.scan(b"another word7 ")] == [100, 7]


def test_databases_that_nobody_used_for_a_month_are_deleted(tmp_path: Path) -> None:
    PatternPrefilter([expression("old")], tmp_path)
    (old,) = tmp_path.iterdir()
    os.utime(old, (0, 0))
    PatternPrefilter([expression("old")], tmp_path)  # is used: stays
    PatternPrefilter([expression("new")], tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    os.utime(old, (0, 0))
    PatternPrefilter([expression("newer")], tmp_path)
    assert old not in tmp_path.iterdir()


@pytest.mark.parametrize(
    "content", [b"", b"[1,2]\nrubbish", b"[0,0,0]\n", b"[3]\n", b"not json\n", b"[3]\n" + b"x" * 1000]
)
def test_damaged_files_are_replaced(tmp_path: Path, content: bytes) -> None:
    PatternPrefilter([expression("abc")], tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(content)
    assert PatternPrefilter([expression("abc")], tmp_path).scan(b"abc")
    assert len(file.read_bytes()) == len(whole)


def test_other_expressions_have_another_file(tmp_path: Path) -> None:
    PatternPrefilter([expression("abc")], tmp_path)
    PatternPrefilter([expression("abc", flags=regex.IGNORECASE)], tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    assert PatternPrefilter([expression("abc")], tmp_path / "file").scan(b"abc")
    assert "cannot be kept" in caplog.text


def test_threads_scan_at_once() -> None:
    prefilter = PatternPrefilter([expression(r"\d{3}")])
    texts = [b" 123" * number for number in range(1, 40)]
    with ThreadPoolExecutor(8) as threads:
        assert [len(hits) for hits in threads.map(prefilter.scan, texts)] == [
            len(prefilter.scan(text)) for text in texts
        ]


def test_hyperscan_takes_every_shipped_expression_as_it_is(
    shipped_recognizers: RecognizerSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is refused makes the first start search for it, which takes seconds."""
    compiled: list[int] = []
    compile_database = prefilter._database

    def counted(forms: Mapping[int, Any]) -> Any:
        compiled.append(len(forms))
        return compile_database(forms)

    monkeypatch.setattr(prefilter, "_database", counted)
    PatternDetector(shipped_recognizers)._build()
    assert len(compiled) == prefilter.PARTS
