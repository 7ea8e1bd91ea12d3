from promptguard.detectors.names.by_rules import find_by_rules


def test_all_rules() -> None:
    text = "first_name=Tamsin; клиент Анна Кузнецова"
    assert [text[span.start : span.end] for span in find_by_rules(text)] == ["Tamsin", "Анна Кузнецова"]
