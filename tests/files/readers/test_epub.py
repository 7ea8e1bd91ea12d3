from __future__ import annotations

from typing import Any

from samples import images, office

BOOK = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": "<container/>",
    "content.opf": "<?xml version='1.0'?><package><title>A title</title></package>",
    "one.xhtml": "<html><body><p>first</p></body></html>",
    "style.css": "p {}",
    "cover.png": images.encoded(images.written("x")),
}


def test_books(texts: Any) -> None:
    assert texts(office.zipped(BOOK)) == [("content.opf", "A title"), ("one.xhtml", "first")]


def test_encrypted_books(problem: Any, texts: Any) -> None:
    name = "META-INF/encryption.xml"
    assert "encrypted" in problem(office.zipped({**BOOK, name: "<e Algorithm='aes256'/>"}))
    fonts = "<e Algorithm='http://www.idpf.org/2008/embedding'/>"
    assert texts(office.zipped({**BOOK, name: fonts}))
