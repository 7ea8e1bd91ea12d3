import pytest

from promptguard.detectors.names.scripts.japanese import find_japanese
from promptguard.detectors.names.spans import merge


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in merge(find_japanese(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("田中さんに電話してください", ["田中"]),
        ("山田太郎様、お世話になっております。", ["山田太郎"]),
        ("私は中村と申します。顧客名：渡辺 真由美、電話", ["中村", "渡辺 真由美"]),
        ("スミスさんとジョン・ブラウン様が来ます", ["スミス", "ジョン・ブラウン"]),
        ("鈴木部長に確認しました", ["鈴木"]),
        ("お名前：山本 さくら様", ["山本 さくら"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "東京駅から山手線で渋谷まで。",
        "お客様各位、皆さんこんにちは。仕様書を確認",
        "石川県と福島市の山田町です",
        "データベースの設定方法を教えてください。",
        "氏名：記入してください",
    ],
)
def test_ordinary_words(text: str) -> None:
    assert found(text) == []
