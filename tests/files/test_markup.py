from __future__ import annotations

from xml.parsers.expat import ExpatError

import pytest

from promptguard.files.interface import CannotRead
from promptguard.files.markup import MAX_ELEMENT_DEPTH, parse

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><lolz>&lol2;</lolz>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>"""
PARAMETER = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % p SYSTEM "http://localhost/x"> %p;]><x/>"""


def test_events_come_in_order() -> None:
    seen: list[object] = []
    parse(
        '<a:p xmlns:a="x" b="ü">one<t/>two</a:p>'.encode(),
        lambda name, attributes: seen.append((name, attributes.get("b"))),
        seen.append,
        seen.append,
    )
    assert seen == [("p", "ü"), "one", ("t", None), "t", "two", "p"]


@pytest.mark.parametrize("source", [LAUGHS, OUTSIDE, PARAMETER])
def test_entities_are_refused(source: bytes) -> None:
    with pytest.raises(CannotRead, match=r"file\.entities"):
        parse(source)


def test_depth_is_bounded() -> None:
    parse(b"<a>" * MAX_ELEMENT_DEPTH + b"</a>" * MAX_ELEMENT_DEPTH)
    with pytest.raises(CannotRead, match=r"file\.too_deep"):
        parse(b"<a>" * 100_000)


@pytest.mark.parametrize("source", [b"", b"<a>", b"<a></b>", b"words", b"\0"])
def test_what_is_no_xml(source: bytes) -> None:
    with pytest.raises(ExpatError):
        parse(source)


@pytest.mark.parametrize("charset", ["utf-16", "iso-8859-1"])
def test_encodings(charset: str) -> None:
    seen: list[str] = []
    parse(f'<?xml version="1.0" encoding="{charset}"?><a>Grüße</a>'.encode(charset), text=seen.append)
    assert "".join(seen) == "Grüße"
