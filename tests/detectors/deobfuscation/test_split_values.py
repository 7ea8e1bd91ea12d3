from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.split_values import SPLIT_DIGITS, SPLIT_TOKENS

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("obfuscation", "text", "reading"),
    [
        (SPLIT_TOKENS, "AKIAQ3EGR\nIG5TAMPLE2X is it", "AKIAQ3EGRIG5TAMPLE2X is it"),
        (SPLIT_TOKENS, "> sk-ant-abc1\n> def2ghi3\n> jkl4", "> sk-ant-abc1def2ghi3jkl4"),
        (SPLIT_TOKENS, "sk-ant-abc1\nthank you", None),
        (SPLIT_TOKENS, "sk-ant-abc1\nNAME2=value", None),
        (SPLIT_DIGITS, "4539 1488\n0343 6467", "4539 1488 0343 6467"),
        (SPLIT_DIGITS, "DE89 3704 0044\n0532 0130 00", "DE89 3704 0044 0532 0130 00"),
        (SPLIT_DIGITS, "DE8937040044\n0532013000", "DE89370400440532013000"),
        (SPLIT_DIGITS, "4539 1488\n0343 6467\n4539 1488", None),
        (SPLIT_DIGITS, "x: >-\n  45391488\n  03436467\n", "x: >-\n  4539148803436467\n"),
        (SPLIT_DIGITS, "\t4539-1488\n\t0343-6467", "\t4539-1488-0343-6467"),
        (SPLIT_DIGITS, "took 1234\n2026-11-21 10:00", None),
    ],
)
def test_readings(read: Read, obfuscation: Obfuscation, text: str, reading: str | None) -> None:
    assert read(obfuscation, text) == reading
