from __future__ import annotations

import base64
import binascii
from email.message import EmailMessage
from typing import Any

import pytest

from samples import images, office


def mail(subject: str = "Grüße") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Jo Example <jo@example.org>"
    message["To"] = "bo@example.org"
    message["Subject"] = subject
    message["DKIM-Signature"] = "v=1; b=c2lnbmF0dXJl"
    message["MIME-Version"] = "1.0"
    return message


def test_headers_and_both_bodies(texts: Any) -> None:
    message = mail()
    message.set_content("Prüfen, bitte.", cte="base64")
    message.add_alternative("<p>As <b>HT</b>ML</p>", subtype="html")
    assert texts(message.as_bytes()) == [
        ("headers", "From: Jo Example <jo@example.org>\nTo: bo@example.org\nSubject: Grüße"),
        ("", "Prüfen, bitte.\n"),
        ("", "As HTML"),
    ]


def test_attachments_and_forwarded_mails(texts: Any, size_teller: Any) -> None:
    inner = mail("the inner one")
    inner.set_content("inner body")
    message = mail()
    message.set_content("outer body")
    message.add_attachment("a;b\n", subtype="csv", filename="liste für jo.csv")
    message.add_attachment(office.docx(office.paragraph("in Word")), "application", "octet-stream", filename="x.docx")
    message.add_attachment(inner)
    picture = images.encoded(images.written("x"))
    message.add_attachment(picture, "image", "png", filename="logo.png", cid="<a@b>", disposition="inline")
    found = texts(message.as_bytes(), recogniser=size_teller)
    assert ("liste für jo.csv", "a;b\n") in found
    assert ("x.docx", "in Word") in found
    assert ("", "inner body\n") in found
    assert any("Subject: the inner one" in text for _, text in found)
    assert ("logo.png", "an image of 900 by 96") in found


def test_an_image_that_is_attached_needs_text_recognition_and_one_that_is_shown_does_not(
    texts: Any, problem: Any
) -> None:
    picture = images.encoded(images.written("x"))
    shown, attached = mail(), mail()
    shown.set_content("words")
    shown.add_attachment(picture, "image", "png", cid="<a@b>", disposition="inline")
    assert ("", "words\n") in texts(shown.as_bytes())
    attached.set_content("words")
    attached.add_attachment(picture, "image", "png", filename="scan.png")
    assert problem(attached.as_bytes()) == "file.no_text_recognition kind=image within=email"


@pytest.mark.parametrize(
    "content_type", ['multipart/encrypted; boundary="x"', "application/pkcs7-mime; smime-type=enveloped-data"]
)
def test_encrypted_mails(problem: Any, content_type: str) -> None:
    data = f"From: a\r\nMIME-Version: 1.0\r\nContent-Type: {content_type}\r\n\r\nAAAA".encode()
    assert problem(data, "x.eml") == "file.encrypted kind=email"


def test_signatures_are_no_text(texts: Any) -> None:
    message = mail()
    message.set_content("words")
    message.add_attachment(bytes(range(256)), "application", "pkcs7-signature", filename="smime.p7s")
    assert ("", "words\n") in texts(message.as_bytes())


def test_mailboxes(texts: Any) -> None:
    one = b"From jo Mon Jan  5 10:00:00 2026\nDate: x\nMIME-Version: 1.0\nSubject: one\n\nfirst\n\n"
    two = one.replace(b"one", b"two").replace(b"first", b"second")
    found = texts(one + two)
    assert [(label, text.strip()) for label, text in found if "headers" not in label] == [
        ("mail 1", "first"),
        ("mail 2", "second"),
    ]


def test_broken_headers_and_charsets(texts: Any) -> None:
    data = (
        b"From: =?no-such-charset?B?/w==?=\r\nSubject: =?utf-8?B?!!!?=\r\nMIME-Version: 1.0\r\nDate: x\r\n"
        b"Content-Type: text/plain; charset=no-such\r\n\r\nGr\xfc\xdfe\r\n"
    )
    assert texts(data)[-1] == ("", "Grüße\r\n")


def test_saved_pages(texts: Any) -> None:
    data = (
        b"From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: https://x.example/"
        b"\r\n\r\n<p>a=3Db</p>\r\n--x--\r\n"
    )
    assert ("", "a=b") in texts(data, "page.mhtml")


HEAD = b"Date: now\r\nMIME-Version: 1.0\r\n"
VALUE = "jo.miller@" + "fabrikam-sample.com"


def encoded(name: str, charset: str) -> bytes:
    return f"Content-Type: text/plain; charset={name}\r\n\r\n".encode() + f"設計 {VALUE}".encode(charset)


def uuencoded(content: bytes) -> bytes:
    lines = b"".join(binascii.b2a_uu(content[start : start + 45]) for start in range(0, len(content), 45))
    return b"begin 644 notes.txt\n" + lines + b"`\nend\n"


def length(content: bytes) -> bytes:
    return bytes([len(content)]) if len(content) < 128 else b"\x82" + len(content).to_bytes(2, "big")


def element(tag: int, *content: bytes) -> bytes:
    inner = b"".join(content)
    return bytes([tag]) + length(inner) + inner


def signed(content: bytes) -> bytes:
    """A message that is signed and stands in its signature (CMS, RFC 5652)."""
    data, signed_data = bytes.fromhex("2a864886f70d010701"), bytes.fromhex("2a864886f70d010702")
    inner = element(
        0x30, element(6, data), element(0xA0, element(0x24, element(4, content[:20]), element(4, content[20:])))
    )
    body = element(0x30, element(2, b"\1"), element(0x31), inner, element(0x31))
    return element(0x30, element(6, signed_data), element(0xA0, body))


JAPANESE = f"設計 {VALUE}".encode("iso-2022-jp")
SIGNED = base64.encodebytes(signed(b"Content-Type: text/plain\r\n\r\n" + VALUE.encode()))


@pytest.mark.parametrize(
    "data",
    [
        HEAD + f"Subject: für {VALUE}\r\n\r\nx".encode(),
        HEAD + f"Subject: für {VALUE}\r\n\r\nx".encode("latin-1"),
        HEAD + b"Subject: =?iso-2022-jp?b?" + base64.b64encode(JAPANESE) + b"?=\r\n\r\nx",
        HEAD + f"Subject: a long one\r\n that is folded before\r\n\t{VALUE}\r\n\r\nx".encode(),
        HEAD + encoded("iso-2022-jp", "iso-2022-jp"),
        HEAD + encoded("shift_jis", "shift_jis"),
        HEAD + encoded("gb2312", "gb18030"),
        HEAD + encoded("utf-7", "utf-7"),
        HEAD + b"\r\nSee below.\r\n\r\n" + uuencoded(VALUE.encode()),
        HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\n" + uuencoded(VALUE.encode()),
        HEAD + b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + SIGNED,
        HEAD + f'Content-Type: text/plain; name="{VALUE}.txt"\r\n\r\nx'.encode(),
        HEAD + f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{VALUE}\r\n--b\r\n\r\nx\r\n--b--\r\n".encode(),
        HEAD + f"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n{VALUE}".encode(),
    ],
)
def test_every_place_and_encoding_is_read(texts: Any, data: bytes) -> None:
    assert VALUE in "\n".join(text for _, text in texts(data))


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
        ("=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),
        ("=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?iso-8859-1?q?Gr=FC=DFe_an_Jo?=", "Grüße an Jo"),
        ("=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?q?pel?=\r\n =?iso-8859-1?q?ican?=", "pelican"),
        ("=?utf-8?q?pel?==?utf-8?q?ican?=", "pelican"),
        ("Re: =?utf-8?q?a?= and =?utf-8?q?b?= c", "Re: a and b c"),
        ("=?utf-8?q?with a space?=", "with a space"),
        ("=?koi8-r?b?8NLJ18XU?=", "Привет"),
        ("a =? b ?= c", "a =? b ?= c"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("=?utf-8?b?A?=", "A"),
    ],
)
def test_encoded_words(texts: Any, subject: str, said: str) -> None:
    data = b"Subject: " + subject.encode() + b"\r\nMIME-Version: 1.0\r\nDate: x\r\n\r\nhi\r\n"
    assert texts(data)[0] == ("headers", f"Subject: {said}\nDate: x")


@pytest.mark.parametrize("header", ["Content-Type: text/plain", "Content-Disposition: attachment"])
def test_a_header_of_many_parameters_is_not_read(problem: Any, header: str) -> None:
    data = f"MIME-Version: 1.0\r\n{header}{'; a=b' * 20_000}\r\n\r\nhi\r\n".encode()
    assert problem(data) == "file.damaged kind=email"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["=?utf-8?q?a?= ", "=?utf-8?q?a?= b ", "=?utf-8?", "=?", " \r\n"])
def test_time_is_linear(texts: Any, unit: str) -> None:
    texts(b"MIME-Version: 1.0\r\nSubject: " + unit.encode() * (400_000 // len(unit)) + b"\r\n\r\nhi")
