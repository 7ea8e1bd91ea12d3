"""PDF documents: text, annotations, form fields, links, bookmarks, properties, attachments; scans by text recognition.

PDFium is called through its public C functions (fpdfview.h, fpdf_annot.h, fpdf_doc.h, fpdf_javascript.h) where
pypdfium2 wraps none.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence, Set
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as c

from promptguard.files import glyphs, pdf_versions
from promptguard.files.doubled import undoubled
from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.limits import MAX_PAGES, MAX_PIXELS, MIN_PICTURE
from promptguard.files.readers import pdf_objects
from promptguard.files.trailing import read_rest
from promptguard.reasons import Code

PROPERTIES: Final = ("Title", "Subject", "Keywords")
"""Who wrote a document and with which program is left out: programs fill it in by themselves, in every document."""

_ANNOTATION_KEYS: Final = (b"Contents", b"V", b"DV", b"TU", b"RC", b"Subj")
"""Text of a comment, value and default of a form field, its tool tip, rich text, subject (ISO 32000-1, 12.5, 12.7)."""

_FEW: Final = 50
"""Characters of a page that is a scan with a line stamped on it, rather than a page with a picture."""

_MANY: Final = 6
"""Pictures of a page from which the page is recognised as a whole rather than each of them."""

_CURVES: Final = 60
"""Segments of curved paths: three letters or four."""
_LOOKED_AT: Final = 12
"""Segments of a path among which there is a curve, if it is the outline of a letter."""

_DOTS_PER_INCH: Final = 200
_POINTS_PER_INCH: Final = 72


def read(source: Source, out: Extraction) -> None:
    """Read a document, its earlier versions, and what stands around it."""
    start = len(out.texts)
    read_rest(pdf_versions.before(source.data), out, "before the document")
    _read_document(_opened(source.data), out, set())
    with out.missing():
        pdf_objects.read(source.data, out, _said(out, start))
    for data in pdf_versions.earlier(source.data):
        with out.labelled("another version"):
            _read_earlier(data, out, start)
    out.add(pdf_versions.comments(source.data), "comments")
    read_rest(pdf_versions.after(source.data), out)


def _opened(data: bytes) -> Any:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code in (c.FPDF_ERR_PASSWORD, c.FPDF_ERR_SECURITY):
            raise CannotRead(Code.FILE_ENCRYPTED) from None
        raise CannotRead(Code.FILE_DAMAGED) from None


def _said(out: Extraction, start: int) -> frozenset[str]:
    """The texts that were read of this document, and their lines."""
    return frozenset(piece for _, text in out.texts[start:] for piece in (text, *text.split("\n")))


def _read_earlier(data: bytes, out: Extraction, start: int) -> None:
    """Add what no later version says; nothing where it is no document by itself."""
    try:
        document = _opened(data)
    except CannotRead:
        return
    with out.missing():
        _read_document(document, out, _said(out, start))
    with out.missing():
        pdf_objects.read(data, out, _said(out, start))


def _read_document(document: Any, out: Extraction, known: Set[str]) -> None:
    """Read pages, properties and attachments, but for texts that are `known`."""
    with document:
        if len(document) > MAX_PAGES:
            raise CannotRead(Code.FILE_TOO_MANY_PAGES)
        unread = 0
        for number in range(len(document)):
            with out.labelled(f"page {number + 1}"):
                notes = _flatten(document, number)
                page = document[number]
                unread += not _read_page(page, notes, out, known)
                page.close()
        if unread:
            raise CannotRead(Code.FILE_NO_TEXT_RECOGNITION)
        _add(out, known, "\n".join(filter(None, map(document.get_metadata_value, PROPERTIES))), "properties")
        _add(out, known, "\n".join(bookmark.get_title() for bookmark in document.get_toc()), "bookmarks")
        _add(out, known, "\n".join(_scripts(document)), "scripts")
        for packet in _form_packets(document):
            if out.first_time(packet):
                out.within(Source(packet, "form.xml", "text/xml"), "form")
        for index in range(document.count_attachments()):
            _read_attachment(document.get_attachment(index), out, known)


def _read_attachment(attachment: Any, out: Extraction, known: Set[str]) -> None:
    content = bytes(attachment.get_data())
    is_new = out.first_time(content)
    _add(out, known, attachment.get_name(), "attachments")
    if is_new or not known:
        out.within(Source(content, attachment.get_name()), attachment.get_name())


def _add(out: Extraction, known: Set[str], text: str, label: str = "") -> None:
    if text not in known:
        out.add(text, label)


def _flatten(document: Any, number: int) -> list[str]:
    """Make what annotations and fields of a page look like its own content; their texts and addresses."""
    page = document[number]
    notes: list[str] = []
    if c.FPDFPage_GetAnnotCount(page.raw):
        notes += _annotations(page)
        c.FPDFPage_Flatten(page.raw, c.FLAT_NORMALDISPLAY)
    page.close()
    return notes


def _read_page(page: Any, notes: Sequence[str], out: Extraction, known: Set[str]) -> bool:
    """Add the text of a page; False if there is some that takes a text recognition, and there is none."""
    text = _text(page)
    _add(out, known, text)
    _add(out, known, undoubled(text), "without doubled letters")
    _add(out, known, "\n".join(notes), "comments, fields and links")
    _add(out, known, glyphs.rejoined(text), "letters on lines of their own")
    content = "".join(filter(glyphs.is_mapped, "".join(text.split())))
    if glyphs.is_illegible(text) or _is_drawn(page, len(content)):
        return _recognise(page, out)  # only the picture of what is drawn says what it is
    if glyphs.broken(text) and out.recogniser:
        return _recognise(page, out)
    pictures = [each for each in page.get_objects(filter=[c.FPDF_PAGEOBJ_IMAGE]) if _is_legible(each)]
    if not pictures:
        return True
    is_scan = not content or (len(content) < _FEW and _share(page, pictures) >= 0.5)
    if is_scan or (len(pictures) > _MANY and out.recogniser):
        return _recognise(page, out)
    if out.recogniser is None:
        return True
    for picture in pictures:
        width, height = picture.get_px_size()
        if width * height > MAX_PIXELS:
            raise CannotRead(Code.FILE_TOO_MANY_PIXELS)
        bitmap = picture.get_bitmap(render=True)
        if out.first_time(bytes(bitmap.buffer)):  # a logo stands on each page
            out.add(out.recogniser.read(bitmap.to_pil()), "picture")
    return True


def _text(page: Any) -> str:
    return str(page.get_textpage().get_text_range(errors="replace").replace("\r\n", "\n"))


def _is_drawn(page: Any, letters: int) -> bool:
    """Whether a page is likely to show letters that are drawn as outlines: many curves, and next to no text."""
    if letters >= _FEW:
        return False
    segments = 0
    for path in page.get_objects(filter=[c.FPDF_PAGEOBJ_PATH]):
        count = c.FPDFPath_CountSegments(path.raw)
        if any(_is_curve(path, number) for number in range(min(count, _LOOKED_AT))):
            segments += count
        if segments >= _CURVES:
            return True
    return False


def _is_curve(path: Any, number: int) -> bool:
    return bool(c.FPDFPathSegment_GetType(c.FPDFPath_GetPathSegment(path.raw, number)) == c.FPDF_SEGMENT_BEZIERTO)


def _recognise(page: Any, out: Extraction) -> bool:
    """Read a page as a picture; False if that takes a text recognition that is not there."""
    if out.recogniser is None:
        return not out.images_need_recognition
    bitmap = _rendered(page)
    if out.first_time(bytes(bitmap.buffer)):  # an earlier version has mostly the same pages
        out.add(out.recogniser.read(bitmap.to_pil()))
    return True


def _is_legible(picture: Any) -> bool:
    return bool(min(picture.get_px_size()) >= MIN_PICTURE)


def _share(page: Any, pictures: list[Any]) -> float:
    """How much of a page its pictures cover; more than 1 where they overlap."""
    width, height = page.get_size()
    covered = 0.0
    for picture in pictures:
        left, bottom, right, top = picture.get_bounds()
        covered += max(0.0, min(right, width) - max(left, 0)) * max(0.0, min(top, height) - max(bottom, 0))
    return float(covered / max(width * height, 1.0))


def _rendered(page: Any) -> Any:
    width, height = page.get_size()
    scale = _DOTS_PER_INCH / _POINTS_PER_INCH
    if width * height * scale * scale > MAX_PIXELS:
        scale = (MAX_PIXELS / (width * height)) ** 0.5
    return page.render(scale=scale, grayscale=True)


def _annotations(page: Any) -> Iterator[str]:
    """Texts of comments and form fields, and addresses of links."""
    for index in range(c.FPDFPage_GetAnnotCount(page.raw)):
        annotation = c.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        yield from filter(None, (_utf_16(c.FPDFAnnot_GetStringValue, annotation, key) for key in _ANNOTATION_KEYS))
        link = c.FPDFAnnot_GetLink(annotation)
        action = c.FPDFLink_GetAction(link) if link else None
        if action:
            size = c.FPDFAction_GetURIPath(page.pdf.raw, action, None, 0)
            buffer = ctypes.create_string_buffer(size)
            c.FPDFAction_GetURIPath(page.pdf.raw, action, buffer, size)
            yield buffer.value.decode("utf-8", "replace")
        c.FPDFPage_CloseAnnot(annotation)


def _scripts(document: Any) -> Iterator[str]:
    """JavaScript of the document as a whole."""
    for index in range(c.FPDFDoc_GetJavaScriptActionCount(document.raw)):
        action = c.FPDFDoc_GetJavaScriptAction(document.raw, index)
        if action:
            yield _utf_16(c.FPDFJavaScriptAction_GetScript, action)
            c.FPDFDoc_CloseJavaScriptAction(action)


def _form_packets(document: Any) -> Iterator[bytes]:
    """The XML of an XFA form, whose pages say no more than that another reader is needed."""
    for index in range(c.FPDF_GetXFAPacketCount(document.raw)):
        size = ctypes.c_ulong()
        c.FPDF_GetXFAPacketContent(document.raw, index, None, 0, size)
        buffer = ctypes.create_string_buffer(size.value)
        if c.FPDF_GetXFAPacketContent(document.raw, index, buffer, size.value, size):
            yield buffer.raw


def _utf_16(get: Callable[..., int], *arguments: Any) -> str:
    """The string that a function of PDFium fills a buffer with, given its length in bytes."""
    size = get(*arguments, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    get(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
