import pytest

from promptguard.detectors.program_words import credible, injected_blocks
from promptguard.model import DataClass, Match, Role, Segment


def guess(text: str, value: str, entity_type: str = "PERSON", score: float = 0.8, detector: str = "names") -> Match:
    start = text.index(value)
    return Match(start, start + len(value), entity_type, score, detector, DataClass.PERSONAL_DATA)


def kept(text: str, *matches: Match, role: Role = Role.SYSTEM, label: str = "") -> list[str]:
    found = credible(Segment(("a",), text, role, label=label), matches)
    return [text[match.start : match.end] for match in found]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("You are the assistant of Dr. Anna Weber at Lakeview.", "Anna Weber"),
        ("Escalate to Frau Okonkwo.", "Okonkwo"),
        ("The customer is Jane Roe, born 1975-03-14.", "Jane Roe"),
        ("You draft letters. Jane Hofmann signs them.", "Jane Hofmann"),
        ("The user you are talking to is named Anna.", "Anna"),
        ("La cliente s'appelle Anna.", "Anna"),
        ("Klant: Seo-yeon Bae", "Seo-yeon Bae"),
        ('Record: {"patient_name": "Jane Hofmann"}', "Jane Hofmann"),
        ('Akte: {"vorname": "Zorblax", "grund": "x"}', "Zorblax"),
        ('Record: {"attending": "Dr. Hofmann"}', "Hofmann"),
        ("<first_name>Zorblax</first_name>", "Zorblax"),
    ],
)
def test_people_who_are_named_in_full_with_a_title_or_as_what_they_are(text: str, name: str) -> None:
    assert kept(text, guess(text, name)) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("You are a Claude agent.", "Claude"),
        ("The user's Claude settings win.", "Claude"),
        ("Fast mode uses Claude Opus.", "Claude Opus"),
        ("You are Gemini CLI, an agent.", "Gemini CLI"),
        ("Keep settings in .anna/settings.json.", "anna"),
        ("Run it as `Jane Hofmann`.", "Jane Hofmann"),
        ("Replace <Jane Hofmann> by the name.", "Jane Hofmann"),
        ('Search: {"q": "Jane Hofmann"}', "Jane Hofmann"),
        ('Call find(["Jane Hofmann"])', "Jane Hofmann"),
        ("A name, e.g. Jane Hofmann", "Jane Hofmann"),
        ("Ask Anna before you delete.", "Anna"),
        ("Shell: bash. OS: linux.", "bash"),
        ("Like Fetch JSON from a URL.", "Fetch JSON"),
    ],
)
@pytest.mark.parametrize("role", [Role.SYSTEM, Role.TOOL_DEFINITION])
def test_products_identifiers_and_examples(text: str, name: str, role: Role) -> None:
    assert kept(text, guess(text, name), role=role) == []


def test_people_use_such_names_too() -> None:
    assert kept("Ask Anna before you delete.", guess("Ask Anna before you delete.", "Anna"), role=Role.USER) == ["Anna"]


def test_tools_name_nobody_without_a_word_for_people() -> None:
    text = "Books flights for Jane Hofmann."
    assert kept(text, guess(text, "Jane Hofmann"), role=Role.TOOL_DEFINITION) == []
    assert kept("Jane Hofmann", guess("Jane Hofmann", "Jane Hofmann"), label="customer_name") == ["Jane Hofmann"]


def test_whoever_is_named_in_full_is_meant_by_one_name_too() -> None:
    text = "You help Jane Hofmann. If Hofmann is out, wait. Ask Anna."
    matches = [guess(text, "Jane Hofmann"), guess(text, "Hofmann is"), guess(text, "Anna")]
    again = text.index("Hofmann", 20)
    matches[1] = Match(again, again + 7, "PERSON", 0.6, "names", DataClass.PERSONAL_DATA)
    assert kept(text, *matches) == ["Jane Hofmann", "Hofmann"]


def test_people_are_listed_beside_each_other() -> None:
    text = "Jane Hofmann, Hye-jin Seo and Zorb Blaxen come"
    names = [guess(text, name, score=0.5) for name in ("Jane Hofmann", "Hye-jin Seo", "Zorb Blaxen")]
    assert kept(text, *names) == ["Jane Hofmann", "Hye-jin Seo", "Zorb Blaxen"]
    assert kept(text, *names[1:]) == []


@pytest.mark.parametrize(
    ("text", "value", "entity_type", "score", "detector", "expected"),
    [
        ("location: San Francisco", "San Francisco", "LOCATION", 0.6, "PlaceInEnglish", False),
        ("Opus 4.8/4.7 is fast", "Opus 4.8/4.7", "LOCATION", 0.9, "names", False),
        (
            "We are at 12 Long Street",
            "12 Long Street",
            "LOCATION",
            0.8,
            "AddressInEnglish",
            True,
        ),
        ("retry 4155550132 times", "4155550132", "PHONE_NUMBER", 0.45, "Phone", False),
        ("Hotline 030 1234567", "030 1234567", "PHONE_NUMBER", 0.7, "Phone", True),
        ("a host such as 10.0.0.12", "10.0.0.12", "IP_ADDRESS", 1.0, "IPv4", False),
        ("e.g. jane@contoso-gmbh.de", "jane@contoso-gmbh.de", "EMAIL_ADDRESS", 0.9, "Email", True),
    ],
)
def test_other_guesses(text: str, value: str, entity_type: str, score: float, detector: str, expected: bool) -> None:
    assert (kept(text, guess(text, value, entity_type, score, detector)) == [value]) is expected


def test_places_count_beside_a_person() -> None:
    text = "The customer is Jane Hofmann from Hamburg."
    person, place = guess(text, "Jane Hofmann"), guess(text, "Hamburg", "LOCATION")
    assert kept(text, person, place) == ["Jane Hofmann", "Hamburg"]
    assert kept(text, place) == []


def test_what_is_no_guess_is_left_alone() -> None:
    secret = Match(0, 7, "PASSWORD", 0.3, "NamedSecret", DataClass.CREDENTIALS)
    assert kept("hunter2", secret) == ["hunter2"]


def test_blocks_of_agents_in_peoples_words() -> None:
    text = "<system-reminder>\nAsk Anna.\n</system-reminder>\nAsk Berta.\n<env_context a='b'>\nCarla</env_context>"
    assert [text[start:end] for start, end in injected_blocks(text)] == ["\nAsk Anna.\n", "\nCarla"]
    matches = [guess(text, name) for name in ("Anna", "Berta", "Carla")]
    assert kept(text, *matches, role=Role.USER) == ["Berta"]


@pytest.mark.parametrize(
    "text",
    [
        "<p>Anna</p>",
        "<user_request>Anna</user_request>",
        "<userQuery>Anna</userQuery>",
        "<customer-record>Anna</customer-record>",
        "<first_name>Anna</first_name>",
        "<customer_name>\nAnna\n</customer_name>",
        "<system-reminder>Anna",
        "a < b and c > d",
    ],
)
def test_other_markup_is_no_block(text: str) -> None:
    assert list(injected_blocks(text)) == []


def test_many_unclosed_tags_take_no_time() -> None:
    assert list(injected_blocks("<a_b>" * 200_000 + "</x>")) == []
