import pytest

from promptguard.detectors.names.not_persons import in_brand, is_no_person


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Explain Ohm's law to me", "Ohm"),
        ("pin the Jordan release", "Jordan"),
        ("a Caesar salad", "Caesar"),
        ("translate it to German", "German"),
        ("the Laplace transform", "Laplace"),
        ("Kruskal's minimum spanning tree algorithm", "Kruskal"),
        ("Crohn's disease", "Crohn"),
        ("fly into Charlotte Douglas airport", "Charlotte Douglas"),
        ("from John Wayne International Airport", "John Wayne"),
        ("le théorème de Thalès", "Thalès"),
        ("a can of Dr Pepper", "Pepper"),
        ("the Johnson & Johnson vaccine", "Johnson"),
        ("a Harley-Davidson", "Davidson"),
        ("Lorem ipsum dolor", "ipsum"),
        ("Write the loop in Julia, please; which compiler?", "Julia"),
        ("Compare Ada and Haskell", "Ada"),
        ("my Dell is slow", "Dell"),
        ("She drives a Mercedes.", "Mercedes"),
        ("a frank discussion", "frank"),
        ("Wendy's or Taco Bell", "Wendy"),
        ("port the Luigi pipeline to Airflow code", "Luigi"),
    ],
)
def test_no_persons(text: str, name: str) -> None:
    start = text.rindex(name)
    assert is_no_person(text, start, start + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Julia called about her invoice", "Julia"),
        ("Ask Jordan to release it", "Jordan"),
        ("Jordan Roe branch manager", "Jordan Roe"),
        ("write to German Alvarez", "German"),
        ("Murphy's email", "Murphy"),
        ("Meet Charlotte Douglas at the airport", "Charlotte Douglas"),
        ("Julia's disease is worse", "Julia"),
        ("Moore's number is in the file", "Moore"),
        ("John Roe bought a tractor", "John Roe"),
        ("Fix the code. Ada will test it tomorrow at noon.", "Ada"),
        ("Crohn wrote", "Crohn"),
        ("the Ford Madox account", "Ford"),
        ("Mercedes wrote to us", "Mercedes"),
        ("Frank discussed it", "Frank"),
    ],
)
def test_persons(text: str, name: str) -> None:
    start = text.index(name)
    assert not is_no_person(text, start, start + len(name))


def test_brands_end_where_they_end() -> None:
    assert in_brand("John Deere", 0, 4)
    assert not in_brand("John Deerer", 0, 4)
    assert in_brand("against Manchester United today", 8, 25)
    assert not in_brand("a united Manchester", 9, 19)
