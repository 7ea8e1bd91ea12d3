import pytest

from promptguard.detectors.names.scripts.chinese import find_chinese
from promptguard.detectors.names.spans import merge


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in merge(find_chinese(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我叫王小明，在北京工作。", ["王小明"]),
        ("页面 由 林小燕 创建, 最终由 陈建国 修改", ["林小燕", "陈建国"]),
        ("请把合同发给陈美玲，她在上海。", ["陈美玲"]),
        ("联系李娜女士，欧阳修文老师", ["李娜", "欧阳修文"]),
        ("王经理说项目延期", ["王"]),
        ("填写姓名：王芳，电话：123", ["王芳"]),
        ("謝謝您，聯絡人：黃志強先生", ["黃志強"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好，我们去公园吧。",
        "许多用户方便使用，时间安排在周末。",
        "帮我写一封感谢信，金额为五百元，谢谢，万分感谢",
        "如何安装和连接数据库？请解决文件权限问题。",
        "高兴地告诉大家",
    ],
)
def test_ordinary_words(text: str) -> None:
    assert found(text) == []
