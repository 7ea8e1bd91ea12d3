import pytest

from promptguard.typed_yaml.mistakes import mistake, suggestion


@pytest.mark.parametrize(
    ("wrong", "known", "expected"),
    [
        ("blok", ["allow", "block"], "Did you mean ‘block’? The values are: allow, block."),
        ("BLOCK", ["allow", "block"], "Did you mean ‘block’? The values are: allow, block."),
        ("zzz", ["allow", "block"], "The values are: allow, block."),
        (
            "acme",
            [f"acme-{kind}" for kind in ("api", "chat")] + ["acne"],
            "Did you mean ‘acme-api’ or ‘acme-chat’? The values are: acme-api, acme-chat, acne.",
        ),
        ("IP_ADRESS", ["IP_ADDRESS"], "Did you mean ‘IP_ADDRESS’? The values are: IP_ADDRESS."),
        ("zzz", [], "There are no values to choose from."),
        ("name-7", [f"name-{number}" for number in range(40)], "Did you mean ‘name-7’?"),
        ("qqq", [f"name-{number}" for number in range(40)], "None of the 40 values is similar."),
    ],
)
def test_suggestion(wrong: str, known: list[str], expected: str) -> None:
    assert suggestion(wrong, known, noun="values") == expected


def test_braces_in_a_problem_are_text() -> None:
    assert mistake(("a",), "‘{x}’ is wrong", "Do {y}.").message() == "‘{x}’ is wrong"
