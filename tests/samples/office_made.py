"""Office documents as the libraries that people use make them, with the values in all the places that these have."""

from __future__ import annotations

import io

import docx
import openpyxl
import pptx
from openpyxl.comments import Comment
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE

_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def word(name: str, mail: str, number: str) -> bytes:
    """A document; the address in its first paragraph is spread over three runs."""
    document = docx.Document()
    paragraph = document.add_paragraph("Write to ")
    for piece in (mail[:4], mail[4:9], f"{mail[9:]} and R&D "):
        paragraph.add_run(piece).bold = len(piece) == 4
    document.add_paragraph(f"Card {number} & <co>")
    table = document.add_table(2, 2)
    table.cell(0, 1).text = mail
    table.cell(1, 1).text = f"{name}\nsecond line"
    document.sections[0].header.paragraphs[0].text = f"Header {name}"
    document.sections[0].footer.paragraphs[0].text = f"Footer {mail}"
    document.core_properties.author = name
    document.core_properties.title = f"On {name}"
    document.add_comment(paragraph.runs[0], text=f"comment {mail}", author=name, initials="AS")
    document.part.relate_to(f"mailto:{mail}", _HYPERLINK, is_external=True)
    return _saved(document)


def workbook(name: str, mail: str, number: str) -> bytes:
    """A workbook; the number is one, and not a text."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Mail", "Card", "Sum"])
    sheet.append([name, mail, int(number), "=C2+1"])
    sheet.append([name, "other", 5, f'=CONCAT("{mail}",A2)'])
    sheet.oddHeader.center.text = name
    sheet["A2"].comment = Comment(f"see {mail}", name)
    sheet["B3"].hyperlink = f"mailto:{mail}"
    return _saved(book)


def presentation(name: str, mail: str, number: str) -> bytes:
    """A presentation with notes, and a chart with its own workbook."""
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = f"On {name}"
    frame = slide.placeholders[1].text_frame
    frame.text = f"Card {number}, mail "
    frame.paragraphs[0].add_run().text = mail[:6]
    frame.paragraphs[0].add_run().text = f"{mail[6:]} at the end"
    slide.notes_slide.notes_text_frame.text = f"notes {name}"
    data = CategoryChartData()
    data.categories = [name, "others"]
    data.add_series(mail, (1, 2))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, 1_000_000, 1_000_000, data)
    return _saved(deck)


def _saved(document: docx.document.Document | openpyxl.Workbook | pptx.presentation.Presentation) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
