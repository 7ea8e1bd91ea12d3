import pytest

from promptguard.detectors.deobfuscation.views import views

SETS = [
    "〇一二三四五六七八九",
    "零壹贰叁肆伍陆柒捌玖",
    "零壹貳參肆伍陸柒捌玖",
    "영일이삼사오육칠팔구",
    "공일이삼사오육칠팔구",
]
NUMBER = "4539148803436467"


@pytest.mark.parametrize("signs", SETS)
@pytest.mark.parametrize("between", ["", "、", " ", "-"])
def test_a_number_in_numerals(signs: str, between: str) -> None:
    text = f"我的卡号是{between.join(signs[int(digit)] for digit in NUMBER)}。"
    assert f"我的卡号是 {NUMBER} 。" in [view.text for view in views(text)]


@pytest.mark.parametrize(
    "text", ["一二三四五六七八九十", "二〇二六年十一月二十九日", "오늘 이 일은 사이 구 이", "三三两两，一五一十"]
)
def test_what_is_no_number(text: str) -> None:
    assert all("spelled digits" not in view.kinds for view in views(text))
