"""Real workers, and files made to break them."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import pytest

from promptguard.errors import Unreadable
from promptguard.files.limits import FileLimits
from promptguard.files.reader import FileReader
from promptguard.model import FileText
from promptguard.reasons import Code
from samples import images, office, pdf


@pytest.fixture
async def reader() -> AsyncIterator[FileReader]:
    running = FileReader(FileLimits(deadline_seconds=30, memory_bytes=256 * 2**20), tesseract="no-such-program")
    yield running
    await running.stop()


async def test_all_text_of_a_file(reader: FileReader) -> None:
    data = office.zipped(
        {"minutes.docx": office.docx(office.paragraph("Grüße")), "list.pdf": pdf.document(pdf.text("x"))}
    )
    assert await reader.read_file(data, "files.zip") == [
        FileText("file names", "minutes.docx\nlist.pdf"),
        FileText("minutes.docx", "Grüße"),
        FileText("list.pdf / page 1", "x"),
    ]


async def test_the_same_file_is_read_once(reader: FileReader, monkeypatch: pytest.MonkeyPatch) -> None:
    data = office.docx(office.paragraph("read once"))
    broken = b"%PDF-1.7 read once"
    first = await reader.read_file(data, "x.docx")
    with pytest.raises(Unreadable):
        await reader.read_file(broken)
    monkeypatch.setattr(reader, "_pool", None)
    assert await reader.read_file(data, "x.docx") == first
    with pytest.raises(Unreadable, match="damaged"):
        await reader.read_file(broken)


def bomb_of_bombs() -> bytes:
    inner = office.zipped({f"{number}.txt": bytes(2_000_000) for number in range(10)})
    return office.zipped({f"{number}.zip": inner for number in range(50)})


def overlapping() -> bytes:
    """A zip file whose entries all stand for the same packed bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", bytes(1_000_000))
        info = archive.filelist[0]
        for number in range(1, 1_000):
            copy = zipfile.ZipInfo(str(number))
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(copy, name, getattr(info, name))
            archive.filelist.append(copy)
        archive._didModify = True
    return out.getvalue()


def many_objects() -> bytes:
    objects = b"".join(b"%d 0 obj\n<< /Length 0 >>\nendobj\n" % number for number in range(10, 200_000))
    return pdf.document(pdf.text("x")).replace(b"xref", objects + b"xref", 1)


def circular_pages() -> bytes:
    data = pdf.document(pdf.text("x"))
    return data.replace(b"/Kids [10 0 R]", b"/Kids [2 0 R ]")


HOSTILE: dict[str, Any] = {
    "zip bomb": lambda: office.zipped({"x": bytes(100_000_000)}),
    "zip bomb of bombs": bomb_of_bombs,
    "overlapping members": overlapping,
    "billion laughs": lambda: office.docx(
        "", {"word/comments.xml": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'}
    ),
    "deep XML": lambda: office.docx("<w:x>" * 1_000_000),
    "deep JSON": lambda: b'{"nbformat":' + b"[" * 1_000_000,
    "deep HTML": lambda: b"<html>" + b"<div>" * 300_000,
    "open tags": lambda: b"<html>" + b"<a " * 300_000,
    "open quotes": lambda: b"<html>" + b"<a b=\"<a b='" * 100_000,
    "open comments": lambda: b"<html>" + b"<!-" * 100_000 + b"<!--" * 100_000,
    "circular xref": lambda: pdf.document(pdf.text("x")).replace(b"trailer\n<<", b"trailer\n<< /Prev 9 ", 1),
    "circular pages": circular_pages,
    "many objects": many_objects,
    "truncated PDF": lambda: pdf.document(pdf.text("x"))[:-300],
    "huge PDF page": lambda: pdf.document(pdf.text("x")).replace(b"595 842", b"9e9 9e9"),
    "truncated image": lambda: images.encoded(images.written("x"))[:-100],
    "long line of text": lambda: b"x" * 9_000_000,
    "deep RTF": lambda: b"{\\rtf1" + b"{" * 1_000_000,
    "random bytes": lambda: bytes(range(256)) * 1_000,
    "many parts of a mail": lambda: (
        b"MIME-Version: 1.0\nDate: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000
    ),
    "mails within mails": lambda: b"MIME-Version: 1.0\nDate: x\nContent-Type: message/rfc822\n\n" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_files_do_no_harm(reader: FileReader, name: str) -> None:
    """Each is read or refused with a sentence; and the next file is read."""
    try:
        assert isinstance(await reader.read_file(HOSTILE[name](), "x"), list)
    except Unreadable as error:
        assert error.reason.code in Code
    assert await reader.read_file(b"and the next") == [FileText("", "and the next")]


@pytest.mark.parametrize("name", ["zip bomb", "zip bomb of bombs", "billion laughs", "deep XML", "deep RTF"])
async def test_bombs_are_refused(reader: FileReader, name: str) -> None:
    with pytest.raises(Unreadable):
        await reader.read_file(HOSTILE[name]())


async def test_a_file_that_takes_too_long() -> None:
    reader = FileReader(FileLimits(deadline_seconds=0.05), tesseract="no-such-program")
    with pytest.raises(Unreadable, match=r"file\.timeout seconds=0\.05"):
        await reader.read_file(office.xlsx({"S": "<row><c><v>1</v></c></row>" * 100_000}))
    await reader.stop()


async def test_a_file_that_takes_too_much_memory() -> None:
    reader = FileReader(FileLimits(memory_bytes=64 * 2**20), tesseract="no-such-program")
    rows = '<row><c t="inlineStr"><is><t>' + "x" * 50_000_000 + "</t></is></c></row>"
    with pytest.raises(Unreadable, match="memory"):
        await reader.read_file(office.zipped({"a": rows.encode()}, compression=zipfile.ZIP_STORED))
    assert await reader.read_file(b"next") == [FileText("", "next")]
    await reader.stop()


async def test_a_file_with_too_much_text() -> None:
    reader = FileReader(FileLimits(characters=1_000))
    with pytest.raises(Unreadable, match=r"file\.too_much_text"):
        await reader.read_file(b"x" * 1_001)
    await reader.stop()


async def test_images_may_pass_without_text_recognition(reader: FileReader) -> None:
    image = images.encoded(images.written("x"), comments={"Comment": "hello"})
    with pytest.raises(Unreadable, match=r"file\.no_text_recognition kind=image"):
        await reader.read_file(image)
    lenient = FileReader(tesseract="no-such-program", images_need_recognition=False)
    assert await lenient.read_file(image) == [FileText("metadata", "Comment: hello")]
    await lenient.stop()


async def test_text_in_images(tesseract: Any) -> None:
    reader = FileReader()
    (text,) = await reader.read_file(images.encoded(images.written("Card number 4111 1111 1111 1111")))
    assert "4111111111111111" in text.text.replace(" ", "")
    await reader.stop()


def test_libraries_are_loaded_in_workers_only() -> None:
    script = (
        "import sys, promptguard.files.reader\n"
        "names = ('PIL', 'pypdfium2', 'olefile', 'charset_normalizer')\n"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_worker_that_does_not_start() -> None:
    reader = FileReader(command=("/no/such/program",))
    with pytest.raises(Unreadable, match=r"file\.reader_not_started"):
        await reader.read_file(b"x")
    await reader.stop()
