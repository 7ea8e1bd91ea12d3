"""Values that touch what is no part of them."""

import pytest

from promptguard.detectors.deobfuscation.borders import KIND
from promptguard.detectors.deobfuscation.views import views
from promptguard.detectors.patterns.detector import PatternDetector
from promptguard.detectors.scanner import Scanner
from promptguard.model import Segment

CARD = "4556" + "737515442058"
IBAN = "DE32" + "370400440532871506"
KEY = "AKIA" + "Y45GZLCPLNVUWW3B"
MAIL = "anna.berg@" + "posteo.de"
PHONE = "+49 171 " + "4738852"
VALUES = [CARD, IBAN, KEY, MAIL, PHONE, "84.112.9.201", "541-02-8837", "3c:52:82:1f:aa:07"]


def read(text: str) -> list[str]:
    return [view.text for view in views(text) if KIND in view.kinds]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("密钥AKIA1234是否", ["密钥 AKIA1234 是否"]),
        ("номер4556abc", ["номер 4556abc"]),
        ("❤️4556", ["❤️ 4556"]),
        ("Füße5678 naïve été", []),
        ("日本語だけ", []),
        ("٣DE8937³, 3½ m²", ["٣ DE8937 ³, 3 ½ m²"]),
        ("CO² 5 m² ½ ① Ⅻ", []),
        ("_a1b2@c_", [" a1b2@c "]),
        ("**4556 1** and *plain words*", [" 4556 1  and *plain words*"]),
        ("snake_case_1 and __init__ and 2 * 3 * 4", []),
        ("x,4556737515442058,5", ["x , 4556737515442058 , 5"]),
        ("0,4556737515442058", []),
        ("1,234,567 and 1, 2, 3", []),
        ("7,4556737515442058.0", ["7 , 4556737515442058.0"]),
        ("7,4556737515442058.05", []),
        ("-541-02-8837\n > +84.112.9.201", ["- 541-02-8837\n > + 84.112.9.201"]),
        ("-0.123\n-12.5\n+7-8", []),
        ("7,541-02-8837,12", ["7 , 541-02-8837 , 12"]),
    ],
)
def test_a_space_where_the_border_runs(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "template",
    ["这个{}是否", "番号は{}です", "번호는{}입니다", "หมายเลข{}ครับ", "номер{}и", "αριθμός{}και", "מספר{}של", "رقم{}في",
     "नंबर{}है", "٣{}٤", "३{}", "{}３", "３{}², ", "①{}½", "{}Ⅻ",
     "_{}_", "*{}*", "**{}**", "`{}`", "「{}」", "（{}）", "{}。", "{}，谢谢", "'{}'", "„{}“", "🙂{}🙂",
     "❤️{}❤️", "x,{},5", "\n-{}", "- a\n+{}\n", "(7,'x',{},5)", '\\"{}\\"'],
)  # fmt: skip
async def test_values_are_found_whatever_touches_them(
    shipped_detector: PatternDetector, value: str, template: str
) -> None:
    text = "SSN 1 " + template.format(value)
    findings = (await Scanner([shipped_detector], b"key").scan([Segment((), text)])).findings
    start = text.index(value)
    assert any(each.start <= start and start + len(value) <= each.end for each in findings)
