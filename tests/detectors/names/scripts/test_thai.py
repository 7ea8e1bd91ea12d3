import pytest

from promptguard.detectors.names.scripts.thai import find_thai
from promptguard.detectors.names.spans import merge


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in merge(find_thai(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("คุณสมชาย ใจดี โทรมา", ["สมชาย ใจดี"]),
        ("นางสาวพรทิพย์ ศรีสุข อายุ 30 ปี", ["พรทิพย์ ศรีสุข"]),
        ("ผมชื่อวิชัย แสงทอง", ["วิชัย แสงทอง"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize("text", ["คุณต้องการอะไร", "นายจ้างต้องจ่ายเงิน", "วิธีติดตั้งโปรแกรม"])
def test_ordinary_words(text: str) -> None:
    assert found(text) == []
