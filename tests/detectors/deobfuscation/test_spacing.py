from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.spacing import DIGIT_GROUPS, SEPARATED, SPACED

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("obfuscation", "text", "reading"),
    [
        (SPACED, "key s k - a n t - a p i 0 3 end", "key sk-ant-api03 end"),
        (SPACED, "h e l l o   w o r l d !", "hello world!"),
        (SPACED, "I a m b i g", None),
        (SPACED, "4 5 3 9 1 4 8 8 0 3 4 3 6 4 6 7", "4539148803436467"),
        (SPACED, "4 5 3 9 1 4 8 8 0 3 4 3 6 4 6 7\n1 5 3 9 1 4 8 8 0 3 4 3 6 4 6 7", None),
        (SEPARATED, "a.b.c.d.e.f.g.h.i.j.k", "abcdefghijk"),
        (SEPARATED, "it is\na\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", "it is\nabcdefghij\n"),
        (SEPARATED, "4\n5\n3\n9\n1\n4\n8\n8\n0\n3\n4\n3\n6\n4\n6\n7\n", None),
        (SEPARATED, "a.b-c.d-e.f-g.h-i.j-k", None),
        (SEPARATED, "to j...d.o.e.@.a.c.m.e...c.o.m, ok", "to j.doe@acme.com, ok"),
        (SEPARATED, "(g_h_p___a_b_c_d_e_f)", "(ghp_abcdef)"),
        (SEPARATED, "is s - k - - - a - b - c - d - e - f - 1\nor", "is sk-abcdef1\nor"),
        (SEPARATED, "foo_a_b_c_d_e_f_g_h_i_j_k", "foo_abcdefghijk"),
        (SEPARATED, "a.b.c.d.e.f.g.h.i.j.kl", "abcdefghij.kl"),
        (SEPARATED, "1,0,1,1,0,1,0,1,1,1\n1,0,0,1,0,1,1,0,1,1", None),
        (SEPARATED, "| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 0 |", None),
        (SEPARATED, "1.2.3.4.5.6", None),
        (DIGIT_GROUPS, "4539/1488/0343/6467", "4539-1488-0343-6467"),
        (DIGIT_GROUPS, "4539 - 1488 - 0343 - 6467", "4539-1488-0343-6467"),
        (DIGIT_GROUPS, "4539 1488 0343 6467", None),
        (DIGIT_GROUPS, "4539/1488/0343/64678", None),
    ],
)
def test_readings(read: Read, obfuscation: Obfuscation, text: str, reading: str | None) -> None:
    assert read(obfuscation, text) == reading
