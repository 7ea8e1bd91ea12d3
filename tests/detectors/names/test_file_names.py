from __future__ import annotations

import pytest

from promptguard.detectors.names.file_names import find_in_file_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("see CV_Jane_Roe.pdf and more", ["Jane_Roe"]),
        ("Vertrag Müller, Anna.docx", ["Müller, Anna"]),
        ("JaneSchneider_CV.pdf", ["JaneSchneider"]),
        ("Invoice-Max-Schneider-2024.xlsx", ["Max-Schneider"]),
        ("C:\\Reports\\lebenslauf katharina schneider.pdf", ["katharina schneider"]),
        ("Anna_van_der_Schneider.jpg", ["Anna_van_der_Schneider"]),
        ("Annual Report Anna Schmidt.pdf", ["Anna Schmidt"]),
        ("https://www.linkedin.com/in/anna-schmidt-1a2b3c", ["anna-schmidt"]),
        ("john_deere_manual.pdf", []),
        ("New_York_Map.pdf and San_Francisco.jpg", []),
        ("jenkins_pipeline.png, user_guide_adobe.pdf", []),
        ("report_final_v2.docx", []),
        ("Amsterdam_Trip_Report.pptx", []),
        ("Grace_Period_Notice.pdf, Mark_Sheet.xlsx, Rose_Garden.jpg", []),
        ("README_Guide.md, setup.py, package.json", []),
        ("github.com/anna/schmidt and linkedin.com/company/anna-schmidt", []),
        ("Ask Anna Schmidt. The file is lost", []),
        ("Siobhan_Murphy and Torben_Hansen quarrel", ["Siobhan_Murphy", "Torben_Hansen"]),
        ("Our customer Katarzyna_Wisniewska called", ["Katarzyna_Wisniewska"]),
        ("Max_Value, Grace_Period, Will_Power, Frank_Furt, Peter_Pan, Virginia_Beach", []),
        ("Anna_Schmidt = Anna_Schmidt(3); x.Anna_Schmidt; $Anna_Schmidt; wiki/Anna_Schmidt; __Anna_Schmidt__", []),
    ],
)
def test_find_in_file_names(text: str, names: list[str]) -> None:
    assert [text[span.start : span.end] for span in find_in_file_names(text)] == names
