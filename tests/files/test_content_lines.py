from __future__ import annotations

import base64
from typing import Any

import pytest

from samples import images

VALUE = "jo.miller@" + "fabrikam-sample.com"


def card(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:2.1", *lines, "END:VCARD", ""]).encode()


def calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode()


@pytest.mark.parametrize(
    "data",
    [
        calendar(f"DESCRIPTION:write to {VALUE[:7]}", f" {VALUE[7:]} today"),
        calendar(f"DESCRIPTION:write to {VALUE[:7]}", f"\t{VALUE[7:]} today"),
        card("NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=BC " + VALUE.replace("@", "=40")),
        card(f"NOTE;ENCODING=QUOTED-PRINTABLE:to {VALUE[:7]}=", VALUE[7:]),
        card(f"NOTE;QUOTED-PRINTABLE:{VALUE.replace('.', '=2E')}"),
        calendar(f"ATTACH;ENCODING=BASE64;VALUE=BINARY:{base64.b64encode(VALUE.encode()).decode()}"),
        calendar(f"DESCRIPTION:one\\n{VALUE}"),
    ],
)
def test_lines_as_they_are_meant(texts: Any, data: bytes) -> None:
    read = "\n".join(text for _, text in texts(data, "x.ics"))
    assert VALUE in read
    assert f"n{VALUE}" not in read


def test_pictures(texts: Any, size_teller: Any) -> None:
    picture = base64.b64encode(images.encoded(images.written("x"))).decode()
    data = card(
        "FN:Jo",
        f"PHOTO;ENCODING=b;TYPE=PNG:{picture[:70]}",
        *(f" {picture[at : at + 70]}" for at in range(70, len(picture), 70)),
    )
    assert ("picture", "an image of 900 by 96") in texts(data, recogniser=size_teller)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", [";QUOTED-PRINTABLE", ";ENCODING=B", "a.", "=\n", "\n ", "A;ENCODING=B:\n"])
def test_time_is_linear(texts: Any, unit: str) -> None:
    texts(b"BEGIN:VCARD\nA;ENCODING=QUOTED-PRINTABLE:\nA" + unit.encode() * (400_000 // len(unit)))
