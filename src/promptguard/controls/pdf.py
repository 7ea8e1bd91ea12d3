"""The controls of an installation as a PDF file, for auditors."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from io import BytesIO

from promptguard.controls.assessing import Assessed
from promptguard.controls.forms import NAMES, summary


def as_pdf(assessed: Sequence[Assessed], facts: Sequence[tuple[str, str]]) -> bytes:
    """A document of A4 pages in landscape, with numbered pages.

    Args:
        facts: what it is about, as names and values: the first lines.
    """
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    styles = getSampleStyleSheet()
    small = ParagraphStyle("small", parent=styles["BodyText"], fontSize=8, leading=10)
    head = ParagraphStyle("head", parent=small, fontName="Helvetica-Bold")

    def cells(texts: Sequence[str], style: ParagraphStyle) -> list[Paragraph]:
        return [Paragraph(escape(text.replace("`", "")), style) for text in texts]

    def numbered(canvas: Canvas, _: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawRightString(landscape(A4)[0] - 15 * mm, 10 * mm, str(canvas.getPageNumber()))

    rows = [cells(("Control", "What is asked for", "Here", "Because", "What does it", "Evidence"), head)]
    rows += [
        cells(
            (
                each.control.id,
                each.control.asks,
                NAMES[each.outcome.standing],
                each.outcome.because,
                each.control.by,
                each.control.evidence,
            ),
            small,
        )
        for each in assessed
    ]
    widths = [width * mm for width in (14, 58, 20, 65, 65, 45)]
    grid = [("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    story = [
        Paragraph("Controls", styles["Title"]),
        *(Paragraph(f"{escape(name)}: {escape(value)}", styles["BodyText"]) for name, value in facts),
        Paragraph(escape(summary(assessed)), styles["BodyText"]),
        Spacer(1, 5 * mm),
        Table(rows, colWidths=widths, repeatRows=1, style=grid),
    ]
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        title="PromptGuard: controls",
        author="PromptGuard",
        leftMargin=15 * mm,
        rightMargin=15 * mm,
        topMargin=15 * mm,
        bottomMargin=18 * mm,
    )
    document.build(story, onFirstPage=numbered, onLaterPages=numbered)
    return out.getvalue()
