from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.line_wraps import MAX_LENGTH, WRAPPED

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("it is DE893\n70400\n44053\n20130\n00 ok", "it is DE89370400440532013000 ok"),
        ("it is DE893\r\n70400\r\n44053\r\n20130\r\n00", "it is DE89370400440532013000"),
        ("joh\nn@con\ntoso\n.com", None),
        ("mail john\n@con\ntoso\n.com, ok", "mail john@contoso.com, ok"),
        ("ghp_Ab3d\nEf5hIj7l\nMn9pQr1t\nAnswer in a line.", "ghp_Ab3dEf5hIj7lMn9pQr1t\nAnswer in a line."),
        ("(ghp_Ab3d\nEf5hIj7l\nMn9p)", "(ghp_Ab3dEf5hIj7lMn9p)"),
        ("password: Tin9\nkerb\nell", "password: Tin9kerbell"),
        ("45391\n48803\n43646\n7", "4539148803436467"),
        ("card 4539\n1488\n0343\n6467 ok", "card 4539148803436467 ok"),
        ("4539\n1488\n0343\n6467\n", None),
        ("1\n45391\n48803\n43646\n7", None),
        ("45391\n48803\n43646\n7\n12", None),
        ("45391\n48803\n43", None),
        ("words\nother\nthing\nend", None),
        ("PORT=8080\nHOST=db01\nUSER=abc", None),
        ("anna@x.de\nhans@x.de\n1", None),
        ("an ordinary line of text1\nand\nanother one\n", None),
        ("foo1();\nbar2();\nbaz3", None),
        ("\n".join(["ab12"] * (MAX_LENGTH // 4 + 1)), None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(WRAPPED, text) == reading
