from __future__ import annotations

import itertools

from promptguard.detectors.names.windows import plan_windows


def test_windows_cover_all_tokens_and_end_at_sentences() -> None:
    text = ("aa bb cc dd ee. " * 40).strip()
    offsets = []
    at = 0
    for part in text.split():
        offsets.append((at, at + len(part)))
        at += len(part) + 1
    words = list(range(len(offsets)))
    windows = plan_windows(text, offsets, words, size=24, overlap=4)
    assert windows[0][0] == 0
    assert windows[-1][1] == len(words)
    for (start, end), (following, _) in itertools.pairwise(windows):
        assert end - start <= 24
        assert start < following < end
        assert end % 5 == 0
        assert following % 5 == 0


def test_paragraphs_are_seen_by_themselves_unless_they_are_short() -> None:
    text = "Dear a,\n\n" + "b " * 20 + "\n\n" + "c " * 20 + "\n\nd"
    offsets = [(index, index + 1) for index, character in enumerate(text) if not character.isspace()]
    windows = plan_windows(text, offsets, list(range(len(offsets))))
    shown = ["".join(sorted({text[offsets[index][0]] for index in range(*window)})) for window in windows]
    assert shown == [",Daber", "c", "d"]


def test_windows_do_not_begin_within_a_word() -> None:
    offsets = [(index, index + 1) for index in range(100)]
    words = [index // 3 for index in range(100)]
    for start, _ in plan_windows("x" * 100, offsets, words, size=24, overlap=4):
        assert start % 3 == 0
