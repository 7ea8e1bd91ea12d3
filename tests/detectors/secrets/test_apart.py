from __future__ import annotations

import pytest

from promptguard.detectors.secrets.apart import MAX_BETWEEN, secrets_apart
from promptguard.detectors.segment_labels import read_labels
from promptguard.model import Nature, Path, Role, Segment

CHOSEN = "Wint" + "er#92kx"


def found(*texts: str | Segment) -> list[str]:
    """The values found in texts that are messages, one after the other, of the service and of a person in turn."""
    segments = [
        text if isinstance(text, Segment) else message(index, text, (Role.ASSISTANT, Role.USER)[index % 2])
        for index, text in enumerate(texts)
    ]
    return [segments[index].text[match.start : match.end] for index, match in secrets_apart(segments)]


def message(index: int, text: str, role: Role = Role.USER, path: Path = (), label: str = "") -> Segment:
    return Segment(path or ("messages", index, "content"), text, role, label=label)


QUESTIONS = [
    "What is your password?",
    "Sure. Please tell me your password.",
    "What's the password for the admin account?",
    "I can do that. Which API key should I use?",
    "Enter the Wi-Fi password:",
    "What is your password? I need it to go on.",
    "Wie lautet dein Passwort?",
    "Bitte gib mir das Kennwort für den Server.",
    "Quel est votre mot de passe ?",
    "¿Cuál es tu contraseña?",
    "Qual è la password?",
    "Wat is je wachtwoord?",
    "Hvad er din adgangskode?",
    "你的密码是什么？",
    "パスワードを教えてください。",
    "Какой у вас пароль?",
]
INTRODUCTIONS = [
    "my password is",
    "password:",
    "The token for the build is:",
    "Passwort lautet",
    "api key ->",
    "密码是",
]


@pytest.mark.parametrize("before", QUESTIONS + INTRODUCTIONS)
@pytest.mark.parametrize("answer", ["{}", "it's {}", "Sure, {}", "{} thanks!", '"{}"', " {}\n"])
def test_a_bare_value_after_its_word(before: str, answer: str) -> None:
    assert found(before, answer.format(CHOSEN)) == [CHOSEN]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "answer",
    [
        "hello",
        "yes please",
        "no",
        "I don't know",
        "Why do you ask?",
        "continue",
        "gpt-4o",
        "README.md",
        "src/main.py:12",
        "I forgot it, can you reset it for me?",
        "fix test_login2",
        "v2",
        "",
        "the same as before",
        "24h",
        "SHA-256",
    ],
)
def test_a_sentence_is_no_answer(question: str, answer: str) -> None:
    assert found(question, answer) == []


@pytest.mark.parametrize(
    "before",
    [
        "Which password manager do you use?",
        "What is the password policy?",
        "Reset your passwords.",
        "Is it done?",
        "I changed the password, as you wanted.",
        "Which hash do you use for passwords?",
        "The tokenizer is:",
    ],
)
def test_what_asks_for_no_secret(before: str) -> None:
    assert found(before, CHOSEN) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (message(0, "password", path=("argv", 0)), message(1, CHOSEN, path=("argv", 1)), [CHOSEN]),
        (message(0, "--password", path=("argv", 3)), message(1, CHOSEN, path=("argv", 4)), [CHOSEN]),
        (message(0, "DB_PASSWORD", path=("x", 0, 0)), message(1, CHOSEN, path=("x", 0, 1)), [CHOSEN]),
        (message(0, "password", path=("a",)), message(1, CHOSEN, path=("b",)), []),
        (message(0, "my password is", path=("a",)), message(1, CHOSEN, path=("b",), label="b"), [CHOSEN]),
        (message(0, "my password is", path=("text",)), message(1, CHOSEN, path=("id",), label="id"), []),
        (message(0, "my password is", path=("a", "text")), message(1, CHOSEN, path=("c", "b"), label="b"), []),
        (message(0, "PIN:"), message(1, "8374"), ["8374"]),
    ],
)
def test_by_where_they_stand(first: Segment, second: Segment, expected: list[str]) -> None:
    assert found(first, second) == expected


def test_an_answer_of_the_service_may_stand_between() -> None:
    between = [message(n, "ok", Role.ASSISTANT) for n in range(1, MAX_BETWEEN)]
    assert found(message(0, "my password is"), *between, message(9, CHOSEN)) == [CHOSEN]
    assert found(message(0, "my password is"), *between, message(8, "hm", Role.ASSISTANT), message(9, CHOSEN)) == []
    assert found(message(0, "What is your password?", Role.ASSISTANT), *between, message(9, CHOSEN)) == []


def test_protocol_and_names_are_passed_over() -> None:
    role = Segment(("messages", 1, "role"), "user", nature=Nature.PROTOCOL)
    name = Segment(("messages", 1, -1, "x"), "x", Role.KEY)
    assert found(message(0, "my password is"), role, name, message(1, CHOSEN)) == [CHOSEN]
    assert found(message(0, "my password is"), Segment((), CHOSEN, nature=Nature.PROTOCOL)) == []


@pytest.mark.parametrize("separator", [":", " = ", "->", "=>", "**:**", "is", "–", "\n:\n"])
@pytest.mark.parametrize("before", ["password", "my password", "DB_PASSWORD", "The admin password"])
def test_label_separator_and_value_in_three_texts(before: str, separator: str) -> None:
    parts = [
        message(0, text, path=("messages", 0, "content", n, "text"))
        for n, text in enumerate((before, separator, CHOSEN))
    ]
    assert found(*parts) == [CHOSEN]
    assert found(*(message(n, text) for n, text in enumerate((before, separator, CHOSEN)))) == [CHOSEN]


@pytest.mark.parametrize(
    "texts", [("the weather", ":", CHOSEN), ("password", "is a word", CHOSEN), (":", CHOSEN), ("x", "=")]
)
def test_a_separator_alone_introduces_nothing(texts: tuple[str, ...]) -> None:
    parts = [message(0, text, path=("messages", 0, "content", n, "text")) for n, text in enumerate(texts)]
    assert found(*parts) == []


@pytest.mark.parametrize(
    "encoded", ["7Spdvrtzaz4xkSy/OXk/Pw==", "q83vEjRWeJq83vEjRWeJOv4Pw=", "AACAPwAAgD8AAIA/MDA9mmPw=="]
)
def test_what_ends_base64_introduces_nothing(encoded: str) -> None:
    for rest in (CHOSEN, "451146913"):
        assert found(message(0, encoded), message(1, rest)) == []
        assert read_labels([message(0, encoded), message(1, rest)])[1].label == ""


def test_a_name_before_an_equals_sign_introduces() -> None:
    assert found(message(0, "DATABASE_ROOT_PASSWORD="), message(1, CHOSEN)) == [CHOSEN]
