import pytest
from presidio_analyzer import Pattern, PatternRecognizer, RecognizerResult

from promptguard.detectors.patterns.context import ContextWords, LightArtifacts, LightNlpEngine

ENGINE = LightNlpEngine()


def artifacts(text: str) -> LightArtifacts:
    return ENGINE.process_text(text, "en")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("the wifi key: x1", ["the", "wifi", "key", ":", "x1"]),
        ("phoneNumber=card_no", ["phone", "Number", "=", "card", "_", "no"]),
        ("SSNs FÜHRERSCHEIN IPv4", ["SSNs", "FÜHRERSCHEIN", "IPv4"]),
        ("driver's", ["driver", "'", "s"]),
        ("DE89 naïve 東京", ["DE89", "naïve", "東京"]),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    found = artifacts(text)
    assert found.tokens == tokens
    assert found.lemmas == [token.lower() for token in tokens]
    assert [text[start:][: len(token)] for token, start in zip(tokens, found.tokens_indices, strict=True)] == tokens


def test_keywords_are_neither_stop_words_nor_punctuation() -> None:
    assert artifacts("My SSN is: 12, die Karte - ok").keywords == ["ssn", "12", "karte", "ok"]


def test_engine_as_presidio_wants_it() -> None:
    ENGINE.load()
    assert ENGINE.is_loaded()
    assert [text for text, _ in ENGINE.process_batch(["a", "b"], "en")] == ["a", "b"]
    assert ENGINE.get_supported_languages() == ["en"]
    assert ENGINE.get_supported_entities() == []


def raised(text: str, word: str = "42424242", context: tuple[str, ...] = ("card", "licence")) -> float:
    recognizer = PatternRecognizer("THING", patterns=[Pattern("p", word, 0.1)], context=list(context))
    results = recognizer.analyze(text, ["THING"])
    (result,) = ContextWords(recognizer, ENGINE).raise_scores(text, results)
    assert text[result.start : result.end] == word
    return round(result.score, 2)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("card 42424242", 0.45),
        ("my CARD, it is: 42424242", 0.45),
        ("cardNumber: 42424242", 0.45),
        ("card one two three four 42424242", 0.45),
        ("card one two three four five 42424242", 0.1),
        ("42424242 card", 0.1),
        ("discarded 42424242", 0.1),
        ("42424242", 0.1),
        ("card " + "- the : of " * 100 + "42424242", 0.45),
        ("card " + "word " * 1000 + "42424242", 0.1),
        ("word " * 1000 + "card 42424242", 0.45),
        ("x" * 5000 + " card 42424242", 0.45),
        ("x" * 5000 + "42424242", 0.1),
    ],
)
def test_scores(text: str, score: float) -> None:
    assert raised(text) == score


def test_a_recognizer_without_words_changes_nothing() -> None:
    assert raised("card 42424242", context=()) == 0.1


def test_scores_stop_at_one() -> None:
    recognizer = PatternRecognizer("THING", patterns=[Pattern("p", "42", 0.9)], context=["card"])
    (result,) = ContextWords(recognizer, ENGINE).raise_scores("card 42", recognizer.analyze("card 42", ["THING"]))
    assert isinstance(result, RecognizerResult)
    assert result.score == 1.0
