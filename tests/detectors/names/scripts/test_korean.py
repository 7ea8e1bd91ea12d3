import pytest

from promptguard.detectors.names.scripts.korean import find_korean
from promptguard.detectors.names.spans import merge


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in merge(find_korean(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("제 이름은 박지영입니다.", ["박지영"]),
        ("이영희 고객님의 주소는 서울입니다.", ["이영희"]),
        ("박서준 대리에게 메일을 보내세요", ["박서준"]),
        ("담당자: 최영호, 전화", ["최영호"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "정보를 확인하고 이것은 김치가 아닙니다",
        "데이터베이스 서버 설정 방법을 알려주세요.",
        "사용자 이름을 입력하세요",
        "고객님 안녕하세요, 선생님",
    ],
)
def test_ordinary_words(text: str) -> None:
    assert found(text) == []
