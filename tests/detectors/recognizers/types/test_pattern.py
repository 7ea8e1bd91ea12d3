import pytest
import regex
from presidio_analyzer import Pattern

from promptguard.detectors.recognizers.types import pattern
from promptguard.detectors.recognizers.types.pattern import ValidatedPatternRecognizer
from promptguard.detectors.validators.registry import Validator
from promptguard.errors import ScanFailed

FLAGS = int(regex.MULTILINE)


def recognizer(
    *patterns: str, validator: Validator | None = None, keywords: tuple[str, ...] = (), deny_list: tuple[str, ...] = ()
) -> ValidatedPatternRecognizer:
    return ValidatedPatternRecognizer(
        supported_entity="THING",
        name="things",
        patterns=[Pattern(f"number {index}", text, 0.5) for index, text in enumerate(patterns)],
        deny_list=deny_list,
        validator=validator,
        keywords=keywords,
        global_regex_flags=FLAGS,
    )


def found(one: ValidatedPatternRecognizer, text: str) -> list[tuple[str, float]]:
    return [(text[result.start : result.end], result.score) for result in one.analyze(text, ["THING"])]


@pytest.mark.parametrize(
    ("verdict", "results"),
    [
        (None, [("1234", 0.5)]),
        (True, [("1234", 1.0)]),
        (False, []),
        (0.7, [("1234", 0.7)]),
        (0.0, []),
        (7.0, [("1234", 1.0)]),
        (-1.0, []),
    ],
)
def test_the_validator_decides(verdict: float | bool | None, results: list[tuple[str, float]]) -> None:
    assert found(recognizer(r"\d{4}", validator=lambda _: verdict), "no 1234") == results


def test_a_group_named_value_is_what_is_reported_and_validated() -> None:
    seen: list[str] = []
    one = recognizer(r"code=(?P<value>\w+)", validator=lambda text: seen.append(text))
    assert found(one, "my code=abc; code=") == [("abc", 0.5)]
    assert seen == ["abc"]


def test_a_group_that_did_not_take_part_is_no_result() -> None:
    assert found(recognizer(r"x(?:=(?P<value>\w+))?"), "x x=1") == [("1", 0.5)]


def test_nested_results_of_several_patterns_are_one() -> None:
    assert found(recognizer(r"\d{4}", r"\d{4}-\d{4}"), "1234-5678") == [("1234-5678", 0.5)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("token: 1234", 1),
        ("TOKEN 1234", 1),
        ("1234 is the token", 1),
        ("1234", 0),
        ("token " + "x" * 200 + " 1234", 0),
        ("token 1234" + " " * 400 + "5678", 1),
        ("1234 " + "x" * 60 + " token", 0),
    ],
)
def test_keywords_stand_near(text: str, count: int) -> None:
    assert len(found(recognizer(r"\d{4}", keywords=("Token", "secret")), text)) == count


def test_deny_list() -> None:
    assert found(recognizer(deny_list=("blue bird",)), "the blue bird flies, the bluebird not") == [("blue bird", 1.0)]


def test_results_name_their_recognizer_and_pattern() -> None:
    (result,) = recognizer(r"\d{4}").analyze("1234", ["THING"])
    assert result.recognition_metadata["recognizer_name"] == "things"
    assert result.analysis_explanation.pattern_name == "number 0"


def test_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "MATCH_SECONDS", 0.05)
    with pytest.raises(ScanFailed, match=r'scan.regex_timeout recognizer="things \(number 0\)"'):
        recognizer("(?:a|aa)+!").analyze("a" * 500, ["THING"])
