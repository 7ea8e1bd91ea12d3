from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from promptguard.controls.assessing import assess
from promptguard.controls.pdf import as_pdf
from promptguard.controls.table import all_controls


def test_it_has_all_controls_and_what_it_is_about(install) -> None:
    pdf = as_pdf(assess(install()), [("policy_version", "7 <b>&")])
    pages = PdfReader(BytesIO(pdf)).pages
    text = "\n".join(page.extract_text() for page in pages)
    assert "policy_version: 7 <b>&" in text
    assert not [each.id for each in all_controls() if each.id not in text]
    assert "38 controls:" in text
