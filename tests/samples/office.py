"""Office documents and other files in zip archives, with no more in them than a test needs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"

type Members = Mapping[str, bytes | str]


def zipped(members: Members, *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def package(main: str, content_type: str, members: Members) -> bytes:
    """An Office Open XML package with a main part."""
    return zipped(
        {
            "[Content_Types].xml": (
                '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                f'<Default Extension="xml" ContentType="application/xml"/>'
                f'<Override PartName="/{main}" ContentType="{_MAIN.format(content_type)}"/></Types>'
            ),
            "_rels/.rels": relationships([("rId1", "officeDocument", main)]),
            **members,
        }
    )


def relationships(targets: Sequence[tuple[str, str, str]], external: Sequence[str] = ()) -> str:
    """A `.rels` part: ids, kinds and targets, and addresses outside."""
    inner = "".join(f'<Relationship Id="{id}" Type="{_R}/{kind}" Target="{to}"/>' for id, kind, to in targets)
    inner += "".join(
        f'<Relationship Id="x{number}" Type="{_R}/hyperlink" Target={quoteattr(to)} TargetMode="External"/>'
        for number, to in enumerate(external)
    )
    return f'<Relationships xmlns="{_RELATIONSHIPS}">{inner}</Relationships>'


def paragraph(text: str) -> str:
    """A paragraph of WordprocessingML in one run."""
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def word_part(body: str, root: str = "document") -> str:
    """A part of WordprocessingML."""
    return f'<w:{root} xmlns:w="{_W}" xmlns:a="{_A}"><w:body>{body}</w:body></w:{root}>'


def docx(body: str, parts: Members | None = None) -> bytes:
    """A Word document."""
    return package(
        "word/document.xml", "wordprocessingml.document", {"word/document.xml": word_part(body), **(parts or {})}
    )


def xlsx(
    sheets: Mapping[str, str],
    *,
    strings: Sequence[str] = (),
    formats: Mapping[int, str] | None = None,
    hidden: Sequence[str] = (),
    names: str = "",
    parts: Members | None = None,
) -> bytes:
    """An Excel workbook: the rows of each sheet as XML; `formats` are cell styles 1, 2, … by number format."""
    members: dict[str, bytes | str] = {}
    entries = targets = ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        entries += f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>'
        targets += f'<Relationship Id="rId{number}" Type="{_R}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        members[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_S}"><sheetData>{rows}</sheetData></worksheet>'
        )
    members["xl/workbook.xml"] = (
        f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets>{entries}</sheets>'
        f"<definedNames>{names}</definedNames></workbook>"
    )
    members["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{_RELATIONSHIPS}">{targets}</Relationships>'
    if strings:
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        members["xl/sharedStrings.xml"] = f'<sst xmlns="{_S}">{items}</sst>'
    if formats:
        codes = "".join(f'<numFmt numFmtId="{id}" formatCode={quoteattr(c)}/>' for id, c in formats.items() if c)
        styles = "".join(f'<xf numFmtId="{id}"/>' for id in formats)
        members["xl/styles.xml"] = (
            f'<styleSheet xmlns="{_S}"><numFmts>{codes}</numFmts><cellXfs><xf numFmtId="0"/>{styles}</cellXfs>'
            "</styleSheet>"
        )
    return package("xl/workbook.xml", "spreadsheetml.sheet", {**members, **(parts or {})})


def drawing(*paragraphs: str, root: str = "sld") -> str:
    """A slide, or another part of a presentation, with paragraphs of text."""
    inner = "".join(f"<a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p>" for text in paragraphs)
    return f'<p:{root} xmlns:p="{_P}" xmlns:a="{_A}"><p:txBody>{inner}</p:txBody></p:{root}>'


def pptx(*slides: str, parts: Members | None = None) -> bytes:
    """A PowerPoint presentation of slides."""
    members: dict[str, bytes | str] = {"ppt/presentation.xml": f'<p:presentation xmlns:p="{_P}"/>'}
    members |= {f"ppt/slides/slide{number}.xml": slide for number, slide in enumerate(slides, 1)}
    return package("ppt/presentation.xml", "presentationml.presentation", {**members, **(parts or {})})


def open_document(kind: str, body: str, parts: Members | None = None) -> bytes:
    """An OpenDocument file; `kind` is text, spreadsheet or presentation."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:body>{body}</office:body></office:document-content>"
    )
    mime_type = f"application/vnd.oasis.opendocument.{kind}"
    return zipped({"mimetype": mime_type, "content.xml": content, **(parts or {})})
